#ifndef LAGEBILD_INGEST_SERVICE_INTAKE_URL_H_
#define LAGEBILD_INGEST_SERVICE_INTAKE_URL_H_

#include <optional>
#include <string>
#include <string_view>

namespace lagebild::ingest {

/// The parts of an http or https address that matter here.
struct WebUrl {
  std::string scheme;  ///< "http" or "https".
  std::string host;    ///< Lower-case, without a dot at the end; "[...]" for IPv6.
  std::string port;    ///< Empty when it is the scheme's own.
  std::string path;    ///< Begins with "/".
  std::string query;   ///< Without "?"; empty when there is none.
};

/// Takes an absolute http or https URL apart (RFC 3986; letters outside of ASCII are allowed as
/// browsers show them). nullopt for anything else: another scheme, no host, blanks, control
/// characters.
std::optional<WebUrl> ParseWebUrl(std::string_view url);

/// The address under which copies of a page meet: host in lower case, no fragment, no default port,
/// no parameters that only count visitors (utm_*, fbclid...), percent-encodings in upper case; http
/// and https are the same.
std::string NormalizedUrl(const WebUrl& url);

/// Name of the outlet that a host stands for: without "www.".
std::string OutletOfHost(const WebUrl& url);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_INTAKE_URL_H_
