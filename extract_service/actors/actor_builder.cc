#include "extract_service/actors/actor_builder.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace lagebild::extract {

ActorBuilder::ActorBuilder(AnnotatedDocument& document, const Lexicon& lexicon,
                           const KnownActors& known, const NounPhrases& phrases)
    : doc_(document), lexicon_(lexicon), known_(known), phrases_(phrases) {}

void ActorBuilder::Build() {
  name_of_phrase_.assign(phrases_.all().size(), -1);
  cluster_of_phrase_.assign(phrases_.all().size(), -1);
  name_at_token_.assign(doc_.tokens.size(), -1);
  quoted_.assign(doc_.tokens.size(), false);
  for (const Quotation& quotation : doc_.quotations) {
    // A name in quotation marks is short.
    if (quotation.tokens.size() < kMinQuoteTokens) continue;
    for (int32_t t = quotation.tokens.begin; t < quotation.tokens.end; ++t) {
      quoted_[static_cast<size_t>(t)] = true;
    }
  }
  headline_.assign(doc_.tokens.size(), false);
  size_t region = 0;
  for (size_t t = 0; t < doc_.tokens.size(); ++t) {
    const Span& span = doc_.tokens[t].span;
    while (region < doc_.regions.size() && doc_.regions[region].span.end <= span.begin) ++region;
    if (region == doc_.regions.size()) break;
    headline_[t] = doc_.regions[region].span.begin <= span.begin &&
                   (doc_.regions[region].kind == RegionKind::kTitle ||
                    doc_.regions[region].kind == RegionKind::kHeading);
  }
  CollectNames();
  ClusterPersons();
  ClusterBodies();
  LinkAbbreviations();
  IndexBodiesByCountry();
  ReadText();
  Emit();
}

int32_t ActorBuilder::Find(int32_t cluster) const {
  while (clusters_[static_cast<size_t>(cluster)].merged_into >= 0) {
    cluster = clusters_[static_cast<size_t>(cluster)].merged_into;
  }
  return cluster;
}

int32_t ActorBuilder::NewCluster(ActorType type, std::string_view rule, double confidence) {
  Cluster cluster;
  cluster.type = type;
  cluster.rule = rule;
  cluster.confidence = confidence;
  clusters_.push_back(std::move(cluster));
  return static_cast<int32_t>(clusters_.size()) - 1;
}

int32_t ActorBuilder::NewNominal(ActorType type, std::string_view rule, double confidence,
                                 Nominal nominal) {
  const int32_t index = NewCluster(type, rule, confidence);
  Cluster& cluster = clusters_.back();
  cluster.head = std::move(nominal.head);
  cluster.country = std::move(nominal.country);
  cluster.modifier = std::move(nominal.modifier);
  cluster.name = std::move(nominal.name);
  cluster.morphology = nominal.morphology;
  RememberHead(cluster.head, index);
  return index;
}

void ActorBuilder::RememberHead(const std::string& head, int32_t cluster) {
  std::vector<int32_t>& bucket = nominals_by_head_[head];
  if (bucket.size() < kMaxBucket) bucket.push_back(cluster);
}

void ActorBuilder::Merge(int32_t from, int32_t into) {
  from = Find(from);
  into = Find(into);
  if (from == into) return;
  Cluster& source = clusters_[static_cast<size_t>(from)];
  Cluster& target = clusters_[static_cast<size_t>(into)];
  if (target.country.empty()) target.country = source.country;
  if (target.name.empty() || (source.named && !target.named)) target.name = source.name;
  for (std::string& role : source.roles) AddOnce(&target.roles, std::move(role), kMaxRoles);
  for (std::string& head : source.role_heads) {
    AddOnce(&target.role_heads, std::move(head), kMaxRoles);
  }
  for (std::string& alias : source.aliases) {
    AddOnce(&target.aliases, std::move(alias), kMaxAliases);
  }
  for (Mention& mention : source.mentions) target.mentions.push_back(mention);
  target.morphology |= target.morphology == 0 ? source.morphology : 0;
  if (target.kind.empty()) target.kind = source.kind;
  // A name says better than a noun what something is.
  if (source.named && !target.named) target.type = source.type;
  if (target.tokens.size() < source.tokens.size()) target.tokens = source.tokens;
  target.named = target.named || source.named;
  target.confidence = std::max(target.confidence, source.confidence);
  source.merged_into = into;
  source.mentions.clear();
}

void ActorBuilder::AddMention(int32_t cluster, const TokenRange& tokens, MentionKind kind) {
  Mention mention;
  mention.tokens = tokens;
  mention.span = doc_.SpanOf(tokens);
  mention.kind = kind;
  At(cluster).mentions.push_back(mention);
}

void ActorBuilder::AddAlias(int32_t cluster, std::string alias) {
  if (alias.size() <= kMaxNameBytes) AddOnce(&At(cluster).aliases, std::move(alias), kMaxAliases);
}

void ActorBuilder::Remember(int32_t cluster, const NounPhrase* phrase, int32_t token) {
  Referent referent;
  referent.cluster = cluster;
  referent.token = token;
  referent.sentence = doc_.tokens[static_cast<size_t>(token)].sentence;
  referent.subject = phrase != nullptr && IsSubject(*phrase) && !HasSubjectBefore(*phrase);
  referent.quoted = quoted_[static_cast<size_t>(token)];
  referent.cited = phrase != nullptr && IsSource(*phrase);
  referent.joined = phrase != nullptr && phrase->coordination >= 0;
  referent.speaks = referent.subject && !referent.quoted && Speaks(*phrase);
  const Cluster& of = At(cluster);
  const bool declined =
      phrase != nullptr && (phrase->determiner >= 0 || phrase->kind != PhraseKind::kName ||
                            phrase->head < phrase->name.begin);
  referent.morphology = of.morphology;
  if (of.type != ActorType::kPerson) {
    if (declined) {
      referent.morphology = phrase->morphology.bits & kGenderNumber;
      // "diese Menschen": the forms of one and of many look alike.
      if (of.type == ActorType::kGroup && of.morphology == Morphology::kPlural) {
        referent.morphology = Morphology::kPlural;
      }
    } else if (of.type == ActorType::kState) {
      // Countries and their capitals without an article are neuter.
      referent.morphology = Morphology::kNeuter | Morphology::kSingular;
    }
  }
  recent_.push_back(referent);
  if (recent_.size() > kMaxRecent) recent_.pop_front();
}

void ActorBuilder::AddOnce(std::vector<std::string>* list, std::string item, size_t limit) {
  if (item.empty() || list->size() >= limit) return;
  if (std::find(list->begin(), list->end(), item) == list->end()) list->push_back(std::move(item));
}

void ActorBuilder::MergeNamesakes() {
  // Bodies of one name are one, however each was found.
  absl::flat_hash_map<std::string, int32_t> by_name;
  for (size_t c = 0; c < clusters_.size(); ++c) {
    const Cluster& cluster = clusters_[c];
    if (cluster.merged_into >= 0 || cluster.mentions.empty() || cluster.name.empty()) continue;
    if (cluster.type != ActorType::kOrganization && cluster.type != ActorType::kMedia) continue;
    const auto [it, fresh] = by_name.try_emplace(NameKey(cluster.name), static_cast<int32_t>(c));
    if (fresh) continue;
    const Cluster& other = At(it->second);
    if (other.type != cluster.type || (!other.named && !cluster.named)) continue;
    if (!other.country.empty() && !cluster.country.empty() && other.country != cluster.country) {
      continue;
    }
    Merge(static_cast<int32_t>(c), it->second);
  }
}

void ActorBuilder::Emit() {
  MergeNamesakes();
  doc_.actors.clear();
  // A head noun alone is an alias where only one actor of the document has it.
  absl::flat_hash_map<std::string, int32_t> heads;
  for (const Cluster& cluster : clusters_) {
    if (cluster.merged_into < 0 && !cluster.head.empty() && !cluster.mentions.empty()) {
      ++heads[cluster.head];
    }
  }
  std::vector<std::pair<int32_t, int32_t>> order;  // First token, cluster.
  for (size_t c = 0; c < clusters_.size(); ++c) {
    Cluster& cluster = clusters_[c];
    if (cluster.merged_into >= 0 || cluster.mentions.empty()) continue;
    std::sort(cluster.mentions.begin(), cluster.mentions.end(),
              [](const Mention& a, const Mention& b) {
                return std::tie(a.span.begin, a.span.end) < std::tie(b.span.begin, b.span.end);
              });
    order.emplace_back(cluster.mentions.front().span.begin, static_cast<int32_t>(c));
  }
  std::sort(order.begin(), order.end());
  if (order.size() > kMaxItemsPerLayer) {
    order.resize(kMaxItemsPerLayer);
    doc_.truncated_layers.push_back("actors");
  }
  std::vector<int32_t> actor_of(clusters_.size(), -1);
  for (const auto& [begin, c] : order) {
    Cluster& cluster = clusters_[static_cast<size_t>(c)];
    actor_of[static_cast<size_t>(c)] = static_cast<int32_t>(doc_.actors.size());
    Actor actor;
    actor.name = cluster.name.empty() ? cluster.aliases.empty() ? std::string() : cluster.aliases[0]
                                      : cluster.name;
    actor.type = cluster.type;
    actor.roles = std::move(cluster.roles);
    actor.country = cluster.country;
    actor.morphology.bits = cluster.morphology;
    actor.rule = std::string(cluster.rule);
    actor.confidence = cluster.confidence;
    // The bare head noun as it stands in the text.
    if (!cluster.named && heads[cluster.head] == 1) {
      for (const Mention& mention : cluster.mentions) {
        if (mention.kind != MentionKind::kNominal) continue;
        const int32_t outer = phrases_.Outermost(mention.tokens.begin);
        for (int32_t p = outer; p >= 0 && p < phrases_.size(); ++p) {
          if (phrases_[p].tokens.begin > mention.tokens.begin) break;
          if (!(phrases_[p].tokens == mention.tokens)) continue;
          AddOnce(&cluster.aliases, std::string(doc_.TokenText(phrases_[p].head)), kMaxAliases);
          break;
        }
      }
    }
    actor.aliases = std::move(cluster.aliases);
    actor.mentions = std::move(cluster.mentions);
    doc_.actors.push_back(std::move(actor));
  }
  for (Entity& entity : doc_.entities) {
    entity.actor = -1;
    if (entity.tokens.empty()) continue;
    const int32_t name = name_at_token_[static_cast<size_t>(entity.tokens.begin)];
    if (name < 0 || names_[static_cast<size_t>(name)].cluster < 0) continue;
    entity.actor = actor_of[static_cast<size_t>(Find(names_[static_cast<size_t>(name)].cluster))];
  }
}

}  // namespace lagebild::extract
