#include "ingest_service/intake/url.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "ingest_service/readers/ascii.h"

namespace lagebild::ingest {
namespace {

bool IsHostCharacter(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '.' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Parameters that name the way a visitor came, not the page.
bool IsTrackingParameter(std::string_view parameter) {
  const std::string name = AsciiLowered(parameter.substr(0, parameter.find('=')));
  return name.starts_with("utm_") || name == "fbclid" || name == "gclid" || name == "wt_mc" ||
         name == "mc_cid" || name == "mc_eid" || name == "igshid";
}

std::string WithoutTracking(std::string_view query) {
  std::string kept;
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (parameter.empty() || IsTrackingParameter(parameter)) continue;
    if (!kept.empty()) kept.push_back('&');
    kept.append(parameter);
  }
  return kept;
}

std::string WithUpperEscapes(std::string text) {
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '%') continue;
    for (const size_t digit : {i + 1, i + 2}) {
      if (text[digit] >= 'a' && text[digit] <= 'f') text[digit] -= 'a' - 'A';
    }
  }
  return text;
}

}  // namespace

std::optional<WebUrl> ParseWebUrl(std::string_view url) {
  const bool blanks = std::any_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
  });
  if (blanks) return std::nullopt;
  WebUrl parts;
  if (StartsWithIgnoringCase(url, "https://")) {
    parts.scheme = "https";
  } else if (StartsWithIgnoringCase(url, "http://")) {
    parts.scheme = "http";
  } else {
    return std::nullopt;
  }
  std::string_view rest = url.substr(parts.scheme.size() + 3);
  rest = rest.substr(0, rest.find('#'));
  const size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }

  std::string_view host = authority;
  std::string_view port;
  const size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  if (const size_t colon = authority.find(':', bracket); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
  }
  if (port.size() > 5 || !std::all_of(port.begin(), port.end(), IsAsciiDigit)) return std::nullopt;
  while (port.size() > 1 && port.front() == '0') port.remove_prefix(1);
  if (!port.empty() && (port == "0" || std::stoi(std::string(port)) > 65535)) return std::nullopt;
  if (host.starts_with('[')) {
    const std::string_view address = host.substr(1, host.size() < 2 ? 0 : host.size() - 2);
    const bool well_formed =
        host.ends_with(']') && address.find(':') != std::string_view::npos &&
        std::all_of(address.begin(), address.end(), [](char c) {
          return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
        });
    if (!well_formed) return std::nullopt;
  } else {
    if (host.find("..") != std::string_view::npos) return std::nullopt;
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.empty() || host.size() > 253 || host.starts_with('.') ||
        !std::all_of(host.begin(), host.end(), IsHostCharacter)) {
      return std::nullopt;
    }
  }
  parts.host = AsciiLowered(host);
  if (!(parts.scheme == "http" && port == "80") && !(parts.scheme == "https" && port == "443")) {
    parts.port = std::string(port);
  }
  const size_t question = std::min(rest.find('?'), rest.size());
  parts.path = std::string(rest.substr(0, question));
  if (parts.path.empty()) parts.path = "/";
  if (question < rest.size()) parts.query = std::string(rest.substr(question + 1));
  return parts;
}

std::string NormalizedUrl(const WebUrl& url) {
  std::string normalized = "https://" + url.host;
  // http on 443 is taken for https, whose own port that is.
  if (!url.port.empty() && url.port != "443") normalized += ":" + url.port;
  normalized += WithUpperEscapes(url.path);
  if (const std::string query = WithoutTracking(url.query); !query.empty()) {
    normalized += "?" + WithUpperEscapes(query);
  }
  return normalized;
}

std::string OutletOfHost(const WebUrl& url) {
  const std::string_view host = url.host;
  return std::string(host.starts_with("www.") && host.size() > 4 ? host.substr(4) : host);
}

}  // namespace lagebild::ingest
