#ifndef LAGEBILD_QUERY_SERVICE_INDEX_KEYS_H_
#define LAGEBILD_QUERY_SERVICE_INDEX_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lagebild::query {

// Key layout of the read model (parts as in common/storage/keys.h: integers big-endian, strings
// terminated, so that byte order is the order of the values):
//
//   key      := 0x01 name                            -> metadata
//             | 0x10 generation:4 tag:1 rest         -> what one generation of the extractor made
//   group    := ~day:4 ~minute:2 ~document_position:8     newest publication first, 14 bytes
//
//   Of every version of every document (tag, rest -> value):
//   0x10  document_id$ document_position:8           -> VersionRecord without its reference
//   0x11  document_position:8                        -> VersionRecord
//   0x12  recorded_at_us:8 document_position:8       -> empty
//   0x13  document_position:8 (family "contents")    -> lagebild.v1.ExtractionRecord
//   0x15  document_id$                               -> document_position:8 of the newest version
//   0x16  document_id$                               -> group { claim_id$ size:varint context }*
//                                                       of the newest version's claims, in order
//
//   Lists; under `tag` what the newest version of a document says, under `tag | 0x80` what older
//   versions said, so that the newest picture is read without stepping over what was corrected:
//   0x23  actor:8 group                              -> ActorEntry of this document alone
//   0x25  kind:1 group                               -> items (see items.h), ready to be sent
//   0x26  actor:8 part:1 first:4 last:4 document_position:8
//                                                    -> group { kind:1 item:4 ItemHeader }*, in the
//                                                       order of their places; actor 0 = all
//
//   Words and labels of the items of all versions:
//   0x21  field:1 term$ group                        -> posting numbers as varint gaps; empty = all
//   0x24  field:1 term$ period:4 document_position:8
//                                                    -> many of them (see posting_block.h): what a
//                                                       large batch holds from that position on
//   Which of the two a posting is kept as depends on how the log was cut into batches, and is seen
//   by postings.cc alone. What was corrected stays there: it leads to items that are in no list of
//   the newest picture.
//
//   Actors of all versions:
//   0x30  sort_key$ actor:8                          -> ActorEntry over all newest versions
//   0x31  actor:8                                    -> sort_key
//   0x32  ~claim_count:4 sort_key$ actor:8           -> empty; actors of newest versions only
//   0x33  folded_name$ rank:1 actor:8                -> document_position:8 that first said so
//
// Tag numbers are permanent. `$` marks a terminated string.

inline constexpr uint8_t kMetaPrefix = 0x01;
inline constexpr uint8_t kGenerationPrefix = 0x10;
inline constexpr char kContentsFamily[] = "contents";

enum class Tag : uint8_t {
  kVersions = 0x10,
  kPositions = 0x11,
  kRecorded = 0x12,
  kContents = 0x13,
  kNewest = 0x15,
  kClaimContexts = 0x16,
  kPostings = 0x21,
  kActorDocuments = 0x23,
  kPostingBlocks = 0x24,
  kItems = 0x25,
  kTimeline = 0x26,
  kActorNames = 0x30,
  kActors = 0x31,
  kActorsByClaims = 0x32,
  kActorLookup = 0x33,
};

/// Whether a list entry belongs to the newest version of its document or to an older one.
enum class Era : uint8_t { kCurrent = 0x00, kPast = 0x80 };

/// What an item is; part of keys.
enum class ItemKind : uint8_t { kClaim = 1, kFigure = 2, kEvent = 3 };

/// What a posting's term is; part of keys.
enum class Field : uint8_t {
  kWord = 'w',       ///< A normalised word of the item's text.
  kActor = 'a',      ///< An actor key (8 bytes).
  kOutlet = 'o',     ///< A folded outlet; all items of the document.
  kUnit = 'u',       ///< A normalised word of a figure's unit or counted phrase.
  kAct = 'A',        ///< One byte: ClaimAct.
  kPolarity = 'P',   ///< One byte: Polarity.
  kCertainty = 'C',  ///< One byte: Certainty.
  kClaimKind = 'K',  ///< One byte: ClaimKind.
};

/// Labels that most claims of any news carry (ASSERT, CERTAIN, POS, DIRECT and INDIRECT). They
/// select little, so they have no postings and are told from the headers alone.
inline constexpr unsigned kCommonActs = 1u << 1;
inline constexpr unsigned kCommonCertainties = 1u << 1;
inline constexpr unsigned kCommonPolarities = 1u << 1;
inline constexpr unsigned kCommonKinds = (1u << 1) | (1u << 2);

/// How an entry lies in time: the three parts of a timeline.
enum class TimelinePart : uint8_t { kDated = 0, kOpenBeginning = 1, kUndated = 2 };

inline constexpr int32_t kOpenEnd = INT32_MAX;        ///< A last day that is not bounded.
inline constexpr int32_t kOpenBeginning = INT32_MIN;  ///< A first day that is not bounded.
inline constexpr size_t kGroupBytes = 14;

std::string MetaKey(std::string_view name);
/// What all keys of a generation begin with.
std::string GenerationPrefix(int32_t generation);
/// `0x10 generation tag`.
std::string TagPrefix(int32_t generation, Tag tag, Era era = Era::kCurrent);
void AppendTagPrefix(std::string* key, int32_t generation, Tag tag, Era era = Era::kCurrent);

/// Key of all items of one version of a document; byte order is newest publication first, then
/// newest recording first. `day` counts from 1970; `minute` of the day, 0 when not known.
std::string MakeGroup(int32_t day, uint16_t minute, int64_t document_position);
/// Document position of a group. REQUIRES: group.size() == kGroupBytes.
int64_t PositionOf(std::string_view group);
/// Day of a group. REQUIRES: as above.
int32_t DayOf(std::string_view group);

/// Number of an item in postings, which are of items of all kinds: claims first, then figures, then
/// events. REQUIRES: item < kItemsOfKind.
inline constexpr uint32_t kItemsOfKind = 1u << 24;
inline uint32_t PostingNumber(ItemKind kind, uint32_t item) {
  return (static_cast<uint32_t>(kind) - 1) * kItemsOfKind + item;
}

/// Such numbers in ascending order, as gaps; and back (false when damaged).
std::string EncodeItems(const std::vector<uint32_t>& items);
bool DecodeItems(std::string_view bytes, std::vector<uint32_t>* items);

void AppendUint16(std::string* key, uint16_t value);
void AppendInt32(std::string* key, int32_t value);
bool TakeUint16(std::string_view* key, uint16_t* value);
bool TakeInt32(std::string_view* key, int32_t* value);

/// What filters ask of an item, beside its entry.
struct ItemHeader {
  bool fragment = false;   ///< A quoted fragment of another claim.
  bool claimed = false;    ///< A claim, or stated or told in one.
  uint16_t acts = 0;       ///< Bit n = ClaimAct n; of the claim, or of those that state the figure.
  uint8_t polarities = 0;  ///< Bit n = Polarity n.
  uint8_t certainties = 0;  ///< Bit n = Certainty n.
  uint8_t kinds = 0;        ///< Bit n = ClaimKind n.
  double confidence = 0;
  int32_t event_first = kOpenBeginning;  ///< Days from 1970; both ends open = undated.
  int32_t event_last = kOpenEnd;
  int32_t published_first = kOpenBeginning;
  int32_t published_last = kOpenEnd;
  int32_t begin = 0;  ///< First byte of its source span.

  bool dated() const { return event_first != kOpenBeginning || event_last != kOpenEnd; }

  friend bool operator==(const ItemHeader&, const ItemHeader&) = default;
};

inline constexpr size_t kHeaderBytes = 34;
void AppendHeader(std::string* value, const ItemHeader& header);
/// Takes the header from the front of an item's value; false when damaged.
bool TakeHeader(std::string_view* value, ItemHeader* header);

/// The beginning of the groups of a day.
std::string GroupDayPrefix(int32_t day);

/// Place of an item in the timeline, without scope: first:4 last:4 document_position:8 begin:4
/// kind:1 item:4. An open beginning stands at its end.
std::string TimelinePlace(const ItemHeader& header, int64_t document_position, ItemKind kind,
                          uint32_t item);
TimelinePart TimelinePartOf(const ItemHeader& header);
/// What such a place says of kind and number. REQUIRES: place.size() == kTimelinePlaceBytes.
inline constexpr size_t kTimelinePlaceBytes = 25;
ItemKind KindOfPlace(std::string_view place);
uint32_t ItemOfPlace(std::string_view place);
/// So much of a place is the same for all items of a document that share an interval: the key of
/// their entries.
inline constexpr size_t kTimelineKeyBytes = 16;

/// One version of a document in the read model.
struct VersionRecord {
  enum class Kind : uint8_t { kAnalysed = 0, kFailed = 1, kDeleted = 2 };
  Kind kind = Kind::kAnalysed;
  int64_t document_position = 0;
  int64_t version = 0;
  int64_t recorded_at_us = 0;
  int64_t published_end_us = 0;  ///< Last instant it can have been published at, inclusive.
  std::string group;
  std::string document_id;
  std::string reference;  ///< lagebild.v1.DocumentReference; empty under tag 0x10.
};

std::string EncodeVersion(const VersionRecord& version);
std::optional<VersionRecord> DecodeVersion(std::string_view bytes);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_INDEX_KEYS_H_
