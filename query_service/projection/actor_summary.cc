#include "query_service/projection/actor_summary.h"

#include <algorithm>
#include <string>

namespace lagebild::query {
namespace {

using NameCounts = google::protobuf::RepeatedPtrField<v1::NameCount>;

void Sort(NameCounts* counts) {
  std::sort(counts->begin(), counts->end(), [](const v1::NameCount& a, const v1::NameCount& b) {
    return a.document_count() != b.document_count() ? a.document_count() > b.document_count()
                                                    : a.name() < b.name();
  });
}

void AddCounts(const NameCounts& added, NameCounts* counts) {
  for (const v1::NameCount& count : added) {
    const auto known =
        std::find_if(counts->begin(), counts->end(),
                     [&](const v1::NameCount& other) { return other.name() == count.name(); });
    if (known != counts->end()) {
      known->set_document_count(known->document_count() + count.document_count());
    } else {
      *counts->Add() = count;
    }
  }
  if (!added.empty()) Sort(counts);
}

void RemoveCounts(const NameCounts& removed, NameCounts* counts) {
  for (const v1::NameCount& count : removed) {
    const auto known =
        std::find_if(counts->begin(), counts->end(),
                     [&](const v1::NameCount& other) { return other.name() == count.name(); });
    if (known == counts->end()) continue;
    known->set_document_count(known->document_count() - count.document_count());
    if (known->document_count() <= 0) counts->erase(known);
  }
  if (!removed.empty()) Sort(counts);
}

}  // namespace

void AddContribution(const v1::ActorEntry& contribution, v1::ActorEntry* summary) {
  if (summary->actor_id().empty()) {
    summary->set_actor_id(contribution.actor_id());
    summary->set_name(contribution.name());
    summary->set_type(contribution.type());
  }
  if (summary->country().empty()) summary->set_country(contribution.country());
  AddCounts(contribution.roles(), summary->mutable_roles());
  AddCounts(contribution.aliases(), summary->mutable_aliases());
  summary->set_document_count(summary->document_count() + contribution.document_count());
  summary->set_claim_count(summary->claim_count() + contribution.claim_count());
  AddDays(contribution, summary);
}

void RemoveContribution(const v1::ActorEntry& contribution, v1::ActorEntry* summary) {
  RemoveCounts(contribution.roles(), summary->mutable_roles());
  RemoveCounts(contribution.aliases(), summary->mutable_aliases());
  summary->set_document_count(summary->document_count() - contribution.document_count());
  summary->set_claim_count(summary->claim_count() - contribution.claim_count());
}

bool NeedsNewDays(const v1::ActorEntry& contribution, const v1::ActorEntry& summary) {
  return !contribution.first_published().empty() &&
         (contribution.first_published() == summary.first_published() ||
          contribution.last_published() == summary.last_published());
}

void AddDays(const v1::ActorEntry& contribution, v1::ActorEntry* summary) {
  // ISO days of four-digit years compare as strings.
  const std::string& first = contribution.first_published();
  if (!first.empty() &&
      (summary->first_published().empty() || first < summary->first_published())) {
    summary->set_first_published(first);
  }
  if (contribution.last_published() > summary->last_published()) {
    summary->set_last_published(contribution.last_published());
  }
}

}  // namespace lagebild::query
