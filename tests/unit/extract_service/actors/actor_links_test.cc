// Who is one and the same, on whole texts through the whole pipeline.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "tests/unit/extract_service/support/analyzed_text.h"

namespace lagebild::extract {
namespace {

using ::testing::UnorderedElementsAreArray;

struct Example {
  std::string text;
  std::vector<std::string> actors;
};

std::vector<std::string> Names(const std::string& text) {
  std::vector<std::string> names;
  for (const Actor& actor : Analyze(text).actors) names.push_back(actor.name);
  return names;
}

/// What a failing test is printed with.
void PrintTo(const Example& example, std::ostream* out) { *out << example.text; }

class OneAndTheSame : public ::testing::TestWithParam<Example> {};

TEST_P(OneAndTheSame, HasOneActor) {
  EXPECT_THAT(Names(GetParam().text), UnorderedElementsAreArray(GetParam().actors));
}

INSTANTIATE_TEST_SUITE_P(
    Names, OneAndTheSame,
    ::testing::Values(
        Example{"Die Fluggesellschaft Skyline wächst. Skyline fliegt.", {"Skyline"}},
        Example{"Walter Salzburger forscht. Die Fische seien schlau, so Salzburger.",
                {"Walter Salzburger"}},
        Example{"Gelobt wurde Anna Berg. Die Ostdeutschen Anna Berg und Ulf Tann seien klug, sagte "
                "Jan Wolf.",
                {"Anna Berg", "Ulf Tann", "Jan Wolf"}}));

INSTANTIATE_TEST_SUITE_P(
    Nouns, OneAndTheSame,
    ::testing::Values(
        Example{"Die EU-Kommission will sparen. Das sagte die Kommission am Montag.",
                {"EU-Kommission"}},
        Example{
            "Das Sozialministerium prüft den Fall. Schuld war laut Ministerium ein Kurzschluss.",
            {"Sozialministerium"}},
        Example{"Präsident tritt zurück\n\nDer Präsident, Ulf Tann, geht. Das sagte er am Montag.",
                {"Ulf Tann"}},
        Example{"Kritik kam von Anna Berg. Sie ist Sprecherin des Vereins.",
                {"Anna Berg", "Verein"}},
        Example{"Anna Berg, als Leiterin des Museums zuständig, schweigt.",
                {"Anna Berg", "Museum"}},
        Example{"Ulf Tann, der Präsident des Verbands im Süden der Insel sagte, es brenne.",
                {"Ulf Tann", "Verband"}},
        Example{"Ulf Tann ist fort. Tanns Pressesprecher schweigt.",
                {"Ulf Tann", "Tanns Pressesprecher"}}));

INSTANTIATE_TEST_SUITE_P(
    Abbreviations, OneAndTheSame,
    ::testing::Values(
        Example{"Die Bewegung „Allianz für Sandau“ (XFS) demonstriert. Die XFS schweigt.",
                {"Allianz für Sandau"}},
        Example{"Das teilte der Internationale Hilfsfonds (IHX) mit. Der IHX sammelt Spenden.",
                {"IHX"}}));

INSTANTIATE_TEST_SUITE_P(
    LongerNames, OneAndTheSame,
    ::testing::Values(
        Example{
            "Die Demokratische Partei Thailands klagte. Die Demokratische Partei forderte mehr.",
            {"Demokratische Partei"}},
        Example{"Die Nordair Aerotec GmbH wächst. Nordair Aerotec fliegt.",
                {"Nordair Aerotec GmbH"}},
        Example{"Die Unternehmensberatung Ernst & Tann zählte nach. Ernst & Tann schwieg.",
                {"Ernst & Tann"}},
        Example{"Die NPD klagte. Die Partei forderte mehr Geld.", {"NPD"}}));

INSTANTIATE_TEST_SUITE_P(
    Sources, OneAndTheSame,
    ::testing::Values(Example{"Laut Behördenangaben wurden viele verletzt. Die Behörden ermitteln.",
                              {"Behörden"}},
                      Example{"Nach iranischen Angaben brannte es.", {"Iran"}},
                      Example{"Das Beben war laut XYQS-Angaben schwach.", {"XYQS"}},
                      Example{"Der XYQS-Jahresbericht nennt das Verhalten gefährlich.", {"XYQS"}},
                      Example{"Das zeigt eine XYQ-Analyse.", {}}));

INSTANTIATE_TEST_SUITE_P(
    Lists, OneAndTheSame,
    ::testing::Values(
        Example{
            "Die Organisationen Greenpeace, Xampact und Amnesty International klagen. Es regnet. "
            "Die Organisationen sammeln Spenden.",
            {"Greenpeace", "Xampact", "Amnesty International"}},
        Example{"Laut dem Direktor B.N. Suresh brannte es.", {"B.N. Suresh"}},
        Example{"Politischen Beobachtern zufolge brannte es.", {"Politischen Beobachter"}}));

INSTANTIATE_TEST_SUITE_P(
    OnlySpeaking, OneAndTheSame,
    ::testing::Values(Example{"Filep Karwa sagte, er gebe nicht auf.", {"Filep Karwa"}},
                      Example{"Xqua.at berichtete, es brenne.", {"Xqua.at"}},
                      Example{"Die „Kampagne für freie Seen“ erklärte, es brenne.",
                              {"Kampagne für freie Seen"}},
                      Example{"Hamburg erklärte, es brenne.", {"Hamburg"}},
                      Example{"Hamburg liegt an der Elbe.", {}}));

INSTANTIATE_TEST_SUITE_P(
    Letters, OneAndTheSame,
    ::testing::Values(Example{"Der Ruderclub Xandau tagte. Der RCX kritisierte den Plan.",
                              {"Ruderclub Xandau"}},
                      Example{"Die Landes-SPD tagte. Nach Meinung der Landes-SPD reicht das nicht.",
                              {"Landes-SPD"}}));

INSTANTIATE_TEST_SUITE_P(
    NamesBehindNouns, OneAndTheSame,
    ::testing::Values(
        Example{"Die Hilfsorganisation Ärzte ohne Grenzen half. Die Hilfsorganisation warnte.",
                {"Ärzte ohne Grenzen"}},
        Example{"Wie die „Aktion Deich hilft“ mitteilte, regnet es.", {"Aktion Deich hilft"}},
        Example{"Greenpeace ist ein Verein. Nach eigenen Angaben wuchs der Verein.",
                {"Greenpeace"}},
        Example{"Die Abgeordnete und Bürgermeisterin Anna Berg sagte ab.", {"Anna Berg"}},
        Example{"Die Mission der Vereinten Nationen im Sudan (UNMIS) verlangte den Rückzug.",
                {"UNMIS", "Vereinte Nationen", "Sudan"}}));

INSTANTIATE_TEST_SUITE_P(
    States, OneAndTheSame,
    ::testing::Values(Example{"Seit Jahren fordert der mexikanische Staat das Bild.", {"Mexiko"}},
                      Example{"Aus Paris hieß es, der Weg sei frei.", {"Frankreich"}},
                      Example{"Nach Angaben aus Paris brannte es.", {"Frankreich"}},
                      Example{"Der Zug aus Paris ist da.", {}}));

INSTANTIATE_TEST_SUITE_P(
    PeopleCited, OneAndTheSame,
    ::testing::Values(Example{"Wolfgang Katzian kam. Katzian zufolge brennt es.",
                              {"Wolfgang Katzian"}},
                      Example{"Nach Angaben der Junta brannte es.", {"Junta"}}));

INSTANTIATE_TEST_SUITE_P(
    PeopleFromThere, OneAndTheSame,
    ::testing::Values(
        Example{"Ulf Berg kam. Man warte, sagte der 28-jährige Deutsche.", {"Ulf Berg"}},
        Example{"Die Deutsche Anna Berg kam. Die Deutsche sagte, sie warte.", {"Anna Berg"}},
        Example{"Ulf Berg kam. Man warte, sagte der Wiener.", {"Ulf Berg"}},
        Example{"Ulf Berg kam. Man warte, sagte der Linzer.", {"Ulf Berg"}},
        Example{"Die Deutsche Bank schloss.", {"Deutsche Bank"}},
        Example{"Die Wiener „Presse“ berichtet das.", {"Presse"}}));

INSTANTIATE_TEST_SUITE_P(
    PeopleOfParties, OneAndTheSame,
    ::testing::Values(Example{"Ulf Berg kam. Man warte, sagte der Linke.", {"Ulf Berg"}},
                      Example{"Der Grüne Werner Kogler sagte ab.", {"Werner Kogler"}},
                      Example{"Die Grünen warten. Der Plan der Grünen ist fertig.",
                              {"Die Grünen"}}));

INSTANTIATE_TEST_SUITE_P(
    TwoOffices, OneAndTheSame,
    ::testing::Values(
        Example{"Bundeskanzler und SPÖ-Chef Werner Faymann sagte ab.", {"Werner Faymann"}},
        Example{"Kritik kam vom Kanzler und SPÖ-Chef Werner Faymann.", {"Werner Faymann"}},
        Example{"Kanzler und Minister Karl Berg sagten ab.", {"Kanzler", "Karl Berg"}}));

INSTANTIATE_TEST_SUITE_P(
    BodiesByTheirTrade, OneAndTheSame,
    ::testing::Values(
        Example{"Die Tegra AG legte Zahlen vor. Der Aluminiumkonzern rechnet mit Gewinn.",
                {"Tegra AG"}},
        Example{"Die Tegra AG legte Zahlen vor. Der börsennotierte Konzern warnt vor Verlust.",
                {"Tegra AG"}},
        Example{"Die Deutsche Bank klagte gegen die Tegra AG. Die Bank erwartet Gewinn.",
                {"Deutsche Bank", "Tegra AG"}},
        Example{"Die Tegra AG klagte gegen die Mabuna AG. Der kleine Konzern erwartet Gewinn.",
                {"Tegra AG", "Mabuna AG", "kleiner Konzern"}},
        Example{"Facebook ändert die Regeln. Der Konzern erwartet Gewinn.", {"Facebook"}},
        Example{"Das Innenministerium legte Zahlen vor. Die Behörde rechnet mit Flut.",
                {"Innenministerium"}},
        Example{"Das Innenministerium legte Zahlen vor. Das Umweltministerium rechnet mit Flut.",
                {"Innenministerium", "Umweltministerium"}},
        Example{"Der Verwaltungsgerichtshof tagte. Das Höchstgericht erwartet Klagen.",
                {"Verwaltungsgerichtshof"}}));

INSTANTIATE_TEST_SUITE_P(
    NamesBehindCompounds, OneAndTheSame,
    ::testing::Values(
        Example{"Das zeigt eine Umfrage des Digitalverbands Bitkom. Dem Digitalverband zufolge "
                "wächst der Markt.",
                {"Bitkom"}},
        Example{"Nedeljko Bilalic zog nach Wien. Bezirkskarriere Bilalic wurde Bezirksrat.",
                {"Nedeljko Bilalic"}},
        Example{"Anna Tann ist froh. Die Botaniker suchten lange. Tann hat das Rätsel gelöst. "
                "Hier ist es möglich, so die Botanikerin.",
                {"Anna Tann", "Botaniker"}}));

INSTANTIATE_TEST_SUITE_P(
    NounsOfNames, OneAndTheSame,
    ::testing::Values(
        Example{"Der Burgenländische Landesrechnungshof prüft. Laut dem Landesrechnungshof fehlt "
                "Geld. Der Landesrechnungshof warnt.",
                {"Burgenländische Landesrechnungshof"}},
        Example{"Der Landesrechnungshof prüft. Das sei falsch, sagte der Landes-Rechnungshof.",
                {"Landesrechnungshof"}},
        Example{
            "Gewerkschaft fordert Aufklärung. Die Gewerkschaft IG Labor verlangte einen Bericht.",
            {"IG Labor"}}));

TEST(ActorLinksTest, OneBodyOfSeveralIsNotGoneOnWith) {
  const AnnotatedDocument document = Analyze(
      "Anna Tann sprach am Montag. Die Kammer, die Krankenkasse und die Stadt sind dagegen. "
      "Für falsch hält sie das Gesetz.");
  const auto anna = std::find_if(document.actors.begin(), document.actors.end(),
                                 [](const Actor& actor) { return actor.name == "Anna Tann"; });
  ASSERT_NE(anna, document.actors.end());
  EXPECT_EQ(anna->mentions.size(), 2u);
}

}  // namespace
}  // namespace lagebild::extract
