#include "common/access/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"

namespace lagebild {
namespace {

constexpr std::string_view kTokenPrefix = "lagebild.";
constexpr std::string_view kAlgorithm = "scrypt";
constexpr size_t kMaxNameBytes = 63;
constexpr size_t kSecretBytes = 32;
constexpr size_t kSaltBytes = 16;
constexpr size_t kHashBytes = 32;
// scrypt's own parameters for interactive use. The secret is random, so that guessing is hopeless
// at any cost; this bounds what a request with an unknown token costs us.
constexpr uint64_t kCost = 16384;
constexpr uint64_t kBlockSize = 8;
constexpr uint64_t kParallelism = 1;
// What a file may ask for: no more than this much memory for one token.
constexpr uint64_t kMaxMemoryBytes = uint64_t{256} << 20;
constexpr uint64_t kMaxParallelism = 16;

constexpr std::array<std::pair<Scope, std::string_view>, 3> kScopes = {
    {{Scope::kRead, "read"}, {Scope::kWrite, "write"}, {Scope::kAdmin, "admin"}}};

absl::string_view ToAbsl(std::string_view view) { return {view.data(), view.size()}; }

absl::Status ConfigError(const std::string& message) { return InvalidArgument("CONFIG", message); }

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

uint64_t MemoryOf(const TokenRecord& record) { return 128 * record.cost * record.block_size; }

absl::StatusOr<std::string> RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    return MakeError(absl::StatusCode::kInternal, "NO_RANDOMNESS",
                     "the machine gives no random numbers");
  }
  return bytes;
}

// Empty when the parameters are not ones of scrypt.
std::string Derive(std::string_view token, const TokenRecord& record) {
  std::string hash(kHashBytes, '\0');
  // What OpenSSL counts beside the large table is a few blocks.
  const uint64_t memory = 2 * MemoryOf(record) + (uint64_t{1} << 20);
  const bool derived =
      EVP_PBE_scrypt(token.data(), token.size(),
                     reinterpret_cast<const unsigned char*>(record.salt.data()), record.salt.size(),
                     record.cost, record.block_size, record.parallelism, memory,
                     reinterpret_cast<unsigned char*>(hash.data()), hash.size()) == 1;
  return derived ? hash : std::string();
}

absl::Status ParseHash(std::string_view text, TokenRecord* record) {
  const std::vector<std::string> parts = absl::StrSplit(ToAbsl(text), ':');
  constexpr size_t kParts = 6;
  if (parts.size() != kParts || parts[0] != kAlgorithm) {
    return ConfigError("the hash is not scrypt:N:r:p:SALT:HASH");
  }
  const bool numbers = absl::SimpleAtoi(parts[1], &record->cost) &&
                       absl::SimpleAtoi(parts[2], &record->block_size) &&
                       absl::SimpleAtoi(parts[3], &record->parallelism);
  // Each bound by itself first, so that the product cannot overflow.
  if (!numbers || record->cost < 2 || (record->cost & (record->cost - 1)) != 0 ||
      record->cost > kMaxMemoryBytes || record->block_size < 1 ||
      record->block_size > kMaxMemoryBytes / record->cost || record->parallelism < 1 ||
      record->parallelism > kMaxParallelism || MemoryOf(*record) > kMaxMemoryBytes) {
    return ConfigError("the parameters of the hash are not usable");
  }
  if (!absl::WebSafeBase64Unescape(parts[4], &record->salt) ||
      !absl::WebSafeBase64Unescape(parts[5], &record->hash) || record->salt.size() < kSaltBytes ||
      record->hash.size() != kHashBytes) {
    return ConfigError("salt or hash is not base64url of the right length");
  }
  return absl::OkStatus();
}

absl::StatusOr<TokenRecord> ParseLine(absl::string_view line) {
  const std::vector<std::string> fields =
      absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
  constexpr size_t kFields = 3;
  if (fields.size() != kFields) {
    return ConfigError("a line is NAME SCOPES HASH");
  }
  TokenRecord record;
  record.name = fields[0];
  if (!IsName(record.name)) {
    return ConfigError("the name is not 1 to 63 of a-z, 0-9, \"-\"");
  }
  for (const absl::string_view name : absl::StrSplit(fields[1], ',')) {
    const absl::StatusOr<Scope> scope = ParseScope({name.data(), name.size()});
    if (!scope.ok()) {
      return ConfigError("a scope is not read, write or admin");
    }
    record.scopes |= static_cast<ScopeSet>(*scope);
  }
  if (absl::Status status = ParseHash(fields[2], &record); !status.ok()) {
    return status;
  }
  return record;
}

}  // namespace

std::string_view ScopeName(Scope scope) {
  for (const auto& [value, name] : kScopes) {
    if (value == scope) {
      return name;
    }
  }
  return {};
}

absl::StatusOr<Scope> ParseScope(std::string_view name) {
  for (const auto& [value, known] : kScopes) {
    if (known == name) {
      return value;
    }
  }
  return ConfigError("\"" + std::string(name) + "\" is not a scope: read, write or admin");
}

absl::StatusOr<NewToken> CreateToken(std::string_view name, ScopeSet scopes) {
  if (!IsName(name)) {
    return ConfigError("\"" + std::string(name) + "\" is not a name: 1 to 63 of a-z, 0-9, \"-\"");
  }
  std::vector<std::string_view> names;
  for (const auto& [scope, scope_name] : kScopes) {
    if ((scopes & static_cast<ScopeSet>(scope)) != 0) {
      names.push_back(scope_name);
    }
  }
  if (names.empty()) {
    return ConfigError("a token needs a scope: read, write or admin");
  }
  absl::StatusOr<std::string> secret = RandomBytes(kSecretBytes);
  absl::StatusOr<std::string> salt = RandomBytes(kSaltBytes);
  if (!secret.ok() || !salt.ok()) {
    return secret.ok() ? salt.status() : secret.status();
  }
  TokenRecord record;
  record.cost = kCost;
  record.block_size = kBlockSize;
  record.parallelism = kParallelism;
  record.salt = *std::move(salt);
  NewToken created;
  created.token =
      std::string(kTokenPrefix) + std::string(name) + "." + absl::WebSafeBase64Escape(*secret);
  record.hash = Derive(created.token, record);
  if (record.hash.empty()) {
    return MakeError(absl::StatusCode::kInternal, "NO_SCRYPT", "OpenSSL cannot compute scrypt");
  }
  std::string scope_list;
  for (const std::string_view scope_name : names) {
    scope_list += (scope_list.empty() ? "" : ",") + std::string(scope_name);
  }
  created.line = std::string(name) + " " + scope_list + " " +
                 absl::StrCat(ToAbsl(kAlgorithm), ":", kCost, ":", kBlockSize, ":", kParallelism,
                              ":", absl::WebSafeBase64Escape(record.salt), ":",
                              absl::WebSafeBase64Escape(record.hash));
  return created;
}

absl::StatusOr<std::vector<TokenRecord>> ParseTokens(std::string_view text) {
  std::vector<TokenRecord> records;
  std::set<std::string> names;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') {
      continue;
    }
    absl::StatusOr<TokenRecord> record = ParseLine(line);
    if (!record.ok()) {
      return Annotate(record.status(), "line " + std::to_string(number));
    }
    if (!names.insert(record->name).second) {
      return ConfigError("line " + std::to_string(number) + ": a second token has the name \"" +
                         record->name + "\"");
    }
    records.push_back(*std::move(record));
  }
  return records;
}

std::string_view NameOfToken(std::string_view token) {
  if (!token.starts_with(kTokenPrefix)) {
    return {};
  }
  token.remove_prefix(kTokenPrefix.size());
  const size_t dot = token.find('.');
  return dot == std::string_view::npos || !IsName(token.substr(0, dot)) ? std::string_view()
                                                                        : token.substr(0, dot);
}

bool TokenMatches(std::string_view token, const TokenRecord& record) {
  const std::string hash = Derive(token, record);
  return hash.size() == record.hash.size() &&
         CRYPTO_memcmp(hash.data(), record.hash.data(), hash.size()) == 0;
}

}  // namespace lagebild
