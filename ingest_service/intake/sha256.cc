#include "ingest_service/intake/sha256.h"

#include <openssl/evp.h>

#include <cassert>

#include "common/storage/keys.h"

namespace lagebild::ingest {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  // Looked up once: OpenSSL 3 walks its providers each time an algorithm is named.
  static EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  [[maybe_unused]] const int ok = EVP_DigestInit_ex(context_, kAlgorithm, nullptr);
  assert(ok == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_); }

void Sha256::Add(std::string_view bytes) {
  [[maybe_unused]] const int ok = EVP_DigestUpdate(context_, bytes.data(), bytes.size());
  assert(ok == 1);
}

void Sha256::AddField(std::string_view bytes) {
  std::string size;
  storage::AppendUint64(&size, bytes.size());
  Add(size);
  Add(bytes);
}

std::string Sha256::Finish() {
  std::string digest(kSha256Bytes, '\0');
  [[maybe_unused]] const int ok =
      EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  assert(ok == 1);
  return digest;
}

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    hex.push_back(kDigits[static_cast<unsigned char>(byte) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(byte) & 0xf]);
  }
  return hex;
}

}  // namespace lagebild::ingest
