#ifndef LAGEBILD_EXTRACT_SERVICE_EVENTS_EVENTS_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_EVENTS_EVENTS_STAGE_H_

#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "extract_service/events/event_rules.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/annotated_document.h"
#include "extract_service/pipeline/stage.h"
#include "extract_service/places/place_names.h"

namespace lagebild::extract {

/// Stage "events": datable happenings, told by a verb or a noun of the trigger list, with type,
/// participants, place, time and factuality.
///
/// Reads tokens with tags, sentences, publication, times, entities, actors and claims; writes
/// AnnotatedDocument::events. The span is the clause around the trigger. An event takes its time
/// from its clause; one that has happened and has none carries the publication day as its latest.
class EventsStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  /// Errors: those of EventRules::Create().
  static absl::StatusOr<std::unique_ptr<const EventsStage>> Create(const Lexicon& lexicon);

  std::string_view name() const override { return "events"; }
  void Annotate(AnnotatedDocument& document) const override;

 private:
  EventsStage(const Lexicon& lexicon, EventRules rules)
      : lexicon_(lexicon), rules_(std::move(rules)), places_(lexicon) {}

  const Lexicon& lexicon_;
  const EventRules rules_;
  const PlaceNames places_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_EVENTS_EVENTS_STAGE_H_
