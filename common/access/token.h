#ifndef LAGEBILD_COMMON_ACCESS_TOKEN_H_
#define LAGEBILD_COMMON_ACCESS_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lagebild {

/// What a token allows. The values are bits of a ScopeSet; none includes another.
enum class Scope : uint8_t {
  kRead = 1,   ///< Everything that changes nothing.
  kWrite = 2,  ///< Adding and retracting documents.
  kAdmin = 4,  ///< What concerns the store as a whole: backups, verification.
};
using ScopeSet = uint8_t;

/// "read", "write", "admin".
std::string_view ScopeName(Scope scope);
/// The scope of a name. Errors: INVALID_ARGUMENT (CONFIG).
absl::StatusOr<Scope> ParseScope(std::string_view name);

/// What a tokens file keeps of a token: enough to recognise it, not to make it.
///
/// Line of the file: name, scopes (comma-separated) and hash, separated by blanks:
///   wire-desk read,write scrypt:16384:8:1:SALT:HASH      salt and hash in base64url
/// Empty lines and lines that begin with # say nothing.
struct TokenRecord {
  std::string name;  ///< 1 to 63 of a-z, 0-9, "-"; unique in the file; named in logs and limits.
  ScopeSet scopes = 0;
  uint64_t cost = 0;         ///< scrypt's N, a power of two.
  uint64_t block_size = 0;   ///< scrypt's r.
  uint64_t parallelism = 0;  ///< scrypt's p.
  std::string salt;
  std::string hash;
  bool operator==(const TokenRecord&) const = default;
};

/// A new token: what its holder keeps secret and the line that goes into the tokens file.
struct NewToken {
  std::string token;  ///< "lagebild.NAME.SECRET"; the secret has 256 random bits.
  std::string line;   ///< Without its end.
};

/// Makes a token. Errors: INVALID_ARGUMENT (CONFIG) for a bad name or no scope, INTERNAL when the
/// machine gives no random numbers.
absl::StatusOr<NewToken> CreateToken(std::string_view name, ScopeSet scopes);

/// Reads a tokens file. Errors: INVALID_ARGUMENT (CONFIG) naming the line; never quotes the line,
/// which may hold a token by mistake.
absl::StatusOr<std::vector<TokenRecord>> ParseTokens(std::string_view text);

/// The name inside a token; empty when it has not the form of one.
std::string_view NameOfToken(std::string_view token);

/// Whether a token is the one of a record. Costs a scrypt (some 40 ms and 16 MiB); compares in
/// constant time.
bool TokenMatches(std::string_view token, const TokenRecord& record);

}  // namespace lagebild

#endif  // LAGEBILD_COMMON_ACCESS_TOKEN_H_
