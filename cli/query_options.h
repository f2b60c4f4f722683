#ifndef LAGEBILD_CLI_QUERY_OPTIONS_H_
#define LAGEBILD_CLI_QUERY_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/globals.h"
#include "lagebild/v1/query_service.pb.h"

namespace CLI {
class App;
}

namespace lagebild::cli {

/// What every command that reads the record shares: the picture, how many, and how to print them.
struct ReadOptions {
  std::string as_of;
  std::string recorded_by;
  int64_t limit = 50;
  bool all = false;
  OutputFormat format = OutputFormat::kTable;

  void AddTo(CLI::App& command);
  v1::Picture picture() const;
  /// Most items to fetch.
  int64_t wanted() const;
};

/// The conditions of an ItemFilter as flags.
struct FilterOptions {
  std::vector<std::string> actors, acts, polarities, certainties, kinds, documents, outlets;
  std::string text, from, to, published_from, published_to;
  double min_confidence = 0;

  /// `claims` adds the conditions that only claims have (act, polarity, certainty, kind).
  void AddTo(CLI::App& command, bool claims);
  v1::ItemFilter filter() const;
};

}  // namespace lagebild::cli

#endif  // LAGEBILD_CLI_QUERY_OPTIONS_H_
