#ifndef LAGEBILD_INGEST_SERVICE_INTAKE_SHA256_H_
#define LAGEBILD_INGEST_SERVICE_INTAKE_SHA256_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace lagebild::ingest {

/// Size of a digest in bytes.
inline constexpr size_t kSha256Bytes = 32;

/// SHA-256 of what is added. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view bytes);
  /// A field with its length in front, so that fields cannot run into each other.
  void AddField(std::string_view bytes);
  /// The digest, 32 bytes. Once.
  std::string Finish();

 private:
  evp_md_ctx_st* context_;
};

/// Lower-case hexadecimal digits of bytes.
std::string Hex(std::string_view bytes);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_INTAKE_SHA256_H_
