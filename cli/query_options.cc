#include "cli/query_options.h"

#include <CLI/CLI.hpp>
#include <limits>

#include "cli/labels.h"
#include "cli/output.h"

namespace lagebild::cli {
namespace {

template <class Enum>
CLI::Validator LabelOf() {
  return CLI::IsMember(Labels(google::protobuf::GetEnumDescriptor<Enum>()), CLI::ignore_case);
}

template <class Enum, class Field>
void Set(const std::vector<std::string>& labels, Field* field) {
  for (const std::string& label : labels) {
    field->Add(ValueOf(google::protobuf::GetEnumDescriptor<Enum>(), label));
  }
}

}  // namespace

void ReadOptions::AddTo(CLI::App& command) {
  command
      .add_option("--as-of", as_of, "the picture as the public could know it then (day or instant)")
      ->type_name("DATE");
  command
      .add_option("--recorded-by", recorded_by,
                  "the picture as this system stood then, corrections and deletions included")
      ->type_name("DATE");
  command.add_option("--limit", limit, "print at most this many")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}))
      ->capture_default_str()
      ->type_name("N");
  command.add_flag("--all", all, "print all there are");
  AddFormatOption(command, format);
}

v1::Picture ReadOptions::picture() const {
  v1::Picture picture;
  picture.set_as_of(as_of);
  picture.set_recorded_by(recorded_by);
  return picture;
}

int64_t ReadOptions::wanted() const { return all ? std::numeric_limits<int64_t>::max() : limit; }

void FilterOptions::AddTo(CLI::App& command, bool claims) {
  command.add_option("--actor", actors, "only of this actor, by name or id; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  if (claims) {
    command.add_option("--act", acts, "only claims with this act")
        ->check(LabelOf<v1::ClaimAct>())
        ->type_name("ACT")
        ->allow_extra_args(false);
    command.add_option("--polarity", polarities, "only claims with this polarity")
        ->check(LabelOf<v1::Polarity>())
        ->type_name("POLARITY")
        ->allow_extra_args(false);
    command.add_option("--certainty", certainties, "only claims with this certainty")
        ->check(LabelOf<v1::Certainty>())
        ->type_name("CERTAINTY")
        ->allow_extra_args(false);
    command.add_option("--kind", kinds, "only claims reported in this way")
        ->check(LabelOf<v1::ClaimKind>())
        ->type_name("KIND")
        ->allow_extra_args(false);
  }
  command.add_option("--document", documents, "only in this document, by id")
      ->type_name("ID")
      ->allow_extra_args(false);
  command.add_option("--outlet", outlets, "only from this outlet")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("--text", text, "words that must all occur (\"wort*\" for beginnings)")
      ->type_name("WORDS");
  command.add_option("--from", from, "event time not before this day")->type_name("DAY");
  command.add_option("--to", to, "event time not after this day")->type_name("DAY");
  command.add_option("--published-from", published_from, "published not before this day")
      ->type_name("DAY");
  command.add_option("--published-to", published_to, "published not after this day")
      ->type_name("DAY");
  command.add_option("--min-confidence", min_confidence, "at least this probability, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("P");
}

v1::ItemFilter FilterOptions::filter() const {
  v1::ItemFilter filter;
  for (const auto& actor : actors) filter.add_actors(actor);
  Set<v1::ClaimAct>(acts, filter.mutable_acts());
  Set<v1::Polarity>(polarities, filter.mutable_polarities());
  Set<v1::Certainty>(certainties, filter.mutable_certainties());
  Set<v1::ClaimKind>(kinds, filter.mutable_kinds());
  for (const auto& document : documents) filter.add_document_ids(document);
  for (const auto& outlet : outlets) filter.add_outlets(outlet);
  filter.set_text(text);
  if (!from.empty() || !to.empty()) {
    filter.mutable_event_time()->set_earliest(from);
    filter.mutable_event_time()->set_latest(to);
  }
  if (!published_from.empty() || !published_to.empty()) {
    filter.mutable_published()->set_earliest(published_from);
    filter.mutable_published()->set_latest(published_to);
  }
  filter.set_min_confidence(min_confidence);
  return filter;
}

}  // namespace lagebild::cli
