#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <memory>

#include "cli/commands.h"
#include "cli/connection.h"
#include "cli/labels.h"
#include "cli/output.h"
#include "cli/query_options.h"
#include "cli/terminal.h"
#include "common/status/grpc_status.h"

namespace lagebild::cli {
namespace {

constexpr int32_t kPageSize = 500;

/// Follows the pages of a list until `wanted` items are there, merging them into the first
/// response. `call` is a stub's method, `items` the response's repeated field.
template <class Request, class Response, class Items>
absl::StatusOr<Response> Fetch(
    const Globals& globals, Request request, int64_t wanted,
    const std::function<grpc::Status(grpc::ClientContext*, const Request&, Response*)>& call,
    Items* (Response::*items)()) {
  Response all;
  for (int64_t have = 0; have < wanted;) {
    request.set_page_size(static_cast<int32_t>(std::min<int64_t>(wanted - have, kPageSize)));
    grpc::ClientContext context;
    SetDeadline(globals, context);
    Response page;
    if (const grpc::Status status = call(&context, request, &page); !status.ok()) {
      return FromGrpcStatus(status);
    }
    have += (page.*items)()->size();
    request.set_page_token(page.next_page_token());
    (all.*items)()->MergeFrom(*(page.*items)());
    *all.mutable_read_state() = page.read_state();
    all.set_next_page_token(page.next_page_token());
    if (request.page_token().empty()) break;
  }
  return all;
}

/// Runs a list command: stub, pages, printing.
template <class Request, class Response, class Items>
int List(const Globals& globals, const Request& request, const ReadOptions& read,
         grpc::Status (v1::QueryService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
         Items* (Response::*items)(), const std::function<Table(const Response&)>& rows,
         const std::string& nothing) {
  auto stub = QueryStub(globals);
  if (!stub.ok()) return Report(stub.status(), "query_service", globals.query_address);
  const auto response = Fetch<Request, Response, Items>(
      globals, request, read.wanted(),
      [&](grpc::ClientContext* context, const Request& page, Response* answer) {
        return ((**stub).*method)(context, page, answer);
      },
      items);
  if (!response.ok()) return Report(response.status(), "query_service", globals.query_address);
  if (read.format == OutputFormat::kJson) {
    PrintJson(*response);
  } else {
    rows(*response).Print(read.format, nothing);
    if (!response->next_page_token().empty() && read.format == OutputFormat::kTable) {
      std::fprintf(stderr, "There are more; --limit N or --all shows them.\n");
    }
  }
  return kOk;
}

/// The document as a cell of a table: headlines may be long.
std::string WhereText(const v1::DocumentReference& document) {
  constexpr int kWidth = 40;
  return Shorten(DocumentText(document), kWidth);
}

std::string ChainText(const v1::ClaimEntry& entry) {
  const auto says = [&](int i) {
    return i < entry.claim().chain_size() && entry.claim().chain(i).relation() == v1::RELATION_SAYS;
  };
  std::string text;
  for (int i = 0; i < entry.chain_size(); ++i) {
    // Those who say it jointly stand side by side; who has it from somebody, behind an arrow.
    if (i > 0) text += says(i - 1) && says(i) ? ", " : " ← ";
    text += entry.chain(i).name();
  }
  return text;
}

Table ClaimRows(const v1::ListClaimsResponse& response, OutputFormat format) {
  if (format == OutputFormat::kCsv) {
    Table table({"name", "published", "outlet", "title", "document_id", "speakers", "kind", "act",
                 "polarity", "certainty", "said_at", "about", "content", "chain", "confidence"},
                12);
    for (const v1::ClaimEntry& entry : response.claims()) {
      const v1::Claim& claim = entry.claim();
      table.AddRow({entry.name(), TimeText(entry.document().published()), entry.document().outlet(),
                    entry.document().title(), entry.document().document_id(),
                    NamesText(entry.speakers()), Label(claim.kind()), Label(claim.act()),
                    Label(claim.polarity()), Label(claim.certainty()), TimeText(claim.said_at()),
                    TimeText(claim.about()), ContentText(claim), ChainText(entry),
                    std::to_string(claim.confidence())});
    }
    return table;
  }
  Table table({"PUBLISHED", "WHO", "ACT", "CERTAINTY", "CLAIM", "WHERE"}, 4);
  for (const v1::ClaimEntry& entry : response.claims()) {
    const v1::Claim& claim = entry.claim();
    std::string who = ChainText(entry);
    if (who.empty()) who = NamesText(entry.speakers());
    table.AddRow({TimeText(entry.document().published()), who.empty() ? "—" : who,
                  StanceText(claim), Label(claim.certainty()), ContentText(claim),
                  WhereText(entry.document())});
  }
  return table;
}

Table FigureRows(const v1::ListFiguresResponse& response, OutputFormat format) {
  if (format == OutputFormat::kCsv) {
    Table table({"name", "as_of", "claimants", "low", "high", "qualifier", "unit", "of", "place",
                 "status", "text", "sentence", "outlet", "document_id"},
                11);
    for (const v1::FigureEntry& entry : response.figures()) {
      const v1::Figure& figure = entry.figure();
      table.AddRow({entry.name(), TimeText(entry.as_of()), NamesText(entry.claimants()),
                    figure.has_low() ? std::to_string(figure.low()) : "",
                    figure.has_high() ? std::to_string(figure.high()) : "",
                    Label(figure.qualifier()), figure.unit(), figure.of(), figure.place(),
                    figure.status(), figure.span().text(), entry.sentence().text(),
                    entry.document().outlet(), entry.document().document_id()});
    }
    return table;
  }
  Table table({"AS OF", "WHO", "NUMBER", "OF", "STATUS", "SENTENCE", "WHERE"}, 5);
  for (const v1::FigureEntry& entry : response.figures()) {
    const v1::Figure& figure = entry.figure();
    table.AddRow({TimeText(entry.as_of()),
                  entry.claimants().empty() ? "—" : NamesText(entry.claimants()),
                  NumberText(figure), figure.of().empty() ? figure.unit() : figure.of(),
                  figure.status(), entry.sentence().text(), WhereText(entry.document())});
  }
  return table;
}

Table ActorRows(const v1::ListActorsResponse& response, OutputFormat format) {
  const auto names = [](const auto& counts, int most) {
    std::string text;
    for (int i = 0; i < counts.size() && i < most; ++i) text += (i ? ", " : "") + counts[i].name();
    return text;
  };
  if (format == OutputFormat::kCsv) {
    Table table({"actor_id", "name", "type", "country", "roles", "aliases", "documents", "claims",
                 "first_published", "last_published"},
                5);
    for (const v1::ActorEntry& actor : response.actors()) {
      table.AddRow({actor.actor_id(), actor.name(), Label(actor.type()), actor.country(),
                    names(actor.roles(), actor.roles_size()),
                    names(actor.aliases(), actor.aliases_size()),
                    std::to_string(actor.document_count()), std::to_string(actor.claim_count()),
                    actor.first_published(), actor.last_published()});
    }
    return table;
  }
  Table table({"NAME", "TYPE", "COUNTRY", "ROLES", "ALSO", "CLAIMS", "DOCUMENTS", "SINCE"}, 4);
  for (const v1::ActorEntry& actor : response.actors()) {
    table.AddRow({actor.name(), Label(actor.type()), actor.country(), names(actor.roles(), 2),
                  names(actor.aliases(), 4), std::to_string(actor.claim_count()),
                  std::to_string(actor.document_count()), actor.first_published()});
  }
  return table;
}

std::vector<std::string> TimelineCells(const v1::TimelineEntry& entry, bool csv) {
  const auto where = csv ? DocumentText : WhereText;
  switch (entry.item_case()) {
    case v1::TimelineEntry::kEvent: {
      const v1::Event& event = entry.event().event();
      return {Label(event.type()), Label(event.factuality()),
              NamesText(entry.event().participants()), where(entry.event().document())};
    }
    case v1::TimelineEntry::kClaim:
      return {"claim", Label(entry.claim().claim().certainty()),
              NamesText(entry.claim().speakers()), where(entry.claim().document())};
    case v1::TimelineEntry::kFigure:
      return {"figure", Label(entry.figure().figure().qualifier()),
              NamesText(entry.figure().claimants()), where(entry.figure().document())};
    case v1::TimelineEntry::ITEM_NOT_SET:
      break;
  }
  return {"", "", "", ""};
}

Table TimelineRows(const v1::GetTimelineResponse& response, OutputFormat format) {
  const bool csv = format == OutputFormat::kCsv;
  Table table(csv ? std::vector<std::string>{"time", "what", "status", "who", "text", "document"}
                  : std::vector<std::string>{"TIME", "WHAT", "STATUS", "WHO", "TEXT", "WHERE"},
              4);
  for (const v1::TimelineEntry& entry : response.entries()) {
    const std::vector<std::string> cells = TimelineCells(entry, csv);
    table.AddRow(
        {TimeText(entry.time()), cells[0], cells[1], cells[2], entry.source().text(), cells[3]});
  }
  return table;
}

template <class Enum>
CLI::Option* AddOrder(CLI::App& command, std::string& order) {
  return command.add_option("--order-by", order, "order of the list")
      ->check(CLI::IsMember(Labels(google::protobuf::GetEnumDescriptor<Enum>()), CLI::ignore_case))
      ->type_name("ORDER");
}

}  // namespace

void AddClaimsCommand(CLI::App& app, Globals& globals) {
  struct Options {
    ReadOptions read;
    FilterOptions filter;
    std::string order;
    bool fragments = false;
  };
  CLI::App* command = app.add_subcommand("claims", "Who claims what, newest first");
  const auto options = std::make_shared<Options>();
  options->filter.AddTo(*command, true);
  AddOrder<v1::ItemOrder>(*command, options->order);
  command->add_flag("--fragments", options->fragments,
                    "also quoted fragments that stand in other claims");
  options->read.AddTo(*command);
  command->footer(
      "Examples:\n"
      "  lagebild claims --actor \"Marlene Oderbruch\"\n"
      "  lagebild claims --act deny --act confirm --from 2031-03-12 --format csv\n"
      "  lagebild claims --text \"Explosion Warn*\" --as-of 2031-03-14");
  command->callback([options, &globals] {
    v1::ListClaimsRequest request;
    *request.mutable_picture() = options->read.picture();
    *request.mutable_filter() = options->filter.filter();
    request.set_order_by(
        static_cast<v1::ItemOrder>(ValueOf(v1::ItemOrder_descriptor(), options->order)));
    request.set_include_fragments(options->fragments);
    globals.exit_code = List<v1::ListClaimsRequest, v1::ListClaimsResponse>(
        globals, request, options->read, &v1::QueryService::Stub::ListClaims,
        &v1::ListClaimsResponse::mutable_claims,
        [&](const v1::ListClaimsResponse& response) {
          return ClaimRows(response, options->read.format);
        },
        "No claims.");
  });
}

void AddFiguresCommand(CLI::App& app, Globals& globals) {
  struct Options {
    ReadOptions read;
    FilterOptions filter;
    std::string order;
    std::string unit;
    bool claimed = false;
  };
  CLI::App* command = app.add_subcommand("figures", "Numbers, who states them, and as of when");
  const auto options = std::make_shared<Options>();
  options->filter.AddTo(*command, false);
  command->add_option("--unit", options->unit, "only of this unit or counted noun")
      ->type_name("WORD");
  command->add_flag("--claimed", options->claimed, "only figures that somebody claims");
  AddOrder<v1::ItemOrder>(*command, options->order);
  options->read.AddTo(*command);
  command->footer(
      "Examples:\n"
      "  lagebild figures --unit Verletzte --order-by published-asc\n"
      "  lagebild figures --actor Kreisklinikum --format json");
  command->callback([options, &globals] {
    v1::ListFiguresRequest request;
    *request.mutable_picture() = options->read.picture();
    *request.mutable_filter() = options->filter.filter();
    request.set_unit(options->unit);
    request.set_claimed_only(options->claimed);
    request.set_order_by(
        static_cast<v1::ItemOrder>(ValueOf(v1::ItemOrder_descriptor(), options->order)));
    globals.exit_code = List<v1::ListFiguresRequest, v1::ListFiguresResponse>(
        globals, request, options->read, &v1::QueryService::Stub::ListFigures,
        &v1::ListFiguresResponse::mutable_figures,
        [&](const v1::ListFiguresResponse& response) {
          return FigureRows(response, options->read.format);
        },
        "No figures.");
  });
}

void AddActorsCommand(CLI::App& app, Globals& globals) {
  struct Options {
    ReadOptions read;
    std::vector<std::string> types;
    std::string text;
    std::string document;
    std::string order;
  };
  CLI::App* command = app.add_subcommand("actors", "Who acts and speaks, across documents");
  const auto options = std::make_shared<Options>();
  command->add_option("--type", options->types, "only actors of this type")
      ->check(CLI::IsMember(Labels(v1::ActorType_descriptor()), CLI::ignore_case))
      ->type_name("TYPE")
      ->allow_extra_args(false);
  command->add_option("--text", options->text, "must occur in a name or alias")->type_name("TEXT");
  command->add_option("--document", options->document, "only actors named in this document")
      ->type_name("ID");
  AddOrder<v1::ActorOrder>(*command, options->order);
  options->read.AddTo(*command);
  command->footer(
      "Examples:\n"
      "  lagebild actors --order-by claims-desc --limit 10\n"
      "  lagebild actors --type media --format csv");
  command->callback([options, &globals] {
    v1::ListActorsRequest request;
    *request.mutable_picture() = options->read.picture();
    for (const std::string& type : options->types) {
      request.add_types(static_cast<v1::ActorType>(ValueOf(v1::ActorType_descriptor(), type)));
    }
    request.set_text(options->text);
    request.set_document_id(options->document);
    request.set_order_by(
        static_cast<v1::ActorOrder>(ValueOf(v1::ActorOrder_descriptor(), options->order)));
    globals.exit_code = List<v1::ListActorsRequest, v1::ListActorsResponse>(
        globals, request, options->read, &v1::QueryService::Stub::ListActors,
        &v1::ListActorsResponse::mutable_actors,
        [&](const v1::ListActorsResponse& response) {
          return ActorRows(response, options->read.format);
        },
        "No actors.");
  });
}

void AddTimelineCommand(CLI::App& app, Globals& globals) {
  struct Options {
    ReadOptions read;
    FilterOptions filter;
    std::vector<std::string> entries;
  };
  CLI::App* command = app.add_subcommand("timeline", "Events, claims and figures by event time");
  const auto options = std::make_shared<Options>();
  options->filter.AddTo(*command, true);
  command->add_option("--entries", options->entries, "only entries of this kind")
      ->check(CLI::IsMember(Labels(v1::TimelineEntryKind_descriptor()), CLI::ignore_case))
      ->type_name("KIND")
      ->allow_extra_args(false);
  options->read.AddTo(*command);
  command->footer(
      "Examples:\n"
      "  lagebild timeline --entries event --from 2031-03-01 --to 2031-03-31\n"
      "  lagebild timeline --actor Kestrin-Chemie");
  command->callback([options, &globals] {
    v1::GetTimelineRequest request;
    *request.mutable_picture() = options->read.picture();
    *request.mutable_filter() = options->filter.filter();
    for (const std::string& kind : options->entries) {
      request.add_kinds(
          static_cast<v1::TimelineEntryKind>(ValueOf(v1::TimelineEntryKind_descriptor(), kind)));
    }
    globals.exit_code = List<v1::GetTimelineRequest, v1::GetTimelineResponse>(
        globals, request, options->read, &v1::QueryService::Stub::GetTimeline,
        &v1::GetTimelineResponse::mutable_entries,
        [&](const v1::GetTimelineResponse& response) {
          return TimelineRows(response, options->read.format);
        },
        "Nothing.");
  });
}

}  // namespace lagebild::cli
