#include "extract_service/names/name_particles.h"

#include <gtest/gtest.h>

#include "tests/unit/extract_service/support/tagged_text.h"

namespace lagebild::extract {
namespace {

// Labels of name_model.h: 1 and 2 begin and go on with a person, 5 and 6 with a place.
using Labels = std::vector<uint8_t>;

Labels Joined(const std::string& tagged, Labels labels) {
  NameParticles(BuiltLexicon()).Join(TaggedText(tagged), labels);
  return labels;
}

TEST(NameParticlesTest, JoinFirstNameAndSurname) {
  EXPECT_EQ(Joined("Anna/E von/R der/D Tann/E schweigt/V ./.", {1, 0, 0, 5, 0, 0}),
            (Labels{1, 2, 2, 2, 0, 0}));
}

TEST(NameParticlesTest, JoinAParticleInCapitals) {
  EXPECT_EQ(Joined("Anna/E Van/E der/D Tann/E schweigt/V ./.", {1, 2, 0, 0, 0, 0}),
            (Labels{1, 2, 2, 2, 0, 0}));
}

TEST(NameParticlesTest, FindTheSurnameAgain) {
  EXPECT_EQ(Joined("Anna/E von/R der/D Tann/E geht/V ./. | Von/R der/D Tann/E schweigt/V ./.",
                   {1, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0}),
            (Labels{1, 2, 2, 2, 0, 0, 1, 2, 2, 0, 0}));
}

TEST(NameParticlesTest, TellPlacesBehindNouns) {
  EXPECT_EQ(Joined("der/D Bürgermeister/N von/R Sandau/E schweigt/V ./.", {0, 0, 1, 2, 0, 0}),
            (Labels{0, 0, 0, 5, 0, 0}));
}

TEST(NameParticlesTest, TellPeopleWhomTheirParticlesHide) {
  EXPECT_EQ(Joined("Anna/E de/R la/D Calle/E schweigt/V ./.", {5, 6, 6, 6, 0, 0}),
            (Labels{1, 2, 2, 2, 0, 0}));
  EXPECT_EQ(Joined("Rio/E de/R la/D Calle/E schweigt/V ./.", {5, 6, 6, 6, 0, 0}),
            (Labels{5, 6, 6, 6, 0, 0}));
}

TEST(NameParticlesTest, LeaveArticlesOfTheNextPhrase) {
  EXPECT_EQ(Joined("Anna/E der/D Tann/E schweigt/V ./.", {1, 0, 5, 0, 0}), (Labels{1, 0, 5, 0, 0}));
}

}  // namespace
}  // namespace lagebild::extract
