#include "ingest_service/readers/charset.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "common/status/error.h"
#include "common/text/utf8.h"
#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

absl::Status NotUtf8(size_t offset) {
  const std::string at = std::to_string(offset);
  return InvalidArgument("INVALID_UTF8", "the page says that it is UTF-8 but is not at byte " + at,
                         {}, {{"byte_offset", at}});
}

// Charset named by the first <meta ... charset=NAME> of the page's opening; empty when there is
// none.
std::string DeclaredCharset(std::string_view bytes) {
  const std::string head = AsciiLowered(bytes.substr(0, 4096));
  size_t at = 0;
  while ((at = head.find("<meta", at)) != std::string::npos) {
    const size_t end = std::min(head.find('>', at), head.size());
    size_t charset = head.find("charset", at);
    if (charset < end) {
      charset += 7;
      while (charset < end && (IsAsciiSpace(head[charset]) || head[charset] == '=' ||
                               head[charset] == '"' || head[charset] == '\'')) {
        ++charset;
      }
      size_t stop = charset;
      while (stop < end && !IsAsciiSpace(head[stop]) && head[stop] != '"' && head[stop] != '\'' &&
             head[stop] != ';' && head[stop] != '/') {
        ++stop;
      }
      if (stop > charset) return head.substr(charset, stop - charset);
    }
    at = end;
  }
  return {};
}

// Decodes with ICU; nullopt when it does not know the charset.
std::optional<std::string> Convert(std::string_view bytes, const std::string& charset) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, ConverterCloser> converter(ucnv_open(charset.c_str(), &error));
  if (U_FAILURE(error)) return std::nullopt;
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int32_t>::max())) return std::nullopt;
  const icu::UnicodeString decoded(bytes.data(), static_cast<int32_t>(bytes.size()),
                                   converter.get(), error);
  if (U_FAILURE(error)) return std::nullopt;
  std::string utf8;
  decoded.toUTF8String(utf8);
  return utf8;
}

}  // namespace

absl::StatusOr<std::string> DecodePage(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    if (const auto offset = FindInvalidUtf8(bytes)) return NotUtf8(*offset);
    return std::string(bytes.substr(3));
  }
  if (bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE")) {
    const bool big_endian = bytes.front() == '\xFE';
    if (auto utf8 = Convert(bytes.substr(2), big_endian ? "UTF-16BE" : "UTF-16LE")) return *utf8;
  }
  const auto invalid = FindInvalidUtf8(bytes);
  if (!invalid.has_value()) return std::string(bytes);
  std::string charset = DeclaredCharset(bytes);
  if (charset == "utf-8" || charset == "utf8") return NotUtf8(*invalid);
  if (charset.empty() || charset == "iso-8859-1" || charset == "latin1" || charset == "us-ascii" ||
      charset == "ascii" || charset.starts_with("utf-16")) {
    charset = "windows-1252";
  }
  if (auto utf8 = Convert(bytes, charset)) return *utf8;
  if (auto utf8 = Convert(bytes, "windows-1252")) return *utf8;
  return NotUtf8(*invalid);
}

}  // namespace lagebild::ingest
