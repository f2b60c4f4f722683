#ifndef LAGEBILD_EXTRACT_SERVICE_ACTORS_KNOWN_ACTORS_H_
#define LAGEBILD_EXTRACT_SERVICE_ACTORS_KNOWN_ACTORS_H_

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "extract_service/lexicon/lexicon.h"
#include "extract_service/lexicon/word_map.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// A key under which the inflected forms of a name meet: lower case, one blank between words, the
/// genitive's "s" of the last word and adjective endings of the others taken off ("Roten Kreuzes"
/// and "Rotes Kreuz" have the same). Not for showing.
std::string NameKey(std::string_view name);

/// What the lists say of actors: countries, seats of power, organisations, media, and the nouns
/// that point back to them. Immutable and thread-safe.
class KnownActors {
 public:
  /// Reads the tables "countries", "metonyms", "country_prefixes", "organisations", "media",
  /// "organization_names", "media_names", "actor_nouns", "actor_words", "clause_words",
  /// "first_names", "given_names", "reporting_nouns", "reporting_verbs" and "content_nouns"; holds
  /// copies.
  explicit KnownActors(const Lexicon& lexicon);

  /// A body or medium that the lists name.
  struct Body {
    std::string name;
    ActorType type = ActorType::kOrganization;
    std::string country;
    std::string kind;  ///< "ministry", "newspaper"...; may be empty.
  };

  /// Index into bodies() of a name by its key, -1 = not listed. An abbreviation counts in capitals
  /// only: `name` is the name as written.
  int32_t FindBody(std::string_view key, std::string_view name) const;
  const Body& body(int32_t index) const { return bodies_[static_cast<size_t>(index)]; }

  /// Whether a listed name of a body or a country of several words begins with this word.
  bool BeginsName(std::string_view word) const;

  // Country codes (ISO 3166-1 alpha-2), empty when the word is none.
  std::string_view CountryOfName(std::string_view key) const;      ///< Key of "Niederlande".
  std::string_view CountryOfCapital(std::string_view key) const;   ///< Key of "Moskau" or "Kreml".
  std::string_view CountryOfDemonym(std::string_view word) const;  ///< "Niederländer", any case.
  std::string_view CountryOfAdjective(std::string_view word) const;  ///< "niederländische".
  /// Country that the first part of a compound names ("US-Regierung", "Bundesregierung"), and how
  /// many bytes of the word it takes.
  std::string_view CountryOfPrefix(std::string_view word, size_t* length) const;
  /// The country's usual German name, empty when unknown.
  std::string_view NameOfCountry(std::string_view code) const;

  /// Kinds that a noun can point back to ("newspaper magazine"), empty when it is no such noun.
  const std::vector<std::string>& RefersTo(std::string_view noun) const;

  /// An adjective that only points back ("gleiche", "genannte").
  bool IsAnaphoric(std::string_view adjective) const;

  /// A determiner that denies ("kein"), in any form and case.
  bool IsNegative(std::string_view determiner) const;
  /// Gender and number of whom a possessive of the third person belongs to ("seine", "ihren"), 0
  /// for any other word.
  uint32_t OwnerOf(std::string_view possessive) const;
  /// Whether a name of several words that ends in this one is a paper's ("Sandauer Rundschau").
  bool IsMasthead(std::string_view word) const;
  /// A word whose last part is a masthead ("Küstenpost", "Rhein-Zeitung").
  bool EndsInMasthead(std::string_view word) const;

  bool IsAgentPreposition(std::string_view word) const;
  bool IsSourcePreposition(std::string_view word) const;
  /// What kind of company somebody is ("GmbH"), in lower case.
  bool IsLegalForm(std::string_view lower) const { return legal_forms_.contains(lower); }
  /// A word behind who is cited ("zufolge").
  bool IsSourceBehind(std::string_view word) const { return sources_behind_.contains(word); }
  /// A word that stands for a verb of speech behind what is said ("..., so Berg").
  bool IsQuotative(std::string_view word) const { return quotatives_.contains(word); }
  /// A noun that says where a statement comes from ("Angaben"), by lemma.
  bool IsSourceNoun(std::string_view lemma) const;
  /// A noun whose compounds say who makes the statement ("Angabe": "Polizeiangaben"), by lemma.
  bool IsStatementNoun(std::string_view lemma) const;
  /// A preposition behind which a group is where something was heard ("aus Regierungskreisen").
  bool IsSourcePlace(std::string_view word) const;
  /// A verb by which something is heard from a place ("aus Sandau hieß es"), by lemma.
  bool IsHearsayVerb(std::string_view lemma) const { return hearsay_verbs_.contains(lemma); }
  /// A place that speaks by its administration ("Stadt"), by lemma.
  bool IsCommunity(std::string_view lemma) const { return communities_.contains(lemma); }
  /// A verb that says what somebody is ("sein"), by lemma.
  bool IsCopula(std::string_view lemma) const { return copulas_.contains(lemma); }
  /// A word before what somebody is ("als").
  bool IsRoleOpener(std::string_view word) const { return role_openers_.contains(word); }
  /// A verb that reports with any of its complements, by lemma.
  bool IsVerbOfSpeech(std::string_view lemma) const { return verbs_of_speech_.contains(lemma); }
  /// A verb of which only people and bodies are the subject ("beteuern"), no document or fact.
  bool IsVerbOfSomebody(std::string_view lemma) const { return somebody_verbs_.contains(lemma); }
  /// A preposition before a paper in which something is told ("im").
  bool IsPaperPlace(std::string_view word) const;
  /// A verb by which somebody makes a document public ("vorlegen"), by lemma.
  bool IsPublishingVerb(std::string_view lemma) const { return publishing_verbs_.contains(lemma); }
  /// A noun for what somebody has written down ("bericht", "jahresbericht"), in lower case.
  bool IsDocument(std::string_view lower) const;
  /// A noun for what a medium tells ("artikel"), in lower case.
  bool IsReport(std::string_view lower) const { return reports_.contains(lower); }
  /// A noun for a document of any kind ("papier"), in lower case.
  bool IsAnyDocument(std::string_view lower) const { return any_documents_.contains(lower); }
  /// A noun for somebody else than who is spoken of ("Richter", "Koalitionspartner"), in lower
  /// case.
  bool IsCounterpart(std::string_view lower) const;
  /// "beide", "beiden".
  bool MeansBoth(std::string_view word) const;
  /// A word that opens a clause on who says so ("wie Berg sagt").
  bool OpensReport(std::string_view word) const;
  /// A noun whose compounds say which people tell something ("Bericht": "Zeugenbericht"), by lemma.
  bool IsTestimonyNoun(std::string_view lemma) const;
  /// A noun for who works for a medium rather than speaks to it ("Korrespondentin").
  bool WorksForMedia(std::string_view noun) const;
  /// Morphology::kMasculine, kFeminine or 0.
  uint32_t GenderOfTitle(std::string_view word) const;
  /// The same of a first name in lower case; 0 also where both bear it ("andrea").
  uint32_t GenderOfFirstName(std::string_view lower) const;

 private:
  using Map = WordMap<std::string>;
  static std::string_view Get(const Map& map, std::string_view key);
  /// The first bytes of a word, without regard to case, as a number.
  static uint16_t OpeningOf(std::string_view word, size_t size);
  void AddFirstWord(std::string_view name);
  void AddBodies(const LexiconTable& table, ActorType usual_type);
  /// Names of several words of which nothing but the type is known.
  void AddNames(const LexiconTable& table, ActorType type);

  std::vector<Body> bodies_;
  struct BodyKey {
    int32_t body = -1;
    bool capitals = false;  ///< Known in capitals only ("UN").
  };
  void AddBodyName(std::string_view name, int32_t body);
  WordMap<BodyKey> body_by_key_;
  WordSet first_words_;
  /// Openings (first bytes) of first_words_, all and those of at least kLongOpening bytes.
  static constexpr size_t kShortOpening = 3;
  static constexpr size_t kLongOpening = 4;
  std::bitset<65536> short_openings_, long_openings_;
  Map country_by_name_;
  Map country_by_capital_;
  Map country_by_demonym_;
  Map country_by_adjective_;
  Map name_by_country_;
  std::vector<std::pair<std::string, std::string>> prefixes_;
  WordMap<std::vector<std::string>> refers_to_;
  WordSet agent_prepositions_;
  WordSet source_prepositions_;
  WordSet legal_forms_;
  WordSet sources_behind_;
  WordSet quotatives_;
  WordSet hearsay_verbs_;
  WordSet somebody_verbs_;
  WordSet source_nouns_;
  WordSet statement_nouns_;
  WordSet testimony_nouns_;
  WordSet report_openers_;
  WordSet both_;  ///< Stems.
  WordSet communities_;
  WordSet copulas_;
  WordSet role_openers_;
  WordSet verbs_of_speech_;
  WordSet source_places_;
  WordSet media_persons_;
  WordSet negative_;  ///< Stems.
  std::vector<std::string> counterparts_;
  WordSet publishing_verbs_;
  WordSet paper_places_;
  WordSet any_documents_;
  WordSet reports_;
  std::vector<std::string> documents_;
  WordSet mastheads_;                          ///< As written.
  std::vector<std::string> masthead_endings_;  ///< Lower case.
  WordMap<uint32_t> owners_;                   ///< By stem.
  WordSet anaphoric_;                          ///< Stems.
  WordMap<uint32_t> title_genders_;
  WordMap<uint32_t> gender_by_first_name_;
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_ACTORS_KNOWN_ACTORS_H_
