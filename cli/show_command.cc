#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/connection.h"
#include "cli/labels.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "common/status/grpc_status.h"

namespace lagebild::cli {
namespace {

constexpr char kReset[] = "\x1b[0m";
constexpr char kDim[] = "\x1b[2m";
constexpr char kBold[] = "\x1b[1m";
constexpr char kUnderline[] = "\x1b[4m";

const char* ColorOf(v1::ClaimAct act) {
  switch (act) {
    case v1::CLAIM_ACT_CONFIRM:
      return "\x1b[32m";
    case v1::CLAIM_ACT_DENY:
      return "\x1b[31m";
    case v1::CLAIM_ACT_ACCUSE:
      return "\x1b[91m";
    case v1::CLAIM_ACT_WARN:
    case v1::CLAIM_ACT_CONCERN:
      return "\x1b[33m";
    case v1::CLAIM_ACT_DEMAND:
      return "\x1b[35m";
    case v1::CLAIM_ACT_ESTIMATE:
    case v1::CLAIM_ACT_PREDICT:
      return "\x1b[36m";
    case v1::CLAIM_ACT_ANNOUNCE:
      return "\x1b[94m";
    case v1::CLAIM_ACT_ASSESS:
      return "\x1b[95m";
    default:
      return "\x1b[34m";
  }
}

/// What is done to one byte position of the text: claims that cover it, and whether a speaker's
/// words do.
struct Paint {
  int claim = -1;  // Innermost claim, an index into the shown ones.
  bool speaker = false;
  bool operator==(const Paint&) const = default;
};

class Page {
 public:
  /// Claims of a lower confidence than `sure` are only counted.
  Page(const v1::QueryServiceGetDocumentResponse& response, bool color, bool fragments, double sure)
      : response_(response), text_(response.document().text()), color_(color), sure_(sure) {
    for (const v1::Claim& claim : response.extraction().claims()) {
      if (!claim.part_of().empty() && !fragments) continue;
      if (claim.confidence() < sure) {
        ++hidden_;
      } else {
        claims_.push_back(&claim);
      }
    }
    // Long claims first, so that those inside them are painted over them.
    std::vector<size_t> order(claims_.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto length = [&](size_t i) {
      int total = 0;
      for (const v1::Span& span : claims_[i]->content()) total += span.end() - span.begin();
      return total;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return length(a) > length(b); });
    paint_.resize(text_.size());
    for (const size_t i : order) {
      for (const v1::Span& span : claims_[i]->content())
        Fill(span, [&](Paint& p) { p.claim = static_cast<int>(i); });
      for (const v1::Span& span : claims_[i]->speaker())
        Fill(span, [&](Paint& p) { p.speaker = true; });
    }
    for (const v1::Actor& actor : response.extraction().actors()) names_[actor.id()] = actor.name();
  }

  void Print() const {
    PrintHead();
    const int width = std::min(TerminalWidth(), 100);
    size_t at = 0;
    while (at < text_.size()) {
      size_t end = text_.find('\n', at);
      if (end == std::string::npos) end = text_.size();
      PrintLine(at, end, width);
      at = end + 1;
    }
    if (color_)
      std::printf("\n%s%sspeaker%s  coloured: what is claimed, by act%s\n", kDim, kUnderline,
                  kReset, kReset);
    if (hidden_ > 0) {
      std::printf("\n%d %s than %g not shown; --min-confidence 0 shows all\n", hidden_,
                  hidden_ == 1 ? "claim less certain" : "claims less certain", sure_);
    }
  }

 private:
  template <class Change>
  void Fill(const v1::Span& span, const Change& change) {
    for (int32_t i = std::max(0, span.begin());
         i < span.end() && static_cast<size_t>(i) < paint_.size(); ++i) {
      change(paint_[static_cast<size_t>(i)]);
    }
  }

  void PrintHead() const {
    const v1::DocumentReference& reference = response_.reference();
    std::string line =
        Printable(reference.title().empty() ? reference.document_id() : reference.title());
    std::printf("%s%s%s\n", color_ ? kBold : "", line.c_str(), color_ ? kReset : "");
    line = reference.document_id();
    if (!reference.outlet().empty()) line += " · " + reference.outlet();
    if (const std::string day = TimeText(reference.published()); !day.empty())
      line += " · published " + day;
    line += " · version " + std::to_string(reference.version());
    if (response_.has_failure()) line += " · not analysed: " + response_.failure().message();
    std::printf("%s%s%s\n\n", color_ ? kDim : "", Printable(line).c_str(), color_ ? kReset : "");
  }

  /// One line of the text, wrapped, with marks; behind it, whose claims begin in it.
  void PrintLine(size_t begin, size_t end, int width) const {
    std::string out;
    int column = 0;
    std::vector<int> begun;
    Paint state;
    size_t word = begin;
    while (word < end) {
      size_t stop = text_.find(' ', word);
      if (stop == std::string::npos || stop > end) stop = end;
      const int word_width = DisplayWidth(Printable(text_.substr(word, stop - word)));
      // What ends with the word before ends in front of the blank.
      if (word < stop && paint_[word] != state) Switch(out, state, Paint{}, begun);
      if (column > 0 && column + 1 + word_width > width) {
        out += '\n';
        column = 0;
      } else if (column > 0) {
        out += ' ';
        ++column;
      }
      for (size_t at = word; at < stop;) {
        size_t run = at + 1;
        while (run < stop && paint_[run] == paint_[at]) ++run;
        Switch(out, state, paint_[at], begun);
        out += Printable(text_.substr(at, run - at));
        at = run;
      }
      column += word_width;
      word = stop + 1;
    }
    Switch(out, state, Paint{}, begun);
    std::printf("%s\n", out.c_str());
    for (const int claim : begun) PrintClaim(claim);
  }

  void Switch(std::string& out, Paint& from, const Paint& to, std::vector<int>& begun) const {
    if (from == to) return;
    if (!color_) {
      if (from.claim != to.claim && from.claim >= 0) out += "]";
      if (from.claim != to.claim && to.claim >= 0) out += "[" + std::to_string(to.claim + 1) + " ";
    } else {
      out += kReset;
      if (to.claim >= 0) out += ColorOf(claims_[static_cast<size_t>(to.claim)]->act());
      if (to.speaker) out += kUnderline;
    }
    if (to.claim >= 0 && std::find(begun.begin(), begun.end(), to.claim) == begun.end() &&
        IsStart(to.claim)) {
      begun.push_back(to.claim);
    }
    from = to;
  }

  bool IsStart(int claim) const {
    return std::find(announced_.begin(), announced_.end(), claim) == announced_.end();
  }

  void PrintClaim(int number) const {
    announced_.push_back(number);
    const v1::Claim& claim = *claims_[static_cast<size_t>(number)];
    std::string who;
    for (int i = 0; i < claim.chain_size(); ++i) {
      const v1::Attribution& link = claim.chain(i);
      if (i > 0) {
        const bool jointly = link.relation() == v1::RELATION_SAYS &&
                             claim.chain(i - 1).relation() == v1::RELATION_SAYS;
        who += jointly ? ", " : " ← ";
      }
      const auto name = names_.find(link.actor_id());
      who += name != names_.end() ? name->second : link.span().text();
    }
    // Words near hearsay only tell where it may come from.
    const bool hearsay = claim.kind() == v1::CLAIM_KIND_FREE_INDIRECT;
    if (who.empty()) {
      who = hearsay || claim.speaker().empty() ? "nobody named" : claim.speaker(0).text();
    }
    std::string what = Label(claim.act());
    if (claim.polarity() == v1::POLARITY_NEG) what += ", negative";
    what += ", " + Label(claim.certainty()) + ", " + Label(claim.kind());
    if (const std::string said = TimeText(claim.said_at()); !said.empty()) what += ", said " + said;
    std::printf("  %s[%d]%s %s%s%s: %s\n", color_ ? ColorOf(claim.act()) : "", number + 1,
                color_ ? kReset : "", color_ ? kBold : "", Printable(who).c_str(),
                color_ ? kReset : "", what.c_str());
  }

  const v1::QueryServiceGetDocumentResponse& response_;
  const std::string& text_;
  const bool color_;
  const double sure_;
  int hidden_ = 0;
  std::vector<const v1::Claim*> claims_;
  std::vector<Paint> paint_;
  std::map<std::string, std::string> names_;
  mutable std::vector<int> announced_;
};

struct ShowOptions {
  std::string document;
  std::string as_of;
  std::string recorded_by;
  bool fragments = false;
  double min_confidence = 0.7;
  OutputFormat format = OutputFormat::kTable;
};

int Show(const Globals& globals, const ShowOptions& options) {
  const auto stub = QueryStub(globals);
  if (!stub.ok()) return Report(stub.status(), "query_service", globals.query_address);
  grpc::ClientContext context;
  SetDeadline(globals, context);
  v1::QueryServiceGetDocumentRequest request;
  request.set_document_id(options.document);
  request.mutable_picture()->set_as_of(options.as_of);
  request.mutable_picture()->set_recorded_by(options.recorded_by);
  v1::QueryServiceGetDocumentResponse response;
  const grpc::Status status = (*stub)->GetDocument(&context, request, &response);
  if (!status.ok()) return Report(FromGrpcStatus(status), "query_service", globals.query_address);
  if (options.format == OutputFormat::kJson) {
    PrintJson(response);
  } else if (options.format == OutputFormat::kCsv) {
    Table table(
        {"claim_id", "begin", "end", "speaker", "kind", "act", "polarity", "certainty", "content"},
        8);
    for (const v1::Claim& claim : response.extraction().claims()) {
      if (claim.content().empty() || claim.confidence() < options.min_confidence) continue;
      table.AddRow({claim.id(), std::to_string(claim.content(0).begin()),
                    std::to_string(claim.content(claim.content_size() - 1).end()),
                    claim.speaker().empty() ? "" : claim.speaker(0).text(), Label(claim.kind()),
                    Label(claim.act()), Label(claim.polarity()), Label(claim.certainty()),
                    ContentText(claim)});
    }
    table.Print(options.format, "");
  } else {
    Page(response, UseColor(globals.no_color), options.fragments, options.min_confidence).Print();
  }
  return kOk;
}

}  // namespace

void AddShowCommand(CLI::App& app, Globals& globals) {
  CLI::App* command = app.add_subcommand(
      "show", "A document in the terminal, its claims coloured by act with their speakers");
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("DOCUMENT", options->document, "id of the document")->required();
  command->add_option("--as-of", options->as_of, "the picture as the public could know it then")
      ->type_name("DATE");
  command
      ->add_option("--recorded-by", options->recorded_by, "the picture as this system stood then")
      ->type_name("DATE");
  command->add_flag("--fragments", options->fragments,
                    "also mark quoted fragments inside other claims");
  command
      ->add_option("--min-confidence", options->min_confidence,
                   "claims at least this likely to be right, 0 to 1; json holds all")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  AddFormatOption(*command, options->format);
  command->footer(
      "Examples:\n  lagebild show 04_rundschau_kette\n  lagebild show 04_rundschau_kette --format "
      "json\n  lagebild show 04_rundschau_kette --min-confidence 0");
  command->callback([options, &globals] { globals.exit_code = Show(globals, *options); });
}

}  // namespace lagebild::cli
