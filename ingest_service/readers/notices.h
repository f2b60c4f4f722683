#ifndef LAGEBILD_INGEST_SERVICE_READERS_NOTICES_H_
#define LAGEBILD_INGEST_SERVICE_READERS_NOTICES_H_

#include <string>
#include <string_view>
#include <vector>

namespace lagebild::ingest {

/// The bytes of notices.tsv, compiled in.
extern const char kNoticesTable[];

/// A line of the table.
struct Notice {
  std::string kind;
  std::string pattern;
  std::string example;
};

/// All lines of the table.
std::vector<Notice> ParseNotices(std::string_view table);

/// What the words of an element's class or id say of it.
enum class ClassVerdict {
  kNothing,
  kBox,     ///< Beside the article, or the layout around it.
  kNotice,  ///< Not part of an article.
};

/// Words are split at everything but letters and digits, and before capitals inside ("shareBar").
ClassVerdict JudgeClass(std::string_view class_or_id);

/// Whether a block of text is a notice.
bool IsNoticeText(std::string_view block);

}  // namespace lagebild::ingest

#endif  // LAGEBILD_INGEST_SERVICE_READERS_NOTICES_H_
