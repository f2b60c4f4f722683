#include "query_service/index/keys.h"

#include <bit>

#include "common/storage/keys.h"

namespace lagebild::query {

using storage::AppendInt64;
using storage::AppendString;
using storage::AppendUint32;
using storage::AppendUint64;
using storage::TakeByte;
using storage::TakeInt64;
using storage::TakeString;
using storage::TakeUint32;
using storage::TakeUint64;

std::string MetaKey(std::string_view name) {
  std::string key(1, static_cast<char>(kMetaPrefix));
  key.append(name);
  return key;
}

std::string GenerationPrefix(int32_t generation) {
  std::string key(1, static_cast<char>(kGenerationPrefix));
  AppendUint32(&key, static_cast<uint32_t>(generation));
  return key;
}

std::string TagPrefix(int32_t generation, Tag tag, Era era) {
  std::string key;
  AppendTagPrefix(&key, generation, tag, era);
  return key;
}

void AppendTagPrefix(std::string* key, int32_t generation, Tag tag, Era era) {
  key->push_back(static_cast<char>(kGenerationPrefix));
  AppendUint32(key, static_cast<uint32_t>(generation));
  key->push_back(static_cast<char>(static_cast<uint8_t>(tag) | static_cast<uint8_t>(era)));
}

void AppendUint16(std::string* key, uint16_t value) {
  key->push_back(static_cast<char>(value >> 8));
  key->push_back(static_cast<char>(value & 0xff));
}

void AppendInt32(std::string* key, int32_t value) {
  AppendUint32(key, static_cast<uint32_t>(value) ^ 0x80000000u);
}

bool TakeUint16(std::string_view* key, uint16_t* value) {
  if (key->size() < 2) return false;
  *value = static_cast<uint16_t>((static_cast<uint8_t>((*key)[0]) << 8) |
                                 static_cast<uint8_t>((*key)[1]));
  key->remove_prefix(2);
  return true;
}

bool TakeInt32(std::string_view* key, int32_t* value) {
  uint32_t bits = 0;
  if (!TakeUint32(key, &bits)) return false;
  *value = static_cast<int32_t>(bits ^ 0x80000000u);
  return true;
}

std::string MakeGroup(int32_t day, uint16_t minute, int64_t document_position) {
  std::string group;
  group.reserve(kGroupBytes);
  AppendUint32(&group, ~(static_cast<uint32_t>(day) ^ 0x80000000u));
  AppendUint16(&group, static_cast<uint16_t>(~minute));
  AppendUint64(&group, ~static_cast<uint64_t>(document_position));
  return group;
}

int64_t PositionOf(std::string_view group) {
  group.remove_prefix(6);
  uint64_t inverted = 0;
  TakeUint64(&group, &inverted);
  return static_cast<int64_t>(~inverted);
}

int32_t DayOf(std::string_view group) {
  uint32_t inverted = 0;
  TakeUint32(&group, &inverted);
  return static_cast<int32_t>(~inverted ^ 0x80000000u);
}

std::string EncodeItems(const std::vector<uint32_t>& items) {
  std::string bytes;
  uint32_t previous = 0;
  for (const uint32_t item : items) {
    uint32_t gap = item - previous;
    previous = item;
    while (gap >= 0x80) {
      bytes.push_back(static_cast<char>(gap | 0x80));
      gap >>= 7;
    }
    bytes.push_back(static_cast<char>(gap));
  }
  return bytes;
}

bool DecodeItems(std::string_view bytes, std::vector<uint32_t>* items) {
  items->clear();
  uint32_t previous = 0;
  size_t at = 0;
  while (at < bytes.size()) {
    uint32_t gap = 0;
    for (int shift = 0;; shift += 7) {
      if (at == bytes.size() || shift > 28) return false;
      const auto byte = static_cast<uint8_t>(bytes[at++]);
      gap |= static_cast<uint32_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) break;
    }
    previous += gap;
    items->push_back(previous);
  }
  return true;
}

void AppendHeader(std::string* value, const ItemHeader& header) {
  value->push_back(static_cast<char>((header.fragment ? 1 : 0) | (header.claimed ? 2 : 0)));
  AppendUint16(value, header.acts);
  value->push_back(static_cast<char>(header.polarities));
  value->push_back(static_cast<char>(header.certainties));
  value->push_back(static_cast<char>(header.kinds));
  AppendUint64(value, std::bit_cast<uint64_t>(header.confidence));
  AppendInt32(value, header.event_first);
  AppendInt32(value, header.event_last);
  AppendInt32(value, header.published_first);
  AppendInt32(value, header.published_last);
  AppendInt32(value, header.begin);
}

bool TakeHeader(std::string_view* value, ItemHeader* header) {
  uint8_t flags = 0;
  uint64_t confidence = 0;
  if (!TakeByte(value, &flags) || !TakeUint16(value, &header->acts) ||
      !TakeByte(value, &header->polarities) || !TakeByte(value, &header->certainties) ||
      !TakeByte(value, &header->kinds) || !TakeUint64(value, &confidence) ||
      !TakeInt32(value, &header->event_first) || !TakeInt32(value, &header->event_last) ||
      !TakeInt32(value, &header->published_first) || !TakeInt32(value, &header->published_last) ||
      !TakeInt32(value, &header->begin)) {
    return false;
  }
  header->fragment = (flags & 1) != 0;
  header->claimed = (flags & 2) != 0;
  header->confidence = std::bit_cast<double>(confidence);
  return true;
}

TimelinePart TimelinePartOf(const ItemHeader& header) {
  if (!header.dated()) return TimelinePart::kUndated;
  return header.event_first == kOpenBeginning ? TimelinePart::kOpenBeginning : TimelinePart::kDated;
}

std::string TimelinePlace(const ItemHeader& header, int64_t document_position, ItemKind kind,
                          uint32_t item) {
  std::string place;
  int32_t first = header.event_first;
  if (first == kOpenBeginning) first = header.event_last;  // kOpenEnd for the undated.
  AppendInt32(&place, first);
  AppendInt32(&place, header.event_last);
  AppendInt64(&place, document_position);
  AppendInt32(&place, header.begin);
  place.push_back(static_cast<char>(kind));
  AppendUint32(&place, item);
  return place;
}

ItemKind KindOfPlace(std::string_view place) { return static_cast<ItemKind>(place[20]); }

uint32_t ItemOfPlace(std::string_view place) {
  place.remove_prefix(21);
  uint32_t item = 0;
  TakeUint32(&place, &item);
  return item;
}

std::string GroupDayPrefix(int32_t day) {
  std::string prefix;
  AppendUint32(&prefix, ~(static_cast<uint32_t>(day) ^ 0x80000000u));
  return prefix;
}

std::string EncodeVersion(const VersionRecord& version) {
  std::string bytes(1, static_cast<char>(version.kind));
  AppendInt64(&bytes, version.document_position);
  AppendInt64(&bytes, version.version);
  AppendInt64(&bytes, version.recorded_at_us);
  AppendInt64(&bytes, version.published_end_us);
  bytes.append(version.group);
  AppendString(&bytes, version.document_id);
  bytes.append(version.reference);
  return bytes;
}

std::optional<VersionRecord> DecodeVersion(std::string_view bytes) {
  VersionRecord version;
  uint8_t kind = 0;
  if (!TakeByte(&bytes, &kind) || kind > 2 || !TakeInt64(&bytes, &version.document_position) ||
      !TakeInt64(&bytes, &version.version) || !TakeInt64(&bytes, &version.recorded_at_us) ||
      !TakeInt64(&bytes, &version.published_end_us) || bytes.size() < kGroupBytes) {
    return std::nullopt;
  }
  version.kind = static_cast<VersionRecord::Kind>(kind);
  version.group = std::string(bytes.substr(0, kGroupBytes));
  bytes.remove_prefix(kGroupBytes);
  if (!TakeString(&bytes, &version.document_id)) return std::nullopt;
  version.reference = std::string(bytes);
  return version;
}

}  // namespace lagebild::query
