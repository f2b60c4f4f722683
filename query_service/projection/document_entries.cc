#include "query_service/projection/document_entries.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory_resource>
#include <optional>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "common/storage/keys.h"
#include "common/time/iso8601.h"
#include "common/time/proto_time.h"
#include "common/wire/append_field.h"
#include "common/wire/take_field.h"
#include "lagebild/v1/query_service.pb.h"
#include "query_service/index/items.h"
#include "query_service/index/words.h"
#include "query_service/projection/document_reference.h"
#include "query_service/projection/encoded_items.h"
#include "query_service/projection/item_names.h"
#include "query_service/projection/span_text.h"

namespace lagebild::query {
namespace {

// Of ClaimEntry, FigureEntry and EventEntry alike.
constexpr uint32_t kNameField = v1::ClaimEntry::kNameFieldNumber;
constexpr uint32_t kDocumentField = v1::ClaimEntry::kDocumentFieldNumber;
static_assert(kNameField == uint32_t{v1::FigureEntry::kNameFieldNumber} &&
              kNameField == uint32_t{v1::EventEntry::kNameFieldNumber});
static_assert(kDocumentField == uint32_t{v1::FigureEntry::kDocumentFieldNumber} &&
              kDocumentField == uint32_t{v1::EventEntry::kDocumentFieldNumber});

// Of an article.
constexpr size_t kUsualTerms = 200;
constexpr size_t kTermBytes = size_t{2} << 10;
constexpr size_t kUsualItemBytes = 384;
constexpr uint32_t kNoTerm = 0xffffffff;

// Most bytes of span texts that the entries of one document hold: enough for any article, and a
// stop for nests of spans that would add up to the square of their text.
size_t SpanTextBudget(size_t text_bytes) { return 32 * text_bytes + (size_t{1} << 20); }

template <class Enum>
uint16_t Bit(Enum value) {
  return static_cast<uint16_t>(1u << static_cast<unsigned>(value));
}

std::string ActorTerm(uint64_t key) {
  std::string term;
  storage::AppendUint64(&term, key);
  return term;
}

bool HasDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Whether a surface form counts or dates what its article tells ("43960 Soldaten", "der
// 43-Jährige") and so is no name of the actor elsewhere. An actor that many articles name would
// else gather forms without end, each of them said once.
bool AddsNumber(const std::string& form, const std::string& canonical) {
  return HasDigit(form) && !HasDigit(canonical);
}

// Makes the entries of one analysed version. Holds lookups by id, so that the whole is linear in
// the number of items (but for spans that nest, see SpanTextBudget).
class EntriesMaker {
 public:
  EntriesMaker(const v1::ExtractionRecord& record, std::string_view encoded)
      : record_(record),
        extraction_(record.extraction()),
        encoded_(record, encoded),
        publication_(PublicationOf(record)),
        reference_(MakeDocumentReference(record, publication_)),
        name_prefix_(MakeItemNamePrefix(record.document().id())),
        texts_(record.document().text(), SpanTextBudget(record.document().text().size())),
        word_budget_(SpanTextBudget(record.document().text().size())) {
    if (!record.has_extraction()) return;
    MakeActors();
    for (int i = 0; i < extraction_.claims_size(); ++i) {
      const v1::Claim& claim = extraction_.claims(i);
      claim_index_.emplace(claim.id(), i);
      if (!claim.part_of().empty()) fragments_of_[claim.part_of()].push_back(i);
    }
    for (int i = 0; i < extraction_.figures_size(); ++i) {
      figure_index_.emplace(extraction_.figures(i).id(), i);
    }
    for (int i = 0; i < extraction_.events_size(); ++i) {
      if (!extraction_.events(i).claim_id().empty()) {
        events_of_[extraction_.events(i).claim_id()].push_back(i);
      }
    }
  }

  const PublicationTime& publication() const { return publication_; }
  const v1::DocumentReference& reference() const { return reference_; }

  // A ClaimEntry without its document.
  std::string MakeClaim(int index) {
    const v1::Claim& claim = extraction_.claims(index);
    std::string entry;
    AppendName(&entry, "claims", claim.id());
    texts_.AppendClaim(&entry, v1::ClaimEntry::kClaimFieldNumber,
                       encoded_.claims()[static_cast<size_t>(index)]);
    for (const std::string& id : claim.speaker_actor_ids()) {
      AppendField(&entry, v1::ClaimEntry::kSpeakersFieldNumber, ActorOf(id).reference);
    }
    for (const v1::Attribution& link : claim.chain()) {
      const KnownActor& actor = ActorOf(link.actor_id());
      if (actor.key != 0) {
        AppendField(&entry, v1::ClaimEntry::kChainFieldNumber, actor.reference);
      } else {
        v1::ActorReference source;
        source.set_name(std::string(texts_.WordsOf(link.span())));
        AppendField(&entry, v1::ClaimEntry::kChainFieldNumber, source);
      }
    }
    return entry;
  }

  void AppendContext(int index, std::string* context) {
    using Response = v1::GetClaimResponse;
    const v1::Claim& claim = extraction_.claims(index);
    for (const int sentence : SentencesOf(claim)) {
      texts_.AppendSentence(context, Response::kSentencesFieldNumber,
                            encoded_.sentences()[static_cast<size_t>(sentence)]);
    }
    if (claim.content_size() > 0) {
      if (const v1::Region* region = RegionAt(claim.content(0).begin()); region != nullptr) {
        // The region's own words would be the whole article.
        AppendField(context, Response::kRegionFieldNumber, *region);
      }
    }
    for (const std::string& id : claim.figure_ids()) {
      if (const auto found = figure_index_.find(id); found != figure_index_.end()) {
        texts_.AppendFigure(context, Response::kFiguresFieldNumber,
                            encoded_.figures()[static_cast<size_t>(found->second)]);
      }
    }
    if (const auto found = events_of_.find(claim.id()); found != events_of_.end()) {
      for (const int event : found->second) {
        texts_.AppendEvent(context, Response::kEventsFieldNumber,
                           encoded_.events()[static_cast<size_t>(event)]);
      }
    }
    if (const auto found = fragments_of_.find(claim.id()); found != fragments_of_.end()) {
      for (const int fragment : found->second) {
        texts_.AppendClaim(context, Response::kFragmentsFieldNumber,
                           encoded_.claims()[static_cast<size_t>(fragment)]);
      }
    }
  }

  void AddItems(DocumentEntries* entries) {
    entries_ = entries;
    std::string document;
    AppendField(&document, kDocumentField, reference_);
    words_.emplace(record_.document().text());
    word_terms_.assign(words_->size(), kNoTerm);
    term_index_.reserve(kUsualTerms);
    postings_.reserve(kUsualTerms);
    entries->postings.Reserve(kUsualTerms, kTermBytes);
    const size_t items = static_cast<size_t>(extraction_.claims_size()) +
                         static_cast<size_t>(extraction_.figures_size()) +
                         static_cast<size_t>(extraction_.events_size());
    const size_t keys = items + static_cast<size_t>(extraction_.actors_size());
    entries->lists.Reserve(keys + keys / 4, keys * kUsualItemBytes);
    headers_.reserve(items);
    const auto add = [&](ItemKind kind, int count, auto add_one) {
      ItemsWriter items(document, static_cast<size_t>(count) * kUsualItemBytes);
      for (int i = 0; i < count; ++i) (this->*add_one)(i, &items);
      if (items.empty()) return;
      entries->lists.Add(Tag::kItems,
                         std::string(1, static_cast<char>(kind)) + entries->version.group,
                         items.value());
    };
    add(ItemKind::kClaim, extraction_.claims_size(), &EntriesMaker::AddClaim);
    add(ItemKind::kFigure, extraction_.figures_size(), &EntriesMaker::AddFigure);
    add(ItemKind::kEvent, extraction_.events_size(), &EntriesMaker::AddEvent);
    AddTimeline();
    AddPostings();
    AddActors();
    entries->claims = extraction_.claims_size();
    entries->figures = extraction_.figures_size();
    entries->events = extraction_.events_size();
  }

 private:
  // An actor of this document as it is known across documents.
  struct KnownActor {
    uint64_t key = 0;       // 0 = without a name, as good as none.
    std::string reference;  // lagebild.v1.ActorReference
    int claims = 0;         // It is a speaker of, fragments left out.
  };
  // The items that hold a term: posting numbers as varint gaps.
  struct TermItems {
    std::string_view term;
    std::string gaps;
    uint32_t last = 0;
  };
  struct TimelineItem {
    uint64_t scope = 0;
    TimelinePart part = TimelinePart::kDated;
    std::string place;
    size_t header = 0;

    friend bool operator<(const TimelineItem& a, const TimelineItem& b) {
      return std::tie(a.scope, a.part, a.place) < std::tie(b.scope, b.part, b.place);
    }
  };

  void MakeActors() {
    references_ = MakeActorReferences(extraction_);
    actors_.resize(references_.size());
    for (size_t i = 0; i < references_.size(); ++i) {
      actors_[i].key = ParseActorId(references_[i].actor_id());
      actors_[i].reference = references_[i].SerializeAsString();
      actor_index_.emplace(extraction_.actors(static_cast<int>(i)).id(), i);
    }
  }

  const KnownActor& ActorOf(std::string_view id) const {
    static const KnownActor kNone;
    const auto found = actor_index_.find(id);
    return found == actor_index_.end() ? kNone : actors_[found->second];
  }

  void AppendName(std::string* entry, std::string_view collection, std::string_view id) const {
    std::string rest;
    AppendItemName(&rest, collection, id);
    AppendField(entry, kNameField, name_prefix_, rest);
  }

  // Sentences that content and frame touch, in order.
  std::vector<int> SentencesOf(const v1::Claim& claim) const {
    std::vector<int> touched;
    const auto touch = [&](const v1::Span& span) {
      const auto first = std::partition_point(
          extraction_.sentences().begin(), extraction_.sentences().end(),
          [&](const v1::Sentence& sentence) { return sentence.span().end() <= span.begin(); });
      for (auto it = first; it != extraction_.sentences().end() && it->span().begin() < span.end();
           ++it) {
        touched.push_back(static_cast<int>(it - extraction_.sentences().begin()));
      }
    };
    for (const v1::Span& span : claim.content()) touch(span);
    for (const v1::Span& span : claim.frame()) touch(span);
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    return touched;
  }

  const v1::Region* RegionAt(int32_t offset) const {
    const auto region = std::partition_point(
        extraction_.regions().begin(), extraction_.regions().end(),
        [&](const v1::Region& candidate) { return candidate.span().end() <= offset; });
    return region != extraction_.regions().end() && region->span().begin() <= offset ? &*region
                                                                                     : nullptr;
  }

  void AddPublication(ItemHeader* header) const {
    header->published_first = publication_.days.first;
    header->published_last = publication_.days.last;
    // An open end is closed by the recording; what has no date at all stays unknown.
    if (publication_.days.first != kOpenBeginning && publication_.days.last == kOpenEnd) {
      header->published_last = publication_.sort_day;
    }
  }

  void AddClaimBits(const v1::Claim& claim, ItemHeader* header) const {
    header->claimed = true;
    header->acts |= Bit(claim.act());
    header->polarities |= static_cast<uint8_t>(Bit(claim.polarity()));
    header->certainties |= static_cast<uint8_t>(Bit(claim.certainty()));
    header->kinds |= static_cast<uint8_t>(Bit(claim.kind()));
  }

  void AddTime(const v1::TimeInterval& time, ItemHeader* header) const {
    const DayInterval days = DaysOf(time);
    header->event_first = days.first;
    header->event_last = days.last;
    entries_->longest_event = std::max(entries_->longest_event, days.length());
    entries_->open_ended_events =
        entries_->open_ended_events || (days.first != kOpenBeginning && days.last == kOpenEnd);
  }

  void AddWords(ItemKind kind, Field field, std::string_view text, uint32_t item) {
    VisitWords(text, [&](std::string_view word) { AddTerm(kind, field, word, item); });
  }

  void AddWords(ItemKind kind, const v1::Span& span, uint32_t item) {
    const std::string_view words = texts_.WordsOf(span);
    if (words.empty() || words.size() > word_budget_ || item >= kItemsOfKind) return;
    word_budget_ -= words.size();
    const std::optional<TextWords::Range> range =
        words_->Between(static_cast<size_t>(span.begin()), static_cast<size_t>(span.end()));
    if (!range.has_value()) {
      AddWords(kind, Field::kWord, words, item);
      return;
    }
    for (size_t word = range->first; word < range->last; ++word) {
      uint32_t& term = word_terms_[word];
      if (term == kNoTerm) term = TermOf(Field::kWord, words_->word(word));
      AddToTerm(term, kind, item);
    }
  }

  // REQUIRES: items come in ascending order of their posting numbers. Those of absurd numbers,
  // which no text within the limits has, are in no postings.
  void AddTerm(ItemKind kind, Field field, std::string_view term, uint32_t item) {
    if (item < kItemsOfKind) AddToTerm(TermOf(field, term), kind, item);
  }

  // Place of a term in postings_.
  uint32_t TermOf(Field field, std::string_view term) {
    term_key_.clear();
    term_key_.push_back(static_cast<char>(field));
    storage::AppendString(&term_key_, term);
    const auto it = term_index_.lazy_emplace(std::string_view(term_key_), [&](const auto& create) {
      const std::string_view kept = Keep(term_key_);
      create(kept, static_cast<uint32_t>(postings_.size()));
      postings_.emplace_back().term = kept;
    });
    return it->second;
  }

  // REQUIRES: item < kItemsOfKind.
  void AddToTerm(uint32_t term, ItemKind kind, uint32_t item) {
    TermItems& items = postings_[term];
    const uint32_t number = PostingNumber(kind, item);
    if (!items.gaps.empty() && items.last == number) return;
    AppendVarint(&items.gaps, number - items.last);
    items.last = number;
  }

  // A copy that stays as long as this does.
  std::string_view Keep(std::string_view term) {
    char* const kept = static_cast<char*>(terms_.allocate(term.size(), 1));
    std::memcpy(kept, term.data(), term.size());
    return {kept, term.size()};
  }

  void AddBits(ItemKind kind, Field field, unsigned bits, uint32_t item) {
    for (char value = 0; bits != 0; ++value, bits >>= 1) {
      if ((bits & 1) != 0) AddTerm(kind, field, std::string_view(&value, 1), item);
    }
  }

  // Files an item in all lists but the words. `actors` are the ids of those who take part.
  template <class Ids>
  void AddItem(ItemKind kind, uint32_t item, const ItemHeader& header, const Ids& actors) {
    AddBits(kind, Field::kAct, header.acts & ~kCommonActs, item);
    AddBits(kind, Field::kPolarity, header.polarities & ~kCommonPolarities, item);
    AddBits(kind, Field::kCertainty, header.certainties & ~kCommonCertainties, item);
    AddBits(kind, Field::kClaimKind, header.kinds & ~kCommonKinds, item);

    std::vector<uint64_t> scopes = {0};
    for (const std::string& id : actors) scopes.push_back(ActorOf(id).key);
    std::sort(scopes.begin(), scopes.end());
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
    headers_.push_back(header);
    const std::string place = TimelinePlace(header, record_.document_position(), kind, item);
    for (const uint64_t scope : scopes) {
      if (scope != 0) AddTerm(kind, Field::kActor, ActorTerm(scope), item);
      timeline_.push_back({scope, TimelinePartOf(header), place, headers_.size() - 1});
    }
  }

  void AddClaim(int index, ItemsWriter* items) {
    const auto item = static_cast<uint32_t>(index);
    const v1::Claim& claim = extraction_.claims(index);
    ItemHeader header;
    AddPublication(&header);
    AddClaimBits(claim, &header);
    header.fragment = !claim.part_of().empty();
    header.confidence = claim.confidence();
    if (claim.has_about()) AddTime(claim.about(), &header);
    if (claim.content_size() > 0) header.begin = claim.content(0).begin();
    items->Add(header, MakeClaim(index));
    AddItem(ItemKind::kClaim, item, header, claim.speaker_actor_ids());
    for (const auto* spans :
         {&claim.content(), &claim.speaker(), &claim.cue(), &claim.frame(), &claim.addressee()}) {
      for (const v1::Span& span : *spans) {
        AddWords(ItemKind::kClaim, span, item);
      }
    }
    if (!header.fragment) CountSpeakers(claim);
    std::string& contexts = entries_->claim_contexts;
    if (contexts.empty()) contexts = entries_->version.group;
    std::string context;
    AppendContext(index, &context);
    storage::AppendString(&contexts, claim.id());
    AppendVarint(&contexts, context.size());
    contexts.append(context);
  }

  // Each actor once, also where several of the document's meet in one.
  void CountSpeakers(const v1::Claim& claim) {
    std::vector<uint64_t> speakers;
    for (const std::string& id : claim.speaker_actor_ids()) {
      const uint64_t key = ActorOf(id).key;
      if (key == 0 || std::find(speakers.begin(), speakers.end(), key) != speakers.end()) continue;
      speakers.push_back(key);
      ++claim_counts_[key];
    }
  }

  void AddFigure(int index, ItemsWriter* items) {
    const auto item = static_cast<uint32_t>(index);
    const v1::Figure& figure = extraction_.figures(index);
    std::string entry;
    AppendName(&entry, "figures", figure.id());
    texts_.AppendFigure(&entry, v1::FigureEntry::kFigureFieldNumber, encoded_.figures()[item]);
    ItemHeader header;
    AddPublication(&header);
    header.confidence = figure.confidence();
    header.begin = figure.span().begin();
    std::vector<std::string> claimants;  // By their ids in the document.
    const v1::TimeInterval* as_of = nullptr;
    for (const std::string& id : figure.claim_ids()) {
      const auto found = claim_index_.find(id);
      if (found == claim_index_.end()) continue;
      const v1::Claim& claim = extraction_.claims(found->second);
      AddClaimBits(claim, &header);
      for (const std::string& speaker : claim.speaker_actor_ids()) {
        const KnownActor& actor = ActorOf(speaker);
        const bool named = std::any_of(claimants.begin(), claimants.end(), [&](const auto& other) {
          return ActorOf(other).key == actor.key;
        });
        if (actor.key == 0 || named) continue;
        claimants.push_back(speaker);
        AppendField(&entry, v1::FigureEntry::kClaimantsFieldNumber, actor.reference);
      }
      if (as_of == nullptr && claim.has_said_at()) as_of = &claim.said_at();
    }
    if (as_of == nullptr && reference_.has_published()) as_of = &reference_.published();
    if (as_of != nullptr) {
      AddTime(*as_of, &header);
      AppendField(&entry, v1::FigureEntry::kAsOfFieldNumber, *as_of);
    }
    const auto sentence =
        std::partition_point(extraction_.sentences().begin(), extraction_.sentences().end(),
                             [&](const v1::Sentence& candidate) {
                               return candidate.span().end() <= figure.span().begin();
                             });
    if (sentence != extraction_.sentences().end() &&
        sentence->span().begin() <= figure.span().begin()) {
      texts_.AppendSpanOfSentence(
          &entry, v1::FigureEntry::kSentenceFieldNumber,
          encoded_.sentences()[static_cast<size_t>(sentence - extraction_.sentences().begin())]);
    }
    items->Add(header, entry);
    AddItem(ItemKind::kFigure, item, header, claimants);
    AddWords(ItemKind::kFigure, figure.span(), item);
    for (const std::string* text : {&figure.unit(), &figure.of(), &figure.place()}) {
      AddWords(ItemKind::kFigure, Field::kWord, *text, item);
    }
    bool has_word = false;
    VisitWords(figure.unit(), [&](std::string_view word) {
      has_word = true;
      AddTerm(ItemKind::kFigure, Field::kUnit, word, item);
    });
    // A sign ("%") holds no word and is a term as it stands.
    if (!has_word && !figure.unit().empty()) {
      AddTerm(ItemKind::kFigure, Field::kUnit, FoldCase(figure.unit()), item);
    }
    AddWords(ItemKind::kFigure, Field::kUnit, figure.of(), item);
  }

  void AddEvent(int index, ItemsWriter* items) {
    const auto item = static_cast<uint32_t>(index);
    const v1::Event& event = extraction_.events(index);
    std::string entry;
    AppendName(&entry, "events", event.id());
    texts_.AppendEvent(&entry, v1::EventEntry::kEventFieldNumber, encoded_.events()[item]);
    for (const std::string& id : event.participant_actor_ids()) {
      AppendField(&entry, v1::EventEntry::kParticipantsFieldNumber, ActorOf(id).reference);
    }
    ItemHeader header;
    AddPublication(&header);
    header.confidence = event.confidence();
    header.begin = event.span().begin();
    if (event.has_time()) AddTime(event.time(), &header);
    if (const auto found = claim_index_.find(event.claim_id()); found != claim_index_.end()) {
      AddClaimBits(extraction_.claims(found->second), &header);
    }
    items->Add(header, entry);
    AddItem(ItemKind::kEvent, item, header, event.participant_actor_ids());
    AddWords(ItemKind::kEvent, event.span(), item);
    AddWords(ItemKind::kEvent, Field::kWord, event.place(), item);
  }

  // Items of one scope that share an interval share a key.
  void AddTimeline() {
    std::sort(timeline_.begin(), timeline_.end());
    std::string rest;
    std::string value;
    for (size_t i = 0; i < timeline_.size(); ++i) {
      const TimelineItem& item = timeline_[i];
      if (value.empty()) value = entries_->version.group;
      value.append(item.place, kTimelineKeyBytes + 4, std::string::npos);
      AppendHeader(&value, headers_[item.header]);
      const std::string_view key = std::string_view(item.place).substr(0, kTimelineKeyBytes);
      if (i + 1 < timeline_.size() && timeline_[i + 1].scope == item.scope &&
          timeline_[i + 1].part == item.part && timeline_[i + 1].place.starts_with(key)) {
        continue;
      }
      rest.clear();
      storage::AppendUint64(&rest, item.scope);
      rest.push_back(static_cast<char>(item.part));
      rest.append(key);
      entries_->lists.Add(Tag::kTimeline, rest, value);
      value.clear();
    }
  }

  void AddPostings() {
    for (const TermItems& items : postings_) {
      entries_->postings.Add(Tag::kPostings, items.term, items.gaps);
    }
    const std::string outlet = FoldCase(reference_.outlet());
    if (outlet.empty() || headers_.empty()) return;
    std::string term = {static_cast<char>(Field::kOutlet)};
    storage::AppendString(&term, outlet);
    entries_->postings.Add(Tag::kPostings, term, "");
  }

  void AddActors() {
    std::string first_published;
    std::string last_published;
    if (const DayInterval& days = publication_.days; days.known()) {
      const auto format = [](int32_t day) { return FormatDay(Day(std::chrono::days(day))); };
      first_published = format(days.first != kOpenBeginning ? days.first : days.last);
      last_published = format(days.last != kOpenEnd ? days.last : days.first);
    }
    std::map<uint64_t, ActorContribution> contributions;
    for (size_t i = 0; i < actors_.size(); ++i) {
      const v1::Actor& actor = extraction_.actors(static_cast<int>(i));
      const v1::ActorReference& reference = references_[i];
      const uint64_t key = actors_[i].key;
      if (key == 0) continue;
      ActorContribution& contribution = contributions[key];
      v1::ActorEntry& entry = contribution.entry;
      if (contribution.key == 0) {
        contribution.key = key;
        contribution.names.push_back(FoldCase(reference.name()));
        entry.set_actor_id(reference.actor_id());
        entry.set_name(reference.name());
        entry.set_type(reference.type());
        entry.set_document_count(1);
        if (const auto found = claim_counts_.find(key); found != claim_counts_.end()) {
          entry.set_claim_count(found->second);
        }
        entry.set_first_published(first_published);
        entry.set_last_published(last_published);
      }
      if (entry.country().empty()) entry.set_country(actor.country());
      const auto add = [](const std::string& name, auto* counts) {
        if (name.empty()) return;
        for (const v1::NameCount& known : *counts) {
          if (known.name() == name) return;
        }
        v1::NameCount* count = counts->Add();
        count->set_name(name);
        count->set_document_count(1);
      };
      for (const std::string& role : actor.roles()) add(role, entry.mutable_roles());
      for (const std::string& alias : actor.aliases()) {
        if (AddsNumber(alias, reference.name())) continue;
        add(alias, entry.mutable_aliases());
        std::string folded = FoldCase(alias);
        if (!folded.empty() && std::find(contribution.names.begin(), contribution.names.end(),
                                         folded) == contribution.names.end()) {
          contribution.names.push_back(std::move(folded));
        }
      }
    }
    std::string rest;
    for (auto& [key, contribution] : contributions) {
      rest.clear();
      storage::AppendUint64(&rest, key);
      rest.append(entries_->version.group);
      entries_->lists.Add(Tag::kActorDocuments, rest, contribution.entry.SerializeAsString());
      entries_->actors.push_back(std::move(contribution));
    }
  }

  const v1::ExtractionRecord& record_;
  const v1::Extraction& extraction_;
  const EncodedItems encoded_;
  const PublicationTime publication_;
  const v1::DocumentReference reference_;
  const std::string name_prefix_;  // "documents/D/"
  SpanTextWriter texts_;
  std::optional<TextWords> words_;    // Of the whole text; made for AddItems().
  std::vector<uint32_t> word_terms_;  // Of the words of the text, as far as they were asked for.
  size_t word_budget_;                // Of what is split into words.
  std::vector<v1::ActorReference> references_;
  std::vector<KnownActor> actors_;
  absl::flat_hash_map<std::string_view, size_t> actor_index_;
  absl::flat_hash_map<std::string_view, int> claim_index_;
  absl::flat_hash_map<std::string_view, int> figure_index_;
  absl::flat_hash_map<std::string_view, std::vector<int>> fragments_of_;
  absl::flat_hash_map<std::string_view, std::vector<int>> events_of_;
  absl::flat_hash_map<uint64_t, int> claim_counts_;
  std::pmr::monotonic_buffer_resource terms_{kTermBytes};
  absl::flat_hash_map<std::string_view, uint32_t> term_index_;  ///< Into postings_.
  std::vector<TermItems> postings_;
  std::string term_key_;
  std::vector<ItemHeader> headers_;
  std::vector<TimelineItem> timeline_;
  DocumentEntries* entries_ = nullptr;
};

}  // namespace

void EntryBuffer::Add(Tag tag, std::string_view rest, std::string_view value) {
  entries_.push_back({.tag = tag,
                      .begin = bytes_.size(),
                      .rest_size = static_cast<uint32_t>(rest.size()),
                      .value_size = static_cast<uint32_t>(value.size())});
  bytes_.append(rest).append(value);
}

void EntryBuffer::Reserve(size_t entries, size_t bytes) {
  entries_.reserve(entries);
  bytes_.reserve(bytes);
}

DocumentEntries MakeDocumentEntries(const v1::ExtractionRecord& record, std::string_view encoded) {
  DocumentEntries entries;
  VersionRecord& version = entries.version;
  version.document_position = record.document_position();
  version.document_id = record.document().id();
  version.version = record.document().version();
  version.recorded_at_us = FromProto(record.recorded_at()).time_since_epoch().count();
  if (record.has_deletion()) {
    version.kind = VersionRecord::Kind::kDeleted;
    if (version.document_id.empty()) version.document_id = record.deletion().document_id();
    if (version.version == 0) version.version = record.deletion().version();
  } else if (!record.has_extraction()) {
    version.kind = VersionRecord::Kind::kFailed;
  }
  EntriesMaker maker(record, encoded);
  const PublicationTime& publication = maker.publication();
  version.published_end_us = publication.end.time_since_epoch().count();
  version.group =
      MakeGroup(publication.sort_day, publication.sort_minute, record.document_position());
  if (version.kind == VersionRecord::Kind::kDeleted) return entries;
  version.reference = maker.reference().SerializeAsString();
  // An open end is closed by the recording, as in the group's day.
  if (publication.days.first != kOpenBeginning) {
    entries.publication_days = std::max(0, publication.sort_day - publication.days.first);
  }
  if (record.has_extraction()) maker.AddItems(&entries);
  return entries;
}

std::vector<v1::ActorReference> MakeActorReferences(const v1::Extraction& extraction) {
  std::vector<v1::ActorReference> references;
  references.reserve(static_cast<size_t>(extraction.actors_size()));
  for (const v1::Actor& actor : extraction.actors()) {
    v1::ActorReference& reference = references.emplace_back();
    if (actor.name().empty()) continue;
    reference.set_actor_id(ActorId(ActorKey(actor.name(), actor.type())));
    reference.set_name(actor.name());
    reference.set_type(actor.type());
  }
  return references;
}

v1::ClaimEntry MakeClaimEntry(const v1::ExtractionRecord& record, std::string_view encoded,
                              int claim) {
  EntriesMaker maker(record, encoded);
  v1::ClaimEntry entry;
  entry.ParseFromString(maker.MakeClaim(claim));
  *entry.mutable_document() = maker.reference();
  return entry;
}

std::string MakeClaimContext(const v1::ExtractionRecord& record, std::string_view encoded,
                             int claim) {
  std::string context;
  EntriesMaker(record, encoded).AppendContext(claim, &context);
  return context;
}

std::optional<ClaimPlace> FindClaim(std::string_view claim_contexts, std::string_view claim_id) {
  if (claim_contexts.size() < kGroupBytes) return std::nullopt;
  ClaimPlace place;
  place.group = claim_contexts.substr(0, kGroupBytes);
  claim_contexts.remove_prefix(kGroupBytes);
  std::string id;
  uint64_t size = 0;
  while (storage::TakeString(&claim_contexts, &id) && TakeVarint(&claim_contexts, &size) &&
         size <= claim_contexts.size()) {
    if (id == claim_id) {
      place.context = claim_contexts.substr(0, size);
      return place;
    }
    claim_contexts.remove_prefix(size);
    ++place.item;
  }
  return std::nullopt;
}

}  // namespace lagebild::query
