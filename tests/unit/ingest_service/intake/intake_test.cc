#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/status/error.h"
#include "ingest_service/intake/document_intake.h"
#include "ingest_service/intake/keyed_sequencer.h"
#include "ingest_service/intake/sha256.h"
#include "ingest_service/intake/signature.h"
#include "ingest_service/intake/url.h"

namespace lagebild::ingest {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kLimit = 1000;

Submission Text(std::string_view content) {
  Submission submission;
  submission.content = content;
  return submission;
}

struct Refusal {
  std::string reason;
  std::string field;
  friend bool operator==(const Refusal&, const Refusal&) = default;
  friend void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.reason << " " << refusal.field;
  }
};

Refusal RefusalOf(const Submission& submission) {
  const auto prepared = PrepareDocument(submission, kLimit);
  if (prepared.ok()) return {"accepted", ""};
  EXPECT_EQ(prepared.status().code(), absl::StatusCode::kInvalidArgument);
  const ErrorDetail detail = DetailOf(prepared.status());
  return {detail.reason, detail.field};
}

TEST(PrepareDocumentTest, RefusesBadContentWithReasonAndField) {
  EXPECT_EQ(RefusalOf(Text("")), (Refusal{"EMPTY_TEXT", "text"}));
  EXPECT_EQ(RefusalOf(Text(" \n")), (Refusal{"EMPTY_TEXT", "text"}));
  EXPECT_EQ(RefusalOf(Text(std::string_view("a\0", 2))), (Refusal{"NUL_BYTE", "text"}));
  EXPECT_EQ(RefusalOf(Text(std::string(kLimit, 'x'))), (Refusal{"accepted", ""}));
  EXPECT_EQ(RefusalOf(Text(std::string(kLimit + 1, 'x'))), (Refusal{"TOO_LARGE", "text"}));
  Submission raw = Text("Tor \xff");
  raw.content_field = "raw";
  EXPECT_EQ(RefusalOf(raw), (Refusal{"INVALID_UTF8", "raw"}));
  EXPECT_EQ(DetailOf(PrepareDocument(raw, kLimit).status()).metadata.at("byte_offset"), "4");
}

TEST(PrepareDocumentTest, RefusesBadMetadataWithReasonAndField) {
  const auto with = [](const std::function<void(Submission&)>& change) {
    Submission submission = Text("Das Tor klemmt.");
    change(submission);
    return RefusalOf(submission);
  };
  EXPECT_EQ(with([](auto& s) { s.metadata.url = "ftp://haffpost.example/a"; }),
            (Refusal{"INVALID_URL", "metadata.url"}));
  EXPECT_EQ(with([](auto& s) { s.metadata.url = "haffpost.example/a"; }),
            (Refusal{"INVALID_URL", "metadata.url"}));
  EXPECT_EQ(with([](auto& s) { s.metadata.url = "https://h.example/" + std::string(4000, 'x'); }),
            (Refusal{"TOO_LARGE", "metadata.url"}));
  EXPECT_EQ(with([](auto& s) { s.metadata.published = "gestern"; }),
            (Refusal{"INVALID_DATE", "metadata.published"}));
  EXPECT_EQ(with([](auto& s) { s.metadata.published = "2031-02-30"; }),
            (Refusal{"INVALID_DATE", "metadata.published"}));
  EXPECT_EQ(with([](auto& s) { s.metadata.title = std::string(2001, 'x'); }),
            (Refusal{"TOO_LARGE", "metadata.title"}));
  EXPECT_EQ(with([](auto& s) { s.metadata.outlet = std::string("a\0b", 3); }),
            (Refusal{"NUL_BYTE", "metadata.outlet"}));
  EXPECT_EQ(with([](auto& s) { s.metadata.authors.resize(101, "x"); }),
            (Refusal{"TOO_LARGE", "metadata.authors"}));
  for (const char* const date : {"2031", "2031-03", "2031-03-04", "2031-03-04T17:46:00+01:00"}) {
    EXPECT_EQ(with([&](auto& s) { s.metadata.published = date; }).reason, "accepted") << date;
  }
}

TEST(PrepareDocumentTest, ChecksIds) {
  for (const std::string& id :
       {std::string("a/b"), std::string("a\nb"), std::string(257, 'x'), std::string(" a"),
        std::string("a "), std::string("\xff"), std::string("a\0b", 3), std::string("\xE2\x80\xAE"),
        std::string("\xC2\x85")}) {
    EXPECT_EQ(ReasonOf(CheckDocumentId(id)), "INVALID_ID") << id;
  }
  for (const std::string& id :
       {std::string("a"), std::string(256, 'x'), std::string("Fähre Nr. 7"), std::string("..")}) {
    EXPECT_TRUE(CheckDocumentId(id).ok()) << id;
  }
}

TEST(PrepareDocumentTest, MakesIds) {
  Submission submission = Text("Das Tor klemmt.");
  const std::string by_content = PrepareDocument(submission, kLimit)->id;
  EXPECT_EQ(by_content, "sha-" + by_content.substr(4));
  EXPECT_EQ(by_content.size(), 36u);
  EXPECT_NE(by_content, PrepareDocument(Text("Das Tor klemmt!"), kLimit)->id);

  submission.metadata.url = "https://www.haffpost.example/tor?id=7&utm_source=x#unten";
  const std::string by_url = PrepareDocument(submission, kLimit)->id;
  EXPECT_EQ(by_url.substr(0, 4), "url-");
  Submission other = Text("Ein anderer Text.");
  other.metadata.url = "http://WWW.haffpost.example:80/tor?id=7";
  EXPECT_EQ(PrepareDocument(other, kLimit)->id, by_url);

  submission.id = "mein Artikel";
  EXPECT_EQ(PrepareDocument(submission, kLimit)->id, "mein Artikel");
}

TEST(PrepareDocumentTest, AUrlInTheMarkupNamesNoDocument) {
  const auto prepared = PrepareDocument(
      Text("<link rel=canonical href='https://www.haffpost.example/tor'><p>Das Tor klemmt."),
      kLimit);
  EXPECT_EQ(prepared->id.substr(0, 4), "sha-");
  EXPECT_EQ(prepared->metadata.url, "https://www.haffpost.example/tor");
  EXPECT_EQ(prepared->metadata.outlet, "haffpost.example");
}

TEST(PrepareDocumentTest, TheCallersMetadataWins) {
  Submission submission = Text(
      "<title>Titel der Seite</title><meta property='og:site_name' content='Haffpost'>"
      "<meta name=date content=2031-03-04><p>Das Tor klemmt.");
  submission.metadata.title = "Titel des Aufrufers";
  submission.metadata.url = "https://www.anders.example/x";
  const auto prepared = PrepareDocument(submission, kLimit);
  ASSERT_TRUE(prepared.ok());
  EXPECT_EQ(prepared->metadata.title, "Titel des Aufrufers");
  EXPECT_EQ(prepared->metadata.outlet, "Haffpost");
  EXPECT_EQ(prepared->metadata.published, "2031-03-04");
  EXPECT_EQ(prepared->metadata.url, "https://www.anders.example/x");
  EXPECT_EQ(prepared->raw, submission.content);
  EXPECT_EQ(prepared->text, "Das Tor klemmt.");
}

TEST(PrepareDocumentTest, PlainTextIsItsOwnRawForm) {
  const auto prepared = PrepareDocument(Text("  Das Tor\r\nklemmt.\n"), kLimit);
  EXPECT_EQ(prepared->text, "  Das Tor\r\nklemmt.\n");
  EXPECT_EQ(prepared->raw, "");
}

TEST(PrepareDocumentTest, TheFingerprintCoversBytesFormatAndMetadata) {
  const std::string first = PrepareDocument(Text("<p>Das Tor klemmt."), kLimit)->fingerprint;
  EXPECT_EQ(first, PrepareDocument(Text("<p>Das Tor klemmt."), kLimit)->fingerprint);
  EXPECT_NE(first, PrepareDocument(Text("<p>Das Tor klemmt. "), kLimit)->fingerprint);
  Submission submission = Text("<p>Das Tor klemmt.");
  submission.format = ContentFormat::kPlain;
  EXPECT_NE(first, PrepareDocument(submission, kLimit)->fingerprint);
  submission.format = ContentFormat::kHtml;
  EXPECT_EQ(first, PrepareDocument(submission, kLimit)->fingerprint);
  submission.metadata.authors = {"Ole"};
  EXPECT_NE(first, PrepareDocument(submission, kLimit)->fingerprint);
}

TEST(UrlTest, TakesAddressesApart) {
  const auto url = ParseWebUrl("HTTPS://nutzer:x@WWW.Haffpost.example.:8443/a%c3%a4?b=1#c");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "www.haffpost.example");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->path, "/a%c3%a4");
  EXPECT_EQ(url->query, "b=1");
  EXPECT_EQ(NormalizedUrl(*url), "https://www.haffpost.example:8443/a%C3%A4?b=1");
  EXPECT_EQ(OutletOfHost(*url), "haffpost.example");
  EXPECT_TRUE(ParseWebUrl("http://[::1]:80/").has_value());
  EXPECT_TRUE(ParseWebUrl("https://fähre.example").has_value());
  for (const char* const bad : {"", "https://", "https:///x", "https://a b/", "https://a..b/",
                                "https://.a/", "javascript:x", "https://a:99999/", "https://a:x/",
                                "https://[::1/", "https://[x]/", "//a/b", "https://a\n/"}) {
    EXPECT_FALSE(ParseWebUrl(bad).has_value()) << bad;
  }
}

TEST(Sha256Test, IsSha256) {
  Sha256 hash;
  hash.Add("abc");
  EXPECT_EQ(Hex(hash.Finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

constexpr char kArticle[] =
    "Die Fähre zwischen Norderhaff und Osterhaff fährt seit Mittwoch wieder nach Plan, teilte die "
    "Reederei Kvist mit. Niemand sei verletzt worden, sagte Hafenmeisterin Jorid Haldersen. Zuvor "
    "war das Schiff drei Tage lang ausgefallen, weil ein Teil der Ruderanlage fehlte und erst aus "
    "dem Süden geholt werden musste.";

double Similarity(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  size_t equal = 0;
  for (size_t i = 0; i < kSignatureValues; ++i) equal += a[i] == b[i] ? 1 : 0;
  return static_cast<double>(equal) / kSignatureValues;
}

TEST(SignatureTest, TellsCopiesFromOtherTexts) {
  const std::vector<uint32_t> article = MinHashSignature(kArticle);
  ASSERT_EQ(article.size(), kSignatureValues);
  EXPECT_EQ(article, MinHashSignature(kArticle));
  std::string shouted = kArticle;
  for (char& c : shouted) c = c == ',' ? ';' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  EXPECT_EQ(article, MinHashSignature(shouted));
  EXPECT_GT(Similarity(article, MinHashSignature(std::string(kArticle) + " Mehr am Abend.")), 0.8);
  EXPECT_LT(Similarity(article,
                       MinHashSignature("Im Streit um die Schleuse hat das Hafenamt am Montag neue "
                                        "Zahlen vorgelegt und der Darstellung der Reederei in fast "
                                        "allen Punkten widersprochen, ohne Belege zu nennen.")),
            0.1);
  EXPECT_TRUE(MinHashSignature("Das Tor klemmt.").empty());
}

TEST(SignatureTest, NeverChanges) {
  const std::vector<uint32_t> article = MinHashSignature(kArticle);
  EXPECT_THAT(std::vector<uint32_t>(article.begin(), article.begin() + 4),
              ElementsAre(123067318u, 76832612u, 4637331u, 52743925u));
}

TEST(KeyedSequencerTest, RunsTasksOfAKeyInOrderAndOthersAtOnce) {
  std::vector<std::function<void()>> queue;
  KeyedSequencer sequencer([&](std::function<void()> work) { queue.push_back(std::move(work)); });
  std::vector<std::string> log;
  std::vector<KeyedSequencer::Release> releases;
  const auto task = [&](const std::string& name) {
    return [&, name](KeyedSequencer::Release release) {
      log.push_back(name);
      releases.push_back(std::move(release));
    };
  };
  sequencer.Run("a", task("a1"));
  sequencer.Run("a", task("a2"));
  sequencer.Run("b", task("b1"));
  sequencer.Run("a", task("a3"));
  EXPECT_THAT(log, ElementsAre("a1", "b1"));
  releases[0]();
  EXPECT_EQ(log.size(), 2u) << "the releasing thread is not kept";
  ASSERT_EQ(queue.size(), 1u);
  queue[0]();
  EXPECT_THAT(log, ElementsAre("a1", "b1", "a2"));
  releases[2]();
  queue[1]();
  EXPECT_THAT(log, ElementsAre("a1", "b1", "a2", "a3"));
  releases[1]();
  releases[3]();
  EXPECT_EQ(sequencer.active_keys(), 0u);
}

}  // namespace
}  // namespace lagebild::ingest
