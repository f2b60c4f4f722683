#ifndef LAGEBILD_EXTRACT_SERVICE_PIPELINE_STAGE_H_
#define LAGEBILD_EXTRACT_SERVICE_PIPELINE_STAGE_H_

#include <string_view>

namespace lagebild::extract {

class AnnotatedDocument;

/// One step of the analysis: reads layers of a document and adds one layer.
///
/// A stage is immutable after construction and thread-safe: Annotate() may run on many documents at
/// once. It never throws, never waits, takes time linear in the length of the text on any input,
/// and gives the same layer for the same input. `pipeline/stages.cc` lists the stages in their
/// order.
class Stage {
 public:
  virtual ~Stage() = default;

  /// Stable name, as metrics and profiles show it ("times").
  virtual std::string_view name() const = 0;

  /// Adds this stage's layer to the document.
  /// REQUIRES: the stages listed before this one have run.
  virtual void Annotate(AnnotatedDocument& document) const = 0;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_PIPELINE_STAGE_H_
