#include "query_service/projection/document_entries.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "common/storage/keys.h"
#include "common/time/iso8601.h"
#include "common/time/proto_time.h"
#include "lagebild/v1/query_service.pb.h"
#include "query_service/index/words.h"
#include "query_service/projection/span_text.h"

namespace lagebild::query {
namespace {

constexpr std::chrono::microseconds kMicrosecond{1};

// Most bytes of span texts that the entries of one document hold: enough for any article, and a
// stop for nests of spans that would add up to the square of their text.
size_t SpanTextBudget(size_t text_bytes) { return 32 * text_bytes + (size_t{1} << 20); }

int32_t DayNumber(Day day) { return static_cast<int32_t>(day.time_since_epoch().count()); }

struct DayInterval {
  int32_t first = kOpenBeginning;
  int32_t last = kOpenEnd;
  bool known() const { return first != kOpenBeginning || last != kOpenEnd; }
  int32_t length() const {
    return first == kOpenBeginning || last == kOpenEnd ? 0 : std::max(0, last - first);
  }
};

DayInterval DaysOf(const v1::TimeInterval& interval) {
  DayInterval days;
  if (const auto day = ParseIsoDay(interval.earliest()); day.ok()) days.first = DayNumber(*day);
  if (const auto day = ParseIsoDay(interval.latest()); day.ok()) days.last = DayNumber(*day);
  if (days.first > days.last) days = {};
  return days;
}

bool IsInstant(const IsoTime& time) {
  return time.precision == IsoPrecision::kMinute || time.precision == IsoPrecision::kSecond;
}

v1::TimePrecision PrecisionOf(const IsoTime& time) {
  switch (time.precision) {
    case IsoPrecision::kYear:
      return v1::TIME_PRECISION_YEAR;
    case IsoPrecision::kMonth:
      return v1::TIME_PRECISION_MONTH;
    case IsoPrecision::kDay:
      return v1::TIME_PRECISION_DAY;
    case IsoPrecision::kMinute:
    case IsoPrecision::kSecond:
      return v1::TIME_PRECISION_MINUTE;
  }
  return v1::TIME_PRECISION_UNSPECIFIED;
}

// When a version was published.
struct PublicationTime {
  v1::TimeInterval interval;  ///< As references show it.
  DayInterval days;
  Instant end;  ///< Last instant, inclusive; the recording time when open or unknown.
  int32_t sort_day = 0;
  uint16_t sort_minute = 0;
};

PublicationTime PublicationOf(const v1::ExtractionRecord& record) {
  PublicationTime publication;
  std::optional<IsoTime> declared;
  if (auto parsed = ParseIsoTime(record.document().metadata().published()); parsed.ok()) {
    declared = *parsed;
  }
  bool is_declared = declared.has_value();
  if (record.has_extraction() && record.extraction().has_published()) {
    const v1::Publication& published = record.extraction().published();
    publication.interval = published.interval();
    publication.days = DaysOf(published.interval());
    is_declared = is_declared && (published.rule() == "declared" || !publication.days.known());
  }
  if (is_declared && !publication.days.known()) {
    publication.days = {DayNumber(declared->first_day), DayNumber(declared->last_day)};
    publication.interval.set_value(record.document().metadata().published());
    publication.interval.set_earliest(FormatDay(declared->first_day));
    publication.interval.set_latest(FormatDay(declared->last_day));
    publication.interval.set_precision(PrecisionOf(*declared));
  }

  const Instant recorded = FromProto(record.recorded_at());
  std::optional<Instant> instant;
  if (is_declared) {
    publication.end = IsInstant(*declared) ? declared->begin : declared->end - kMicrosecond;
    if (IsInstant(*declared)) instant = declared->begin;
  } else if (const auto value = ParseIsoTime(publication.interval.value());
             value.ok() && IsInstant(*value)) {
    instant = value->begin;
    publication.end = value->begin;
  } else if (publication.days.last != kOpenEnd) {
    publication.end = BerlinDayEnd(Day(std::chrono::days(publication.days.last))) - kMicrosecond;
  } else {
    publication.end = recorded;
  }

  if (instant.has_value()) {
    const Day day = BerlinDayOf(*instant);
    publication.sort_day = DayNumber(day);
    publication.sort_minute = static_cast<uint16_t>(
        std::chrono::floor<std::chrono::minutes>(*instant - BerlinDayBegin(day)).count());
  } else {
    publication.sort_day = publication.days.last != kOpenEnd ? publication.days.last
                                                             : DayNumber(BerlinDayOf(recorded));
  }
  return publication;
}

std::string TitleOf(const v1::ExtractionRecord& record) {
  if (!record.document().metadata().title().empty()) return record.document().metadata().title();
  for (const v1::Region& region : record.extraction().regions()) {
    if (region.kind() != v1::REGION_KIND_TITLE) continue;
    v1::Region with_text = region;
    SpanTextFiller(record.document().text()).Fill(&with_text);
    return with_text.span().text();
  }
  return "";
}

v1::DocumentReference MakeReference(const v1::ExtractionRecord& record,
                                    const PublicationTime& publication) {
  const v1::Document& document = record.document();
  v1::DocumentReference reference;
  reference.set_document_id(document.id());
  reference.set_version(document.version());
  reference.set_title(TitleOf(record));
  reference.set_outlet(document.metadata().outlet());
  reference.set_url(document.metadata().url());
  if (publication.days.known() || !publication.interval.value().empty()) {
    *reference.mutable_published() = publication.interval;
  }
  *reference.mutable_recorded_at() = record.recorded_at();
  reference.set_document_position(record.document_position());
  return reference;
}

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
  explicit EntriesMaker(const v1::ExtractionRecord& record)
      : record_(record),
        extraction_(record.extraction()),
        publication_(PublicationOf(record)),
        reference_(MakeReference(record, publication_)),
        filler_(record.document().text(), SpanTextBudget(record.document().text().size())),
        actors_(MakeActorReferences(extraction_)) {
    for (int i = 0; i < extraction_.actors_size(); ++i) {
      actor_index_.emplace(extraction_.actors(i).id(), i);
    }
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

  v1::ClaimEntry MakeClaim(int index) {
    const v1::Claim& claim = extraction_.claims(index);
    v1::ClaimEntry entry;
    entry.set_name(MakeItemName(record_.document().id(), "claims", claim.id()));
    *entry.mutable_document() = reference_;
    *entry.mutable_claim() = claim;
    filler_.Fill(entry.mutable_claim());
    for (const std::string& id : claim.speaker_actor_ids()) *entry.add_speakers() = ActorOf(id);
    for (const v1::Attribution& link : entry.claim().chain()) {
      v1::ActorReference* actor = entry.add_chain();
      *actor = ActorOf(link.actor_id());
      if (actor->actor_id().empty()) actor->set_name(link.span().text());
    }
    return entry;
  }

  std::string MakeContext(int index) {
    const v1::Claim& claim = extraction_.claims(index);
    v1::GetClaimResponse context;
    for (const int sentence : SentencesOf(claim)) {
      *context.add_sentences() = extraction_.sentences(sentence);
      filler_.Fill(context.mutable_sentences(context.sentences_size() - 1));
    }
    if (claim.content_size() > 0) {
      if (const v1::Region* region = RegionAt(claim.content(0).begin()); region != nullptr) {
        // The region's own words would be the whole article.
        *context.mutable_region() = *region;
      }
    }
    for (const std::string& id : claim.figure_ids()) {
      if (const auto found = figure_index_.find(id); found != figure_index_.end()) {
        *context.add_figures() = extraction_.figures(found->second);
        filler_.Fill(context.mutable_figures(context.figures_size() - 1));
      }
    }
    if (const auto found = events_of_.find(claim.id()); found != events_of_.end()) {
      for (const int event : found->second) {
        *context.add_events() = extraction_.events(event);
        filler_.Fill(context.mutable_events(context.events_size() - 1));
      }
    }
    if (const auto found = fragments_of_.find(claim.id()); found != fragments_of_.end()) {
      for (const int fragment : found->second) {
        *context.add_fragments() = extraction_.claims(fragment);
        filler_.Fill(context.mutable_fragments(context.fragments_size() - 1));
      }
    }
    return context.SerializeAsString();
  }

  void AddItems(DocumentEntries* entries) {
    entries_ = entries;
    for (int i = 0; i < extraction_.claims_size(); ++i) AddClaim(i);
    for (int i = 0; i < extraction_.figures_size(); ++i) AddFigure(i);
    for (int i = 0; i < extraction_.events_size(); ++i) AddEvent(i);
    AddPostings();
    AddActors();
    entries->claims = extraction_.claims_size();
    entries->figures = extraction_.figures_size();
    entries->events = extraction_.events_size();
  }

 private:
  v1::ActorReference ActorOf(const std::string& id) const {
    const auto found = actor_index_.find(id);
    return found == actor_index_.end() ? v1::ActorReference()
                                       : actors_[static_cast<size_t>(found->second)];
  }

  // Sentences that content and frame touch, in order.
  std::set<int> SentencesOf(const v1::Claim& claim) const {
    std::set<int> touched;
    const auto touch = [&](const v1::Span& span) {
      const auto first = std::partition_point(
          extraction_.sentences().begin(), extraction_.sentences().end(),
          [&](const v1::Sentence& sentence) { return sentence.span().end() <= span.begin(); });
      for (auto it = first; it != extraction_.sentences().end() && it->span().begin() < span.end();
           ++it) {
        touched.insert(static_cast<int>(it - extraction_.sentences().begin()));
      }
    };
    for (const v1::Span& span : claim.content()) touch(span);
    for (const v1::Span& span : claim.frame()) touch(span);
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
    for (std::string& word : WordsOf(text)) AddTerm(kind, field, std::move(word), item);
  }

  void AddTerm(ItemKind kind, Field field, std::string term, uint32_t item) {
    std::string key = {static_cast<char>(kind), static_cast<char>(field)};
    storage::AppendString(&key, term);
    std::vector<uint32_t>& items = postings_[std::move(key)];
    if (items.empty() || items.back() != item) items.push_back(item);
  }

  void AddBits(ItemKind kind, Field field, unsigned bits, uint32_t item) {
    for (char value = 0; bits != 0; ++value, bits >>= 1) {
      if ((bits & 1) != 0) AddTerm(kind, field, std::string(1, value), item);
    }
  }

  // Files an item in all lists but the words.
  template <class Actors>
  void AddItem(ItemKind kind, uint32_t item, const ItemHeader& header, const std::string& entry,
               const Actors& actors) {
    const std::string& group = entries_->version.group;
    ListEntry main;
    main.tag = Tag::kItems;
    main.rest.push_back(static_cast<char>(kind));
    main.rest.append(group);
    storage::AppendUint32(&main.rest, item);
    AppendHeader(&main.value, header);
    main.value.append(entry);
    entries_->lists.push_back(std::move(main));

    AddBits(kind, Field::kAct, header.acts & ~kCommonActs, item);
    AddBits(kind, Field::kPolarity, header.polarities & ~kCommonPolarities, item);
    AddBits(kind, Field::kCertainty, header.certainties & ~kCommonCertainties, item);
    AddBits(kind, Field::kClaimKind, header.kinds & ~kCommonKinds, item);

    const std::string place = TimelinePlace(header, record_.document_position(), kind, item);
    std::set<uint64_t> scopes = {0};
    for (const v1::ActorReference& actor : actors) {
      if (const uint64_t key = ParseActorId(actor.actor_id()); key != 0) scopes.insert(key);
    }
    for (const uint64_t scope : scopes) {
      if (scope != 0) AddTerm(kind, Field::kActor, ActorTerm(scope), item);
      ListEntry timeline;
      timeline.tag = Tag::kTimeline;
      storage::AppendUint64(&timeline.rest, scope);
      timeline.rest.push_back(static_cast<char>(TimelinePartOf(header)));
      timeline.rest.append(place);
      timeline.value = group;
      AppendHeader(&timeline.value, header);
      entries_->lists.push_back(std::move(timeline));
    }
  }

  void AddClaim(int index) {
    const auto item = static_cast<uint32_t>(index);
    const v1::ClaimEntry entry = MakeClaim(index);
    const v1::Claim& claim = entry.claim();
    ItemHeader header;
    AddPublication(&header);
    AddClaimBits(claim, &header);
    header.fragment = !claim.part_of().empty();
    header.confidence = claim.confidence();
    if (claim.has_about()) AddTime(claim.about(), &header);
    if (claim.content_size() > 0) header.begin = claim.content(0).begin();
    AddItem(ItemKind::kClaim, item, header, entry.SerializeAsString(), entry.speakers());
    for (const auto* spans :
         {&claim.content(), &claim.speaker(), &claim.cue(), &claim.frame(), &claim.addressee()}) {
      for (const v1::Span& span : *spans) {
        AddWords(ItemKind::kClaim, Field::kWord, span.text(), item);
      }
    }
    if (!header.fragment) {
      std::set<std::string> speakers;
      for (const v1::ActorReference& speaker : entry.speakers()) {
        if (speakers.insert(speaker.actor_id()).second) ++claim_counts_[speaker.actor_id()];
      }
    }
    entries_->claim_places.push_back({claim.id(), item, MakeContext(index)});
  }

  void AddFigure(int index) {
    const auto item = static_cast<uint32_t>(index);
    v1::FigureEntry entry;
    *entry.mutable_figure() = extraction_.figures(index);
    const v1::Figure& figure = entry.figure();
    filler_.Fill(entry.mutable_figure());
    entry.set_name(MakeItemName(record_.document().id(), "figures", figure.id()));
    *entry.mutable_document() = reference_;
    ItemHeader header;
    AddPublication(&header);
    header.confidence = figure.confidence();
    header.begin = figure.span().begin();
    std::set<std::string> claimants;
    for (const std::string& id : figure.claim_ids()) {
      const auto found = claim_index_.find(id);
      if (found == claim_index_.end()) continue;
      const v1::Claim& claim = extraction_.claims(found->second);
      AddClaimBits(claim, &header);
      for (const std::string& speaker : claim.speaker_actor_ids()) {
        const v1::ActorReference actor = ActorOf(speaker);
        if (!actor.actor_id().empty() && claimants.insert(actor.actor_id()).second) {
          *entry.add_claimants() = actor;
        }
      }
      if (!entry.has_as_of() && claim.has_said_at()) *entry.mutable_as_of() = claim.said_at();
    }
    if (!entry.has_as_of() && reference_.has_published()) {
      *entry.mutable_as_of() = reference_.published();
    }
    if (entry.has_as_of()) AddTime(entry.as_of(), &header);
    const auto sentence =
        std::partition_point(extraction_.sentences().begin(), extraction_.sentences().end(),
                             [&](const v1::Sentence& candidate) {
                               return candidate.span().end() <= figure.span().begin();
                             });
    if (sentence != extraction_.sentences().end() &&
        sentence->span().begin() <= figure.span().begin()) {
      *entry.mutable_sentence() = sentence->span();
      filler_.Fill(entry.mutable_sentence());
    }
    AddItem(ItemKind::kFigure, item, header, entry.SerializeAsString(), entry.claimants());
    for (const std::string* text :
         {&figure.span().text(), &figure.unit(), &figure.of(), &figure.place()}) {
      AddWords(ItemKind::kFigure, Field::kWord, *text, item);
    }
    AddWords(ItemKind::kFigure, Field::kUnit, figure.unit(), item);
    AddWords(ItemKind::kFigure, Field::kUnit, figure.of(), item);
    // A sign ("%") holds no word and is a term as it stands.
    if (!figure.unit().empty() && WordsOf(figure.unit()).empty()) {
      AddTerm(ItemKind::kFigure, Field::kUnit, FoldCase(figure.unit()), item);
    }
  }

  void AddEvent(int index) {
    const auto item = static_cast<uint32_t>(index);
    v1::EventEntry entry;
    *entry.mutable_event() = extraction_.events(index);
    const v1::Event& event = entry.event();
    filler_.Fill(entry.mutable_event());
    entry.set_name(MakeItemName(record_.document().id(), "events", event.id()));
    *entry.mutable_document() = reference_;
    for (const std::string& id : event.participant_actor_ids()) {
      *entry.add_participants() = ActorOf(id);
    }
    ItemHeader header;
    AddPublication(&header);
    header.confidence = event.confidence();
    header.begin = event.span().begin();
    if (event.has_time()) AddTime(event.time(), &header);
    if (const auto found = claim_index_.find(event.claim_id()); found != claim_index_.end()) {
      AddClaimBits(extraction_.claims(found->second), &header);
    }
    AddItem(ItemKind::kEvent, item, header, entry.SerializeAsString(), entry.participants());
    AddWords(ItemKind::kEvent, Field::kWord, event.span().text(), item);
    AddWords(ItemKind::kEvent, Field::kWord, event.place(), item);
  }

  void AddPostings() {
    const std::string& group = entries_->version.group;
    for (auto& [key, items] : postings_) {
      std::sort(items.begin(), items.end());
      items.erase(std::unique(items.begin(), items.end()), items.end());
      entries_->lists.push_back({Tag::kPostings, key + group, EncodeItems(items)});
    }
    const std::string outlet = FoldCase(reference_.outlet());
    if (outlet.empty()) return;
    const std::pair<ItemKind, int> kinds[] = {{ItemKind::kClaim, extraction_.claims_size()},
                                              {ItemKind::kFigure, extraction_.figures_size()},
                                              {ItemKind::kEvent, extraction_.events_size()}};
    for (const auto& [kind, count] : kinds) {
      if (count == 0) continue;
      std::string key = {static_cast<char>(kind), static_cast<char>(Field::kOutlet)};
      storage::AppendString(&key, outlet);
      entries_->lists.push_back({Tag::kPostings, key + group, ""});
    }
  }

  void AddActors() {
    std::map<uint64_t, ActorContribution> contributions;
    for (int i = 0; i < extraction_.actors_size(); ++i) {
      const v1::Actor& actor = extraction_.actors(i);
      const v1::ActorReference& reference = actors_[static_cast<size_t>(i)];
      const uint64_t key = ParseActorId(reference.actor_id());
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
        entry.set_claim_count(claim_counts_[reference.actor_id()]);
        const DayInterval& days = publication_.days;
        if (days.known()) {
          const auto format = [](int32_t day) { return FormatDay(Day(std::chrono::days(day))); };
          entry.set_first_published(format(days.first != kOpenBeginning ? days.first : days.last));
          entry.set_last_published(format(days.last != kOpenEnd ? days.last : days.first));
        }
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
    for (auto& [key, contribution] : contributions) {
      ListEntry entry;
      entry.tag = Tag::kActorDocuments;
      storage::AppendUint64(&entry.rest, key);
      entry.rest.append(entries_->version.group);
      entry.value = contribution.entry.SerializeAsString();
      entries_->lists.push_back(std::move(entry));
      entries_->actors.push_back(std::move(contribution));
    }
  }

  const v1::ExtractionRecord& record_;
  const v1::Extraction& extraction_;
  const PublicationTime publication_;
  const v1::DocumentReference reference_;
  SpanTextFiller filler_;
  const std::vector<v1::ActorReference> actors_;
  std::unordered_map<std::string, int> actor_index_;
  std::unordered_map<std::string, int> claim_index_;
  std::unordered_map<std::string, int> figure_index_;
  std::unordered_map<std::string, std::vector<int>> fragments_of_;
  std::unordered_map<std::string, std::vector<int>> events_of_;
  std::unordered_map<std::string, int> claim_counts_;
  std::map<std::string, std::vector<uint32_t>> postings_;
  DocumentEntries* entries_ = nullptr;
};

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void AppendPercentEncoded(std::string* out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out->push_back(c);
    } else {
      out->push_back('%');
      out->push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
      out->push_back(kDigits[static_cast<unsigned char>(c) & 15]);
    }
  }
}

bool PercentDecode(std::string_view text, std::string* out) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  out->clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out->push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return false;
    const int high = digit(text[i + 1]);
    const int low = digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out->push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return !out->empty();
}

}  // namespace

DocumentEntries MakeDocumentEntries(const v1::ExtractionRecord& record) {
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
  EntriesMaker maker(record);
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

v1::DocumentReference MakeDocumentReference(const v1::ExtractionRecord& record) {
  return MakeReference(record, PublicationOf(record));
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

v1::ClaimEntry MakeClaimEntry(const v1::ExtractionRecord& record, int claim) {
  return EntriesMaker(record).MakeClaim(claim);
}

std::string MakeClaimContext(const v1::ExtractionRecord& record, int claim) {
  return EntriesMaker(record).MakeContext(claim);
}

std::string MakeItemName(std::string_view document_id, std::string_view collection,
                         std::string_view item_id) {
  std::string name = "documents/";
  AppendPercentEncoded(&name, document_id);
  name.append("/").append(collection).append("/");
  AppendPercentEncoded(&name, item_id);
  return name;
}

bool ParseItemName(std::string_view name, std::string_view collection, std::string* document_id,
                   std::string* item_id) {
  static constexpr std::string_view kDocuments = "documents/";
  if (name.substr(0, kDocuments.size()) != kDocuments) return false;
  name.remove_prefix(kDocuments.size());
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos || !PercentDecode(name.substr(0, slash), document_id)) {
    return false;
  }
  name.remove_prefix(slash + 1);
  if (name.substr(0, collection.size()) != collection) return false;
  name.remove_prefix(collection.size());
  if (name.empty() || name[0] != '/' || name.find('/', 1) != std::string_view::npos) return false;
  return PercentDecode(name.substr(1), item_id);
}

}  // namespace lagebild::query
