#ifndef LAGEBILD_QUERY_SERVICE_PROJECTION_ACTOR_SUMMARY_H_
#define LAGEBILD_QUERY_SERVICE_PROJECTION_ACTOR_SUMMARY_H_

#include "lagebild/v1/read.pb.h"

namespace lagebild::query {

/// Adds what one document says of an actor to what is known of it. Identity (id, name, type) and
/// country are those of the first document that gives them.
void AddContribution(const v1::ActorEntry& contribution, v1::ActorEntry* summary);

/// Takes it away again. Publication days stay; see NeedsNewDays().
void RemoveContribution(const v1::ActorEntry& contribution, v1::ActorEntry* summary);

/// Whether first or last publication day may have rested on this contribution alone.
bool NeedsNewDays(const v1::ActorEntry& contribution, const v1::ActorEntry& summary);

/// Widens first and last publication day.
void AddDays(const v1::ActorEntry& contribution, v1::ActorEntry* summary);

}  // namespace lagebild::query

#endif  // LAGEBILD_QUERY_SERVICE_PROJECTION_ACTOR_SUMMARY_H_
