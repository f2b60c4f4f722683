#include "query_service/projection/actor_summary.h"

#include <string>

namespace lagebild::query {
namespace {

using NameCounts = google::protobuf::RepeatedPtrField<v1::NameCount>;

bool Before(const v1::NameCount& a, const v1::NameCount& b) {
  return a.document_count() != b.document_count() ? a.document_count() > b.document_count()
                                                  : a.name() < b.name();
}

// Puts a count that has changed back into the order of the others, which is whole: an actor of many
// names changes with every document, so that sorting them all would cost more than all the rest.
void PutInOrder(NameCounts* counts, int at) {
  for (; at > 0 && Before((*counts)[at], (*counts)[at - 1]); --at) counts->SwapElements(at, at - 1);
  for (; at + 1 < counts->size() && Before((*counts)[at + 1], (*counts)[at]); ++at) {
    counts->SwapElements(at, at + 1);
  }
}

int Find(const NameCounts& counts, const std::string& name) {
  int at = 0;
  while (at < counts.size() && counts[at].name() != name) ++at;
  return at;
}

void AddCounts(const NameCounts& added, NameCounts* counts) {
  for (const v1::NameCount& count : added) {
    const int at = Find(*counts, count.name());
    if (at < counts->size()) {
      v1::NameCount& known = (*counts)[at];
      known.set_document_count(known.document_count() + count.document_count());
    } else {
      *counts->Add() = count;
    }
    PutInOrder(counts, at);
  }
}

void RemoveCounts(const NameCounts& removed, NameCounts* counts) {
  for (const v1::NameCount& count : removed) {
    const int at = Find(*counts, count.name());
    if (at == counts->size()) continue;
    v1::NameCount& known = (*counts)[at];
    known.set_document_count(known.document_count() - count.document_count());
    if (known.document_count() <= 0) {
      counts->erase(counts->begin() + at);
    } else {
      PutInOrder(counts, at);
    }
  }
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
