#include "common/paging/page_token.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "absl/strings/escaping.h"
#include "common/hash/hash.h"
#include "common/status/error.h"

namespace lagebild {
namespace {

// A token is base64url, without padding, of
//   version:1  request hash:8  state  checksum:4
// (integers little-endian). The checksum is CRC-32C over all before it.
constexpr char kVersion = 1;
constexpr size_t kOverhead = 1 + 8 + 4;
// Nobody's state is this long; longer ones are refused before they are decoded.
constexpr size_t kMaxTokenBytes = 4096;

constexpr char kPageSize[] = "page_size";
constexpr char kPageToken[] = "page_token";

uint64_t HashRequest(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  const google::protobuf::Descriptor* const type = copy->GetDescriptor();
  for (const char* const name : {kPageSize, kPageToken}) {
    if (const auto* const field = type->FindFieldByName(name); field != nullptr) {
      copy->GetReflection()->ClearField(copy.get(), field);
    }
  }
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    copy->SerializePartialToCodedStream(&coded);
  }
  return Hash64(bytes, Hash64(type->full_name()));
}

template <class T>
void AppendRaw(std::string* bytes, T value) {
  bytes->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <class T>
T ReadRaw(std::string_view bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

}  // namespace

absl::Status InvalidPageToken() {
  return InvalidArgument(
      "INVALID_PAGE_TOKEN",
      "page_token is not one that this request's previous page gave; ask for the "
      "first page again, without it",
      kPageToken);
}

absl::StatusOr<int32_t> EffectivePageSize(int32_t page_size) {
  if (page_size < 0) {
    return InvalidArgument("INVALID_PAGE_SIZE", "page_size must not be negative", kPageSize);
  }
  return page_size == 0 ? kDefaultPageSize : std::min(page_size, kMaxPageSize);
}

std::string MakePageToken(const google::protobuf::Message& request, std::string_view state) {
  std::string bytes(1, kVersion);
  AppendRaw(&bytes, HashRequest(request));
  bytes.append(state);
  AppendRaw(&bytes, Crc32c(bytes));
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<std::string> ReadPageToken(const google::protobuf::Message& request) {
  const auto* const field = request.GetDescriptor()->FindFieldByName(kPageToken);
  if (field == nullptr) {
    return InvalidPageToken();
  }
  std::string scratch;
  const std::string& token = request.GetReflection()->GetStringReference(request, field, &scratch);
  if (token.empty()) {
    return std::string();
  }
  std::string bytes;
  // The decoder takes padding and blanks that the encoder never writes: only the one spelling is a
  // token.
  if (token.size() > kMaxTokenBytes || !absl::WebSafeBase64Unescape(token, &bytes) ||
      absl::WebSafeBase64Escape(bytes) != token || bytes.size() <= kOverhead ||
      bytes[0] != kVersion) {
    return InvalidPageToken();
  }
  const std::string_view view = bytes;
  const size_t checked = view.size() - sizeof(uint32_t);
  if (ReadRaw<uint32_t>(view.substr(checked)) != Crc32c(view.substr(0, checked)) ||
      ReadRaw<uint64_t>(view.substr(1)) != HashRequest(request)) {
    return InvalidPageToken();
  }
  return std::string(view.substr(1 + sizeof(uint64_t), checked - 1 - sizeof(uint64_t)));
}

}  // namespace lagebild
