#include "extract_service/lexicon/compiler/lexicon_builder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/hash/hash.h"
#include "extract_service/lexicon/lexicon_format.h"
#include "extract_service/lexicon/word_shape.h"

namespace lagebild::extract {

namespace format = lexicon_format;

namespace {

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

// Readings that differ in these stay apart; the rest of the morphology of equal ones is united.
constexpr uint32_t kDistinctive =
    Morphology::kNumbers | Morphology::kMoods | Morphology::kPresent | Morphology::kPast |
    Morphology::kFinite | Morphology::kInfinitive | Morphology::kParticiplePresent |
    Morphology::kParticiplePerfect | Morphology::kZuInfinitive | Morphology::kSeparable;

// Gathers texts, each stored once.
class StringPool {
 public:
  format::Text Add(std::string_view text) {
    const auto [entry, added] =
        offsets_.try_emplace(std::string(text), static_cast<uint32_t>(bytes_.size()));
    if (added) bytes_.append(text);
    return {entry->second, static_cast<uint32_t>(text.size())};
  }
  const std::string& bytes() const { return bytes_; }

 private:
  absl::flat_hash_map<std::string, uint32_t> offsets_;
  std::string bytes_;
};

template <typename T>
std::string Bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// Numbers values 0, 1, 2... in sorted order; 0 always has number 0.
class Numbering {
 public:
  explicit Numbering(const std::set<uint32_t>& values) {
    values_.push_back(0);
    for (const uint32_t value : values) {
      if (value != 0) values_.push_back(value);
    }
    for (uint32_t i = 0; i < values_.size(); ++i) numbers_[values_[i]] = i;
  }
  uint32_t operator[](uint32_t value) const { return numbers_.at(value); }
  const std::vector<uint32_t>& values() const { return values_; }

 private:
  std::vector<uint32_t> values_;
  absl::flat_hash_map<uint32_t, uint32_t> numbers_;
};

}  // namespace

void LexiconBuilder::AddFrequency(std::string_view form, float log_probability) {
  forms_[Key(form)].log_probability = log_probability;
}

void LexiconBuilder::AddCluster(std::string_view form, uint32_t cluster) {
  forms_[Key(form)].cluster = cluster;
}

bool LexiconBuilder::Occurs(std::string_view form) const {
  const auto found = forms_.find(Key(form));
  return found != forms_.end() && found->second.log_probability != 0;
}

float LexiconBuilder::LogProbability(std::string_view form) const {
  return Occurs(form) ? forms_.find(Key(form))->second.log_probability : -30.0F;
}

void LexiconBuilder::AddReading(std::string_view form, std::string_view lemma, Pos pos,
                                uint32_t morphology) {
  const auto [number, added] =
      lemma_numbers_.try_emplace(std::string(lemma), static_cast<uint32_t>(lemmas_.size()));
  if (added) lemmas_.emplace_back(lemma);
  std::vector<Reading>& readings = forms_[Key(form)].readings;
  for (Reading& reading : readings) {
    if (reading.lemma == number->second && reading.pos == pos &&
        (reading.morphology & kDistinctive) == (morphology & kDistinctive)) {
      reading.morphology |= morphology;
      return;
    }
  }
  readings.push_back({number->second, pos, morphology});
  if (pos == Pos::kNoun) noun_forms_[number->second].emplace_back(form);
}

void LexiconBuilder::AddClasses(std::string_view form, uint32_t classes) {
  forms_[Key(form)].classes |= classes;
}

bool LexiconBuilder::HasReading(std::string_view form) const {
  const auto found = forms_.find(Key(form));
  return found != forms_.end() && !found->second.readings.empty();
}

bool LexiconBuilder::HasReading(std::string_view form, Pos pos) const {
  const auto found = forms_.find(Key(form));
  return found != forms_.end() &&
         std::any_of(found->second.readings.begin(), found->second.readings.end(),
                     [pos](const Reading& reading) { return reading.pos == pos; });
}

uint32_t LexiconBuilder::Classes(std::string_view form) const {
  const auto found = forms_.find(Key(form));
  return found == forms_.end() ? 0 : found->second.classes;
}

std::vector<std::string> LexiconBuilder::NounForms(std::string_view lemma) const {
  const auto number = lemma_numbers_.find(Key(lemma));
  if (number == lemma_numbers_.end()) return {};
  const auto forms = noun_forms_.find(number->second);
  if (forms == noun_forms_.end()) return {};
  std::vector<std::string> sorted = forms->second;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

void LexiconBuilder::DeclineAs(std::string_view compound, std::string_view head) {
  const auto number = lemma_numbers_.find(Key(head));
  if (number == lemma_numbers_.end()) return;
  const std::string prefix(compound.substr(0, compound.size() - head.size()));
  for (const std::string& form : NounForms(head)) {
    const std::vector<Reading> readings = forms_.find(form)->second.readings;
    for (const Reading& reading : readings) {
      if (reading.pos != Pos::kNoun || reading.lemma != number->second) continue;
      const word_shape::Recased lower = word_shape::Recased::Lower(form);
      AddReading(absl::StrCat(prefix, prefix.ends_with('-') ? form : std::string(lower.text())),
                 compound, Pos::kNoun, reading.morphology);
    }
  }
}

void LexiconBuilder::ForEachForm(const std::function<void(const std::string&, Form&)>& visit) {
  std::vector<const std::string*> order;
  order.reserve(forms_.size());
  for (const auto& [form, entry] : forms_) order.push_back(&form);
  std::sort(order.begin(), order.end(),
            [](const std::string* a, const std::string* b) { return *a < *b; });
  for (const std::string* form : order) visit(*form, forms_.find(*form)->second);
}

void LexiconBuilder::AddTable(std::string_view name, SourceTable table) {
  tables_.insert_or_assign(std::string(name), std::move(table));
}

void LexiconBuilder::Prune(size_t max_forms) {
  if (forms_.size() <= max_forms) return;
  std::vector<std::pair<float, std::string>> expendable;
  for (const auto& [form, entry] : forms_) {
    if (entry.readings.empty() && entry.classes == 0) {
      expendable.emplace_back(entry.log_probability, form);
    }
  }
  std::sort(expendable.begin(), expendable.end());
  expendable.resize(std::min(expendable.size(), forms_.size() - max_forms));
  for (const auto& [probability, form] : expendable) forms_.erase(form);
}

absl::StatusOr<std::string> LexiconBuilder::Serialize() const {
  std::vector<std::pair<std::string_view, const Form*>> forms;
  std::set<uint32_t> clusters;
  std::set<uint32_t> class_sets;
  for (const auto& [form, entry] : forms_) {
    forms.emplace_back(form, &entry);
    clusters.insert(entry.cluster);
    class_sets.insert(entry.classes);
  }
  std::sort(forms.begin(), forms.end());
  const Numbering cluster_numbers(clusters);
  const Numbering class_numbers(class_sets);
  if (cluster_numbers.values().size() > format::Slot::kMaxCluster ||
      class_numbers.values().size() > format::Slot::kMaxClassSet) {
    return absl::OutOfRangeError("too many clusters or sets of classes for the format");
  }

  // Lemmas by their bytes, so that a number is the same whatever was added first.
  std::vector<bool> used(lemmas_.size(), false);
  for (const auto& [form, entry] : forms) {
    for (const Reading& reading : entry->readings) used[reading.lemma] = true;
  }
  std::vector<uint32_t> lemma_order;
  for (uint32_t i = 0; i < lemmas_.size(); ++i) {
    if (used[i]) lemma_order.push_back(i);
  }
  std::sort(lemma_order.begin(), lemma_order.end(),
            [this](uint32_t a, uint32_t b) { return lemmas_[a] < lemmas_[b]; });
  StringPool strings;
  std::vector<format::Text> lemmas;
  std::vector<uint32_t> final_lemma(lemmas_.size(), 0);
  for (const uint32_t lemma : lemma_order) {
    final_lemma[lemma] = static_cast<uint32_t>(lemmas.size());
    lemmas.push_back(strings.Add(lemmas_[lemma]));
  }

  const size_t slot_count = forms.size() + forms.size() / 5 + 8;
  std::vector<format::Slot> slots(slot_count);
  std::vector<uint64_t> hashes(slot_count, 0);
  std::string analyses;
  size_t analysis_count = 0;
  for (const auto& [form, entry] : forms) {
    std::vector<Reading> readings = entry->readings;
    for (Reading& reading : readings) reading.lemma = final_lemma[reading.lemma];
    std::sort(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) {
      return std::tie(a.pos, a.lemma, a.morphology) < std::tie(b.pos, b.lemma, b.morphology);
    });
    if (readings.size() > format::Slot::kMaxAnalyses ||
        analysis_count > format::Slot::kMaxFirstAnalysis) {
      return absl::OutOfRangeError(absl::StrCat("too many readings at ", Key(form)));
    }
    format::Slot slot;
    const uint64_t hash = Hash64(form);
    slot.check = static_cast<uint32_t>(hash);
    slot.analyses = static_cast<uint32_t>(analysis_count << 6 | readings.size());
    uint32_t code = 0;
    if (entry->log_probability < 0) {
      const long steps = std::lround(-entry->log_probability * format::kProbabilitySteps);
      code = static_cast<uint32_t>(std::clamp<long>(steps, 1, format::Slot::kMaxProbabilityCode));
    }
    slot.attributes =
        cluster_numbers[entry->cluster] << 22 | class_numbers[entry->classes] << 8 | code;
    for (const Reading& reading : readings) {
      // Written field by field: the padding of Analysis must not carry chance bytes.
      char bytes[sizeof(Analysis)] = {};
      std::memcpy(bytes, &reading.lemma, sizeof(reading.lemma));
      std::memcpy(bytes + offsetof(Analysis, pos), &reading.pos, sizeof(reading.pos));
      std::memcpy(bytes + offsetof(Analysis, morphology), &reading.morphology,
                  sizeof(reading.morphology));
      analyses.append(bytes, sizeof(bytes));
      ++analysis_count;
    }
    size_t i = format::FirstSlot(hash, slot_count);
    while (slots[i].attributes != format::Slot::kEmpty) {
      if (slots[i].check == slot.check) {
        return absl::OutOfRangeError(absl::StrCat("a form has the hash of another: ", Key(form)));
      }
      i = i + 1 == slot_count ? 0 : i + 1;
    }
    slots[i] = slot;
  }

  std::vector<uint32_t> tables;
  const auto put = [&](std::string_view text) {
    const format::Text range = strings.Add(text);
    tables.push_back(range.offset);
    tables.push_back(range.size);
  };
  tables.push_back(static_cast<uint32_t>(tables_.size()));
  for (const auto& [name, table] : tables_) {
    put(name);
    tables.push_back(static_cast<uint32_t>(table.columns.size()));
    tables.push_back(static_cast<uint32_t>(table.rows.size()));
    for (const std::string& column : table.columns) put(column);
    for (const std::vector<std::string>& row : table.rows) {
      for (const std::string& cell : row) put(cell);
    }
  }

  format::Header header;
  std::string body;
  const auto section = [&](format::Section number, std::string_view bytes) {
    body.resize((body.size() + 7) / 8 * 8, '\0');
    header.sections[number] = {sizeof(header) + body.size(), bytes.size()};
    body.append(bytes);
  };
  static_assert(sizeof(format::Header) % 8 == 0);
  section(format::kSlots, Bytes(slots));
  section(format::kAnalyses, analyses);
  section(format::kClusters, Bytes(cluster_numbers.values()));
  section(format::kClasses, Bytes(class_numbers.values()));
  section(format::kLemmas, Bytes(lemmas));
  section(format::kTables, Bytes(tables));
  section(format::kStrings, strings.bytes());
  header.file_size = sizeof(header) + body.size();
  header.checksum = Hash64(body);
  std::string file(reinterpret_cast<const char*>(&header), sizeof(header));
  file += body;
  return file;
}

absl::Status LexiconBuilder::Write(const std::filesystem::path& path) const {
  const absl::StatusOr<std::string> bytes = Serialize();
  if (!bytes.ok()) return bytes.status();
  std::filesystem::path temporary = path;
  temporary += ".new";
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
    out.flush();
    if (!out) return absl::UnavailableError(absl::StrCat("cannot write ", temporary.string()));
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot write ", path.string()));
  return absl::OkStatus();
}

}  // namespace lagebild::extract
