#ifndef LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_ANALYZED_TEXT_H_
#define LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_ANALYZED_TEXT_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "extract_service/pipeline/pipeline.h"

namespace lagebild::extract {

/// All stages, with the lexicon of the build; made once.
inline const Pipeline& ThePipeline() {
  static const auto pipeline = Pipeline::Create(Lexicon::DefaultPath());
  EXPECT_TRUE(pipeline.ok()) << pipeline.status();
  return **pipeline;
}

/// A text after all stages.
inline AnnotatedDocument Analyze(const std::string& text) {
  return ThePipeline().Analyze(text, {});
}

inline std::vector<std::string> Texts(const AnnotatedDocument& document,
                                      const std::vector<Span>& spans) {
  std::vector<std::string> texts;
  for (const Span& span : spans) texts.emplace_back(document.TextOf(span));
  return texts;
}

/// Names of the actors that a claim is given to.
inline std::vector<std::string> SpeakerNames(const AnnotatedDocument& document,
                                             const Claim& claim) {
  std::vector<std::string> names;
  for (const int32_t actor : claim.speaker_actors) {
    names.push_back(document.actors[static_cast<size_t>(actor)].name);
  }
  return names;
}

/// Names of the actors that the claims of a text are given to, in text order.
inline std::vector<std::string> SpeakerNames(const std::string& text) {
  const AnnotatedDocument document = Analyze(text);
  std::vector<std::string> names;
  for (const Claim& claim : document.claims) {
    for (std::string& name : SpeakerNames(document, claim)) names.push_back(std::move(name));
  }
  return names;
}

/// The contents of all claims of a text, each part by itself.
inline std::vector<std::string> Contents(const std::string& text) {
  const AnnotatedDocument document = Analyze(text);
  std::vector<std::string> contents;
  for (const Claim& claim : document.claims) {
    for (std::string& part : Texts(document, claim.content)) contents.push_back(std::move(part));
  }
  return contents;
}

/// Names of the actors that hand a claim on, cite it, ...
inline std::vector<std::string> NamesInChain(const AnnotatedDocument& document, const Claim& claim,
                                             Relation relation) {
  std::vector<std::string> names;
  for (const Attribution& link : claim.chain) {
    if (link.relation != relation || link.actor < 0) continue;
    names.push_back(document.actors[static_cast<size_t>(link.actor)].name);
  }
  return names;
}

}  // namespace lagebild::extract

#endif  // LAGEBILD_TESTS_UNIT_EXTRACT_SERVICE_SUPPORT_ANALYZED_TEXT_H_
