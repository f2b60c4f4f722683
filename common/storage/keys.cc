#include "common/storage/keys.h"

#include <array>

namespace lagebild::storage {
namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

template <class T>
void AppendBigEndian(std::string* key, T value) {
  std::array<char, sizeof(T)> bytes;
  for (size_t i = sizeof(T); i > 0; --i) {
    bytes[i - 1] = static_cast<char>(value & 0xffu);
    value >>= 8;
  }
  key->append(bytes.data(), bytes.size());
}

template <class T>
bool TakeBigEndian(std::string_view* key, T* value) {
  if (key->size() < sizeof(T)) {
    return false;
  }
  T read = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    read = static_cast<T>(read << 8) | static_cast<unsigned char>((*key)[i]);
  }
  *value = read;
  key->remove_prefix(sizeof(T));
  return true;
}

}  // namespace

void AppendUint32(std::string* key, uint32_t value) { AppendBigEndian(key, value); }
void AppendUint64(std::string* key, uint64_t value) { AppendBigEndian(key, value); }
void AppendInt64(std::string* key, int64_t value) {
  AppendBigEndian(key, static_cast<uint64_t>(value) ^ kSignBit);
}

void AppendString(std::string* key, std::string_view value) {
  for (size_t nul = value.find('\0'); nul != std::string_view::npos; nul = value.find('\0')) {
    key->append(value.substr(0, nul)).append("\0\xff", 2);
    value.remove_prefix(nul + 1);
  }
  key->append(value).append("\0\x01", 2);
}

bool TakeByte(std::string_view* key, uint8_t* value) {
  if (key->empty()) {
    return false;
  }
  *value = static_cast<uint8_t>(key->front());
  key->remove_prefix(1);
  return true;
}

bool TakeUint32(std::string_view* key, uint32_t* value) { return TakeBigEndian(key, value); }
bool TakeUint64(std::string_view* key, uint64_t* value) { return TakeBigEndian(key, value); }

bool TakeInt64(std::string_view* key, int64_t* value) {
  uint64_t read = 0;
  if (!TakeBigEndian(key, &read)) {
    return false;
  }
  *value = static_cast<int64_t>(read ^ kSignBit);
  return true;
}

bool TakeString(std::string_view* key, std::string* value) {
  std::string read;
  for (size_t i = 0; i + 1 < key->size(); ++i) {
    const char c = (*key)[i];
    if (c != '\0') {
      read.push_back(c);
      continue;
    }
    const char next = (*key)[++i];
    if (next == '\x01') {
      *value = std::move(read);
      key->remove_prefix(i + 1);
      return true;
    }
    if (next != '\xff') {
      return false;
    }
    read.push_back('\0');
  }
  return false;
}

std::optional<std::string> PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') {
    end.pop_back();
  }
  if (end.empty()) {
    return std::nullopt;
  }
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace lagebild::storage
