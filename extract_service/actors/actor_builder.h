#ifndef LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTOR_BUILDER_H_
#define LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTOR_BUILDER_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "extract_service/actors/known_actors.h"
#include "extract_service/lexicon/lexicon.h"
#include "extract_service/phrases/noun_phrases.h"
#include "extract_service/pipeline/annotated_document.h"

namespace lagebild::extract {

/// Makes the actors of one document: names first, then nouns and pronouns in text order.
class ActorBuilder {
 public:
  ActorBuilder(AnnotatedDocument& document, const Lexicon& lexicon, const KnownActors& known,
               const NounPhrases& phrases);

  /// Writes document.actors and Entity::actor.
  void Build();

 private:
  // Bounds of what is looked at, so that time stays linear on any input.
  static constexpr size_t kMaxRecent = 60;       ///< Referents kept for pronouns and nouns.
  static constexpr size_t kMaxBucket = 12;       ///< Clusters that share a surname or a head noun.
  static constexpr size_t kMaxAliases = 24;      ///< Surface forms kept per actor.
  static constexpr size_t kMaxRoles = 8;         ///< Roles kept per actor.
  static constexpr size_t kMaxNameBytes = 200;   ///< Longer names are no names.
  static constexpr int32_t kMinQuoteTokens = 8;  ///< Shorter quotations may be names.
  static constexpr int32_t kMaxListedWords = 8;  ///< Words of a listed name.
  static constexpr size_t kMaxSpelledOut = 400;  ///< Bodies that abbreviations are compared with.
  static constexpr int32_t kMaxColonReach = 60;  ///< Tokens back that a colon is looked for.
  static constexpr int32_t kPronounSentences = 3;  ///< How far back a pronoun reaches.
  static constexpr int32_t kNounSentences = 4;     ///< How far back "der Mann" reaches.
  static constexpr int32_t kHeadSentences = 3;     ///< Where a text begins as headlines do.

  /// Kinds of actor_nouns.tsv: "die Organisation", "der Konzern".
  static constexpr std::string_view kAnyOrganization = "organization";
  static constexpr std::string_view kCompany = "company";

  static constexpr uint32_t kPersonClasses =
      WordClass::kOffice | WordClass::kTitle | WordClass::kPersonNoun | WordClass::kDemonym;
  static constexpr uint32_t kBodyClasses = WordClass::kOrganizationNoun | WordClass::kMediaNoun;
  static constexpr uint32_t kActorClasses = kPersonClasses | kBodyClasses | WordClass::kGroupNoun;
  static constexpr uint32_t kGenderNumber = Morphology::kGenders | Morphology::kNumbers;

  /// An actor in the making.
  struct Cluster {
    ActorType type = ActorType::kUnspecified;
    std::string country;
    std::string name;
    std::vector<std::string> roles;
    std::vector<std::string> role_heads;  ///< Role nouns, lower case.
    std::vector<std::string> aliases;
    std::vector<Mention> mentions;
    uint32_t morphology = 0;          ///< Gender and number bits, 0 = unknown.
    uint32_t first_name_gender = 0;   ///< Persons: what the first name suggests, 0 = nothing.
    std::vector<std::string> tokens;  ///< Persons: words of the fullest name, lower case.
    std::string head;                 ///< Nominal actors: head noun, lower case.
    std::string modifier;             ///< Nominal actors: key of the attribute that tells it apart.
    std::string kind;                 ///< Kind of body ("ministry"), for nouns that point back.
    std::string party;                ///< Persons: letters in brackets behind the name.
    bool named = false;
    std::string_view rule;
    double confidence = 0;
    int32_t merged_into = -1;
  };

  /// A proper name in the text.
  struct Name {
    TokenRange tokens;
    int32_t phrase = -1;  ///< Phrase it is the name of or stands in.
    bool own_phrase = false;
    ActorType type = ActorType::kUnspecified;
    std::string text;
    std::string key;
    std::string country;
    int32_t body = -1;
    bool metonym = false;
    bool newspaper = false;  ///< By its last word.
    int32_t cluster = -1;
    double confidence = 0;
  };

  /// Actors named side by side ("A und B").
  struct Together {
    std::vector<int32_t> clusters;
    std::string
        noun;  ///< What they are called together ("die Organisationen A und B"), lower case.
    int32_t sentence = -1;
  };

  /// Something that was just spoken of.
  struct Referent {
    int32_t cluster;
    int32_t sentence;
    int32_t token;
    bool subject;
    bool quoted;  ///< Inside quotation marks.
    bool cited;   ///< As a source ("laut ...").
    bool speaks;  ///< As the subject of a verb of speech.
    bool joined;  ///< To others: "Berg und Tann".
    /// Gender and number of the words that named it: "Moskau" is neuter, "der Kreml" is not.
    uint32_t morphology;
  };

  /// "der Bericht des Ministeriums": a document and whose it is.
  struct Document {
    std::string head;
    int32_t owner;
    int32_t sentence;
  };

  // actor_names.cc: finds the proper names that act.
  void CollectNames();
  /// "die „Aktion Deich hilft“": marks around what begins as a body's name does.
  void CollectQuotedNames();
  /// Takes these words for a name where they can be one and no other name holds any of them.
  void AddName(const TokenRange& tokens, int32_t phrase, bool own_phrase);
  /// "der Grüne (Ulf Tann)": whether a listed name stands for one of its members.
  bool IsOneOfBody(const TokenRange& tokens, const NounPhrase& phrase) const;
  /// `found`: the words it was found by, of which it may have lost a title.
  void Keep(Name name, const TokenRange& found);
  /// Whether a name holds any of these words.
  bool IsTaken(const TokenRange& tokens) const;
  /// Whether these words together are a body, a country or a capital of the lists.
  bool IsListed(const TokenRange& tokens) const;
  /// "Landes-SPD": a branch of a body of the lists.
  bool IsBranch(std::string_view name) const;
  /// Number of tokens of the listed name that begins at the token, 0 = none.
  int32_t ListedNameAt(int32_t token) const;
  /// "Hydrologin Anna Berg" without the noun that a recogniser took for a part of the name.
  TokenRange WithoutTitle(TokenRange tokens) const;
  /// "Sandauer Stelle für Deichrechte", of which what it is for was not taken for a part of the
  /// name. `phrase`: whose name it is, -1 = none's.
  TokenRange WithPurpose(TokenRange tokens, int32_t phrase) const;
  /// "B.N. Suresh", of which only the initials were taken for a name, and "Ernst & Young".
  TokenRange WithMissedWords(TokenRange tokens) const;
  /// Whether a word of a name is a noun for what somebody is ("General") and no name itself.
  bool IsRoleNoun(int32_t token) const;
  /// "Amnesty, Xandu und Greenpeace": a name of which nothing is known is what the others are.
  void CompleteLists();
  /// "warf Ulf Berg Tann vor" where the text names Karl Berg and Anna Tann: two people, not one.
  void PartNeighbours();
  /// "Sandpunkt bestätigt das": a word that speaks without an article and stands so elsewhere is a
  /// body's name.
  void CollectSpeakers();
  /// Gives the mentions of one name one type.
  void AgreeOnTypes();

  // actor_name_types.cc: what a name stands for; false = nobody who acts.
  bool ResolveType(Name* name) const;

  // actor_name_clusters.cc: which names are of one and the same.
  void ClusterPersons();
  void ClusterBodies();
  void IndexBodiesByCountry();
  int32_t PersonCluster(const std::vector<std::string>& tokens, const Name& name);
  bool SamePersonName(const std::vector<std::string>& shorter,
                      const std::vector<std::string>& longer) const;

  // actor_abbreviations.cc: names in brackets, initials, longer and shorter forms.
  void LinkAbbreviations();
  /// "National Example Service (NES)" and "NES (National Example Service)".
  void LinkBrackets();
  /// "Institute for Example Affairs", later "IEA"; false = it is none of these initials.
  bool LinkInitials(const std::string& key, int32_t cluster,
                    const absl::flat_hash_map<std::string, int32_t>& by_initials);
  /// "Verkehrsclub Österreich", later "VCÖ": letters out of the midst of compounds, too.
  bool LinkLetters(const std::string& key, int32_t cluster);
  /// The only body named by letters that a longer name spells out; -1 = there is none.
  int32_t FindAbbreviation(std::string_view name) const;
  /// Where a body's name as it stands is met first outside of headlines; the largest number where
  /// it is not.
  int32_t FirstNamedAt(int32_t cluster) const;
  /// A noun for bodies or media, or a compound of one.
  bool IsBodyNoun(std::string_view word) const;
  /// "Sandauer Landesrechnungshof": who is named by the noun alone elsewhere; -1 = nobody. `key`:
  /// the longer name's, with a blank.
  int32_t WithoutAdjective(const std::string& key, int32_t cluster) const;
  /// A longer form of a name that begins or ends with a shorter one of the same article.
  void LinkForms(const std::string& key, int32_t cluster);
  /// The last word before the brackets that hold these tokens alone, quotation marks and other
  /// brackets passed over; -1 = they stand in none.
  int32_t BeforeBracket(const TokenRange& inside) const;

  // actor_mentions.cc: names and nouns in text order.
  void ReadText();
  void ReadName(Name& name);
  /// Whether a phrase is but a part of a longer name.
  bool IsInsideName(const NounPhrase& phrase) const;
  /// "Ulf Tann (ABC)", "Ulf Tann (Gazal)": the person's party or country.
  void ReadBracketBehind(const Name& name);
  /// Whether a noun stands for somebody in headlines or, without a definite article, in the first
  /// sentences only: who that is comes later.
  bool IsOnlyAtHead(const Cluster& nominal) const;
  /// "der Präsident" before, "Präsident Tann" now; "Verband" over the text, "der Verband Deichwacht"
  /// in it: merges what is one and the same.
  void TakeNounBefore(int32_t phrase, int32_t cluster);
  void ReadNominal(int32_t phrase);
  /// "so Salzburger" of Walter Salzburger: a surname that is a word as well.
  bool ReadSurname(int32_t phrase);
  int32_t AppositionCluster(int32_t phrase) const;
  /// "Berg ist Sprecherin", "Tann, als Leiter des Amtes", "Der Deichbund ist ein Verein": the one
  /// of this type who is named and of whom a noun says what he, she or it is; -1 = nobody.
  int32_t PredicateCluster(int32_t phrase, ActorType type) const;
  /// "die Abgeordnete und Bürgermeisterin Anna Berg": one person with two roles; -1 = nobody.
  int32_t SharedNameCluster(int32_t phrase) const;
  /// "die Hilfsorganisation Ärzte ohne Grenzen": the body of the lists named right behind a noun
  /// for one; -1 = none.
  int32_t NamedBehind(int32_t phrase) const;
  /// "der Sandauer Ruderverband (SRV)": whom a name in brackets behind a noun stands for; -1 =
  /// there is none.
  int32_t BracketCluster(int32_t phrase) const;
  void AddRole(int32_t cluster, int32_t phrase, const TokenRange& words, int32_t head);

  // actor_collectives.cc: nouns that stand for a body, a state or a group by what they are made of
  // or stand beside.
  /// "Polizeiangaben": who the first part of a compound of a source noun names.
  bool ReadSourceCompound(int32_t phrase);
  /// "Expertenmeinung", "Augenzeugenberichte": people in the plural as the first part.
  bool ReadPeopleOfSource(int32_t phrase, std::string_view people);
  /// "ukrainische und russische Soldaten", "ukrainische und US-Beamte": a group for each country.
  bool ReadCountryPair(int32_t phrase, const std::string& head);
  /// "die südkoreanische Seite", "nach gazalischen Angaben": the state.
  bool ReadSide(int32_t phrase, const std::string& country);
  /// "der Gazalische Hilfsfonds (GHF)": a noun of which only the abbreviation says that it acts.
  bool ReadAbbreviated(int32_t phrase);
  /// "Die Stadt Sandau teilte mit": who governs a place, where it speaks or is a source.
  bool ReadCommunity(int32_t phrase, const std::string& head);
  /// Lemma of the verb beside a subject, with its particle or the participle where that makes it a
  /// verb of speech: "die Stadt weist darauf hin"; empty = there is none.
  std::string VerbBeside(const NounPhrase& subject) const;
  /// Whether a subject has a verb of speech beside it.
  bool Speaks(const NounPhrase& subject) const;
  /// Takes a noun for the body or group that it points back to, or for a new one.
  void AddNominalBody(int32_t phrase, const std::string& head, ActorType type,
                      std::string_view rule, double confidence);
  /// "Das Tanzpaar beteuert": a noun of no list that does what only somebody can.
  bool ReadSomebody(int32_t phrase);

  // actor_documents.cc: who is committed to what a document says.
  /// A noun for what somebody has written down ("Bericht", "Umfrage").
  bool IsDocument(const NounPhrase& phrase) const;
  /// "hieß es am Montag in einer Aussendung". REQUIRES: phrase.preposition >= 0.
  bool IsBehindHearsay(const NounPhrase& phrase) const;
  /// Whether a verb of speech tells what stands in a document. REQUIRES: phrase.preposition >= 0.
  bool IsToldWithin(const NounPhrase& phrase) const;
  /// Remembers whose a document is, if the phrase says so; to be called for every phrase once it
  /// has been read.
  void NoteDocument(int32_t phrase);
  /// The medium that has told something right before; -1 = none, or somebody else has.
  int32_t MediumBefore(int32_t sentence) const;
  /// Who spoke or was cited last in a sentence or in as many before it; -1 = nobody.
  int32_t SpokeBefore(int32_t sentence, int32_t reach) const;
  /// "..., heißt es in dem Schreiben": whose a document is that is nobody's so far; -1 = unknown.
  int32_t IssuerOf(const NounPhrase& document) const;
  /// "laut dem Bericht", "Der Bericht hält fest": its owner.
  bool ReadDocument(int32_t phrase);

  // actor_references.cc: whom nouns and pronouns point back to; -1 = nobody.
  /// "der Sohn estnischer Einwanderer": what stands behind a noun describes and names nobody.
  bool IsOnlyDescribed(int32_t phrase) const;
  /// "Ministeriumssprecher" for a "Sprecher des Finanzministeriums". `role`: one of the person's.
  static bool SpellsOutRole(std::string_view compound, std::string_view role,
                            const Cluster& person);
  int32_t FindPerson(int32_t phrase, const std::string& head, const std::string& country,
                     bool bare) const;
  /// Whether a person without a name was introduced by this noun.
  bool IsHeadOfPerson(const std::string& head) const;
  /// "kritisiert der Weltmeister": who has spoken right before, where the noun fits and nobody was
  /// introduced with it; -1 = nobody.
  int32_t FindSpeakerBefore(const NounPhrase& phrase, const std::string& head,
                            const std::string& country) const;
  int32_t FindBody(int32_t phrase, const std::string& head, const std::string& country,
                   const std::string& modifier, bool bare, ActorType type) const;
  /// The only body spoken of lately whose name holds this noun; -1 = none or several.
  int32_t FindOnlyNamedBy(const std::string& noun) const;
  /// The only named body of no particular kind spoken of lately that the country fits, "" = any;
  /// -1 = none or several.
  int32_t FindOnlyBody(const std::string& country) const;
  /// Whether nouns of a kind point back to any body of which no kind is known.
  static bool MeansAnyBody(std::string_view kind) {
    return kind == kAnyOrganization || kind == kCompany;
  }
  /// What a noun points back to by its nominative in small letters, or else the last part of the
  /// compound that it is as written ("Chemiebetrieb").
  const std::vector<std::string>& KindsOfNoun(const std::string& head, std::string_view form) const;
  /// "Der Chemiebetrieb Xandu" is no "Gewerkschaft": whether what a body is called is of the other
  /// kind, a company or a body that is none.
  bool IsCalledOtherwise(const Cluster& body, std::string_view kind) const;
  /// The body spoken of last that a definite noun can mean by one of these kinds, its role or its
  /// name; `cited`: only of those that were cited as a source.
  int32_t FindBodyOfKind(const NounPhrase& phrase, const std::string& head,
                         const std::vector<std::string>& kinds, ActorType type, bool cited) const;
  /// Whether the finite verb right beside a subject says that it is one, where its form does not:
  /// "Bergs Sprecher schweigt".
  bool IsOneByVerb(const NounPhrase& phrase) const;
  /// Numbers that a verb's form has in the third person: "geht" is a plural in the second only.
  uint32_t NumberInThirdPerson(int32_t verb) const;
  /// "Das Ministerium schwieg. Es wirft ihm vor, ...": the body that was the subject before.
  int32_t FindNeuterBefore(const NounPhrase& pronoun) const;
  void ReadPronoun(int32_t phrase);
  /// "nach seinen Angaben": the possessive of a source noun stands for somebody.
  void ReadPossessive(int32_t phrase);
  /// "Sie" with a capital in the midst of a sentence.
  bool IsPolite(const NounPhrase& pronoun) const;
  /// "Dieser" behind "... einen Vorschlag vor": whether what a demonstrative points to, the phrase
  /// that agrees with it and ends last in the sentence before, is no actor.
  bool IsOfThing(const NounPhrase& pronoun, uint32_t wanted) const;
  /// Who a pronoun with this gender and number stands for.
  int32_t Antecedent(const NounPhrase& pronoun, uint32_t wanted, bool speaks) const;
  bool ColonBetween(int32_t from, int32_t to) const;
  /// "der Vertreter der Arbeitgeber im Rat der Agentur (ABC), Ulf Tann,": the phrase that a name
  /// behind a comma is the name of, over what stands between them; -1 = none.
  int32_t OfficeBeforeComma(const Name& name) const;
  /// "die 13 beteiligten Feuerwehrleute".
  bool IsCounted(const NounPhrase& phrase) const;
  /// "die Duisburger Polizei".
  bool HasPlaceAdjective(const NounPhrase& phrase) const;
  /// "Berg kritisierte Tann": whether a clause has its subject before a phrase whose form does not
  /// tell its case.
  bool HasSubjectBefore(const NounPhrase& phrase) const;
  /// Whether only words stand between two tokens.
  bool SameClause(int32_t from, int32_t to) const;
  /// What the first name of a person named with more than one word suggests; 0 = nothing.
  static uint32_t GenderOfFirstName(const Cluster& person);

  /// Keeps the members of "A und B", so that "die beiden" and "sie" can mean them.
  void RememberTogether(int32_t phrase);
  /// The members of the newest coordination that a plural phrase can mean; empty = none. `head` as
  /// HeadKey() gives it, empty for a pronoun.
  std::vector<int32_t> FindTogether(const NounPhrase& phrase, std::string_view head) const;

  // actor_phrases.cc: what a noun phrase says of its referent.
  bool IsAgent(const NounPhrase& phrase) const;
  /// "der Befragten" in "47 Prozent der Befragten": those of whom a part is counted.
  bool IsShare(const NounPhrase& phrase) const;
  bool IsSubject(const NounPhrase& phrase) const;
  /// Whether a noun says where a statement comes from ("Angaben", "Einsatzbericht").
  bool NamesSource(int32_t noun) const;
  /// Who is cited: "laut Berg", "Angaben von Berg".
  bool IsSource(const NounPhrase& phrase) const;
  /// "aus Sandau hieß es", "Angaben aus Sandau": a place that what is reported comes from.
  bool IsHeardFrom(const NounPhrase& phrase) const;
  /// Whether a verb by which something is heard stands beside a phrase with a preposition.
  /// REQUIRES: phrase.preposition >= 0.
  bool IsBesideHearsay(const NounPhrase& phrase) const;
  /// Whether the token stands in the title or a heading.
  bool InHeadline(int32_t token) const;
  /// Whether the pronoun is who speaks in a frame behind its words: "..., sagte er".
  bool SpeaksBehind(const NounPhrase& pronoun) const;
  std::string CountryOf(int32_t phrase) const;
  std::string ModifierOf(int32_t phrase) const;
  std::string HeadKey(const NounPhrase& phrase) const;
  TokenRange NominalRange(int32_t phrase) const;
  std::string NominalName(int32_t phrase, const TokenRange& range, bool plural = false) const;
  /// Nominative of a noun as it stands in the text, in the plural where told so.
  std::string Nominative(int32_t token, bool plural) const;
  /// The attributive adjective with the ending of the nominative without article.
  static std::string StrongAdjective(std::string_view word, std::string_view ending);
  std::string Clean(const TokenRange& range) const;
  uint32_t Agreement(const NounPhrase& phrase) const;
  static bool Agrees(uint32_t a, uint32_t b);
  /// The state of a country, made where the document has not named it yet.
  int32_t StateOf(const std::string& country);

  // actor_builder.cc: clusters and the actors made of them.
  int32_t Find(int32_t cluster) const;
  int32_t NewCluster(ActorType type, std::string_view rule, double confidence);
  /// What a noun says of whom it stands for.
  struct Nominal {
    std::string head;  ///< As HeadKey() gives it.
    std::string country;
    std::string modifier;
    std::string name;
    uint32_t morphology = 0;
  };
  /// A cluster that FindBody() and FindPerson() find by its noun.
  int32_t NewNominal(ActorType type, std::string_view rule, double confidence, Nominal nominal);
  void RememberHead(const std::string& head, int32_t cluster);
  void Merge(int32_t from, int32_t into);
  void AddMention(int32_t cluster, const TokenRange& tokens, MentionKind kind);
  void AddAlias(int32_t cluster, std::string alias);
  void Remember(int32_t cluster, const NounPhrase* phrase, int32_t token);
  Cluster& At(int32_t cluster) { return clusters_[static_cast<size_t>(Find(cluster))]; }
  const Cluster& At(int32_t cluster) const { return clusters_[static_cast<size_t>(Find(cluster))]; }
  void MergeNamesakes();
  static void AddOnce(std::vector<std::string>* list, std::string item, size_t limit);
  void Emit();

  AnnotatedDocument& doc_;
  const Lexicon& lexicon_;
  const KnownActors& known_;
  const NounPhrases& phrases_;
  std::vector<Name> names_;
  std::vector<int32_t> name_of_phrase_;  ///< By phrase: index into names_, -1 = none.
  std::vector<int32_t> name_at_token_;   ///< By token: index into names_, -1 = none.
  std::vector<Cluster> clusters_;
  std::vector<int32_t> cluster_of_phrase_;  ///< By phrase, filled while reading.
  absl::flat_hash_map<std::string, std::vector<int32_t>> persons_by_token_;
  absl::flat_hash_map<std::string, int32_t> bodies_by_key_;
  absl::flat_hash_map<std::string, int32_t> states_by_code_;
  /// By kind of body and country ("service KR"): the only named one of the document, -1 = several.
  absl::flat_hash_map<std::string, int32_t> only_body_;
  absl::flat_hash_map<std::string, std::vector<int32_t>> nominals_by_head_;
  std::deque<Referent> recent_;      ///< Latest last; bounded.
  std::vector<Document> documents_;  ///< As they are read.
  Together together_;                ///< The newest.
  std::vector<bool> quoted_;         ///< By token: inside quotation marks.
  std::vector<bool> headline_;       ///< By token: in the title or a heading.
};

}  // namespace lagebild::extract

#endif  // LAGEBILD_EXTRACT_SERVICE_ACTORS_ACTOR_BUILDER_H_
