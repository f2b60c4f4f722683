#ifndef LAGEBILD_INGEST_SERVICE_READERS_DECLARED_DATE_H_
#define LAGEBILD_INGEST_SERVICE_READERS_DECLARED_DATE_H_

#include <string>
#include <string_view>

namespace lagebild::ingest {

/// A date as markup declares it, as ISO 8601; empty when it cannot be read.
///
/// Reads what ParseIsoTime() reads, and "20241021", "2024/10/21", "21.10.2024", "21.10.2024 17:46"
/// and the dates of e-mail and HTTP ("Mon, 21 Oct 2024 17:46:00 +0200"). Precision is kept: a day
/// stays a day.
std::string NormalizeDeclaredDate(std::string_view declared);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_DECLARED_DATE_H_
