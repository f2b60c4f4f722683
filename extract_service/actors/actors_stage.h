#ifndef LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTORS_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTORS_STAGE_H_

#include <string_view>

#include "extract_service/actors/known_actors.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/pipeline/stage.h"

namespace lagebild::extract {

/// Stage "actors": who acts, speaks or is named, one actor for each real-world entity, with every
/// mention by name, noun or pronoun. Sets `actors` and Entity::actor.
///
/// First the names are clustered over the whole document, then the text is read once from the
/// front, tying nouns ("der Präsident", "das Ministerium") and pronouns to what was named before.
/// Look-back is bounded, so time is linear in the length of the text.
class ActorsStage : public Stage {
 public:
  /// Keeps a reference to the lexicon, which must outlive the stage.
  explicit ActorsStage(const Lexicon& lexicon) : lexicon_(lexicon), known_(lexicon) {}

  std::string_view name() const override { return "actors"; }
  /// REQUIRES: noun phrases.
  void Annotate(AnnotatedDocument& document) const override;

 private:
  const Lexicon& lexicon_;
  KnownActors known_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTORS_STAGE_H_
