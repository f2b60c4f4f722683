// The JSON Lines reader on arbitrary bytes: every line gives a document or an error that names it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "common/text/utf8.h"
#include "ingest_service/readers/jsonl_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::istringstream input(std::string(reinterpret_cast<const char*>(data), size));
  lagebild::ingest::JsonlReader reader(input, 4096);
  int64_t before = 0;
  while (const auto line = reader.Next()) {
    if (line->number <= before) std::abort();
    before = line->number;
    if (line->document.ok()) {
      if (lagebild::FindInvalidUtf8(line->document->content).has_value()) std::abort();
      continue;
    }
    const std::string place = "line " + std::to_string(line->number);
    if (line->document.status().message().find(place) != 0) std::abort();
  }
  return 0;
}
