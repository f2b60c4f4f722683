#include "ingest_service/readers/html_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/status/error.h"
#include "common/text/utf8.h"

namespace lagebild::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

ReadResult Read(std::string_view page) {
  absl::StatusOr<ReadResult> result = ReadHtml(page);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *result : ReadResult();
}

std::string Repeated(std::string_view piece, size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) all += piece;
  return all;
}

constexpr char kPage[] = R"html(<!DOCTYPE html>
<html lang="de"><head>
<meta charset="utf-8">
<title>Schleuse gesperrt | Wattenkurier</title>
<meta property="og:title" content="Schleuse in Norderhaff gesperrt">
<meta property="og:site_name" content="Wattenkurier">
<meta property="article:published_time" content="2031-03-04T17:46:00+01:00">
<meta name="author" content="Ebba Torfstich">
<link rel="canonical" href="https://www.wattenkurier.example/norderhaff/schleuse.html">
<style>p { color: red }</style>
<script>var tracking = "<p>Nicht im Text</p>";</script>
</head><body class="layout with-sidebar has-cookie-banner">
<div id="consent-layer"><p>Wir und unsere Partner brauchen Ihre Zustimmung, bevor Sie weiterlesen k&ouml;nnen.</p>
<button>Alle akzeptieren</button></div>
<nav><ul><li><a href="/">Startseite</a></li><li><a href="/politik">Politik</a></li></ul></nav>
<main><article>
<header><h1><span class="kicker">Norderhaff</span> <span>Schleuse nach Leck gesperrt</span></h1>
<p class="teaser">Die Schleuse in Norderhaff bleibt bis auf Weiteres zu. Das Hafenamt spricht von einem Leck.</p>
<time datetime="2031-03-04">4. M&auml;rz 2031</time></header>
<div class="share-buttons"><a href="#">Auf Facebook teilen</a></div>
<p>&bdquo;Niemand ist verletzt&ldquo;, sagte Hafenmeisterin <b>Jorid</b> <a href="/p/haldersen">Haldersen</a> am Dienstag.</p>
<figure><img src="x.jpg" alt="Bild"><figcaption>Das Tor der Schleuse am Dienstag</figcaption></figure>
<h2>Streit um die Kosten</h2>
<p>Die Reederei Kvist bezifferte den Schaden auf 2,4&nbsp;Millionen Kronen.<br>Das Amt widersprach.</p>
<ul><li>Sperrung seit Montag</li><li>Umleitung &uuml;ber Osterhaff</li></ul>
<aside><p>Infokasten, der nicht zum Artikel gehört und deshalb nicht im Text stehen soll.</p></aside>
<p>Lesen Sie auch: <a href="/x">Die Chronik der Schleuse</a></p>
<h2>Mehr zum Thema</h2>
<ul><li><a href="/a">Der erste andere Artikel</a></li><li><a href="/b">Der zweite andere Artikel</a></li></ul>
</article></main>
<footer><p>Impressum und Datenschutz</p></footer>
</body></html>)html";

TEST(HtmlReaderTest, KeepsTheArticleAndLeavesTheRestOut) {
  const ReadResult result = Read(kPage);
  EXPECT_EQ(result.text,
            "Norderhaff Schleuse nach Leck gesperrt\n\n"
            "Die Schleuse in Norderhaff bleibt bis auf Weiteres zu. Das Hafenamt spricht von einem "
            "Leck.\n\n"
            "4. März 2031\n\n"
            "„Niemand ist verletzt“, sagte Hafenmeisterin Jorid Haldersen am Dienstag.\n\n"
            "Das Tor der Schleuse am Dienstag\n\n"
            "Streit um die Kosten\n\n"
            "Die Reederei Kvist bezifferte den Schaden auf 2,4\u00a0Millionen Kronen.\nDas Amt "
            "widersprach.\n\n"
            "Sperrung seit Montag\nUmleitung über Osterhaff");
  EXPECT_EQ(result.format, ContentFormat::kHtml);
}

TEST(HtmlReaderTest, MarksTitleHeadingsAndCaptions) {
  const ReadResult result = Read(kPage);
  ASSERT_EQ(result.marked_regions.size(), 3u);
  EXPECT_EQ(result.marked_regions[0].kind, MarkedRegionKind::kTitle);
  EXPECT_EQ(result.marked_regions[0].rule, "html.h1");
  EXPECT_EQ(result.marked_regions[0].span.In(result.text),
            "Norderhaff Schleuse nach Leck gesperrt");
  EXPECT_EQ(result.marked_regions[1].kind, MarkedRegionKind::kCaption);
  EXPECT_EQ(result.marked_regions[1].span.In(result.text), "Das Tor der Schleuse am Dienstag");
  EXPECT_EQ(result.marked_regions[2].kind, MarkedRegionKind::kHeading);
  EXPECT_EQ(result.marked_regions[2].span.In(result.text), "Streit um die Kosten");
}

TEST(HtmlReaderTest, ReadsMetadataFromMetaElements) {
  const ReadResult result = Read(kPage);
  EXPECT_EQ(result.metadata.title, "Schleuse in Norderhaff gesperrt");
  EXPECT_EQ(result.metadata.outlet, "Wattenkurier");
  EXPECT_EQ(result.metadata.published, "2031-03-04T17:46:00+01:00");
  EXPECT_EQ(result.metadata.url, "https://www.wattenkurier.example/norderhaff/schleuse.html");
  EXPECT_THAT(result.metadata.authors, ElementsAre("Ebba Torfstich"));
}

TEST(HtmlReaderTest, ReadsMetadataFromJsonLd) {
  const ReadResult result = Read(R"html(<html><head>
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "WebSite", "name": "Nicht dies"},
  {"@type": ["NewsArticle"], "headline": "Tor klemmt", "datePublished": "2031-03-05T08:00:00Z",
   "publisher": {"@type": "Organization", "name": "Haffpost"},
   "author": [{"@type": "Person", "name": "Ole Brandgans"}, "Imke Sund"],
   "mainEntityOfPage": {"@id": "https://haffpost.example/tor"}}]}</script>
<script type='application/ld+json'>{ kaputt</script>
<meta property="og:title" content="Anderer Titel">
</head><body><p>Das Tor klemmt seit dem Morgen, wie das Hafenamt von Norderhaff mitteilte.</p></body></html>)html");
  EXPECT_EQ(result.metadata.title, "Tor klemmt");
  EXPECT_EQ(result.metadata.outlet, "Haffpost");
  EXPECT_EQ(result.metadata.published, "2031-03-05T08:00:00Z");
  EXPECT_EQ(result.metadata.url, "https://haffpost.example/tor");
  EXPECT_THAT(result.metadata.authors, ElementsAre("Ole Brandgans", "Imke Sund"));
}

TEST(HtmlReaderTest, TakesTheDateOfATimeElementWhenNothingElseDeclaresOne) {
  EXPECT_EQ(Read("<p><time>gestern</time> <time datetime='2031-02-01T10:00'>1. Februar</time> Text")
                .metadata.published,
            "2031-02-01T10:00");
  EXPECT_EQ(Read("<meta name=date content=gestern><p>Text ohne Datum").metadata.published, "");
  EXPECT_EQ(Read("<meta name='DC.Date' content='04.03.2031'><p>Text").metadata.published,
            "2031-03-04");
}

TEST(HtmlReaderTest, FindsTheArticleWithoutSemanticMarkup) {
  const ReadResult result = Read(R"(<html><body>
<div class="top"><a href="/">Start</a> <a href="/sport">Sport</a></div>
<div id="page"><div class="headline"><h1>Die Fähre fährt wieder</h1></div>
<div class="links"><a href="/1">Ein anderer Artikel mit einer recht langen Zeile als Verweis darauf</a></div>
<div class="text">Die Fähre zwischen Norderhaff und Osterhaff fährt seit Mittwoch wieder nach Plan, teilte die Reederei mit.<br><br>Zuvor war sie drei Tage lang ausgefallen, weil ein Teil der Ruderanlage fehlte.</div>
</div><div>Impressum</div></body></html>)");
  EXPECT_EQ(result.text,
            "Die Fähre fährt wieder\n\n"
            "Die Fähre zwischen Norderhaff und Osterhaff fährt seit Mittwoch wieder nach Plan, "
            "teilte die Reederei mit.\n\n"
            "Zuvor war sie drei Tage lang ausgefallen, weil ein Teil der Ruderanlage fehlte.");
}

TEST(HtmlReaderTest, GivesAllTextWhenNoArticleCanBeTold) {
  EXPECT_EQ(Read("<div>Kurz</div>").text, "Kurz");
  EXPECT_EQ(Read("<nav>Nur Navigation</nav><p>Teilen</p>").text, "Teilen");
}

TEST(HtmlReaderTest, ReadsTablesRowByRow) {
  EXPECT_EQ(Read("<table><tr><th>Hafen<th>Schiffe<tr><td>Norderhaff<td>12</table>").text,
            "Hafen Schiffe\nNorderhaff 12");
}

TEST(HtmlReaderTest, DropsInvisibleCharacters) {
  EXPECT_EQ(Read("<p>Hafen&shy;meister\xE2\x80\x8Bin&#1; Haldersen</p>").text,
            "Hafenmeisterin Haldersen");
}

TEST(HtmlReaderTest, ReplacesReferencesToNoCharacter) {
  // Counted modulo 2^32 they would give half a character.
  const ReadResult result = Read(
      "<title>Tor &#xbbbbbbbbbbbb;</title><p>Tor &#99999999999; &#x110000; &#xD800; "
      "&#x10FFFD;</p>");
  EXPECT_EQ(result.text.find("\xBB"), std::string::npos);
  EXPECT_FALSE(FindInvalidUtf8(result.text).has_value());
  EXPECT_FALSE(FindInvalidUtf8(result.metadata.title).has_value());
  EXPECT_THAT(result.text, HasSubstr("Tor \xEF\xBF\xBD \xEF\xBF\xBD"));
}

TEST(HtmlReaderTest, ReadsOtherCharsets) {
  EXPECT_EQ(Read("<meta charset=iso-8859-1><p>F\xE4hre f\xFCr 5 \x80</p>").text, "Fähre für 5 €");
  EXPECT_EQ(Read("<p>\x84Kr\xF6te\x93</p>").text, "„Kröte“");
  EXPECT_EQ(
      Read("<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-15'><p>\xA4").text,
      "€");
  const std::string utf16("\xFF\xFE<\0p\0>\0\xE4\0!\0", 12);
  EXPECT_EQ(Read(utf16).text, "ä!");
  EXPECT_EQ(Read("\xEF\xBB\xBF<p>Möwe").text, "Möwe");
}

TEST(HtmlReaderTest, RefusesWhatCannotBeText) {
  absl::Status status = ReadHtml("<meta charset=utf-8><p>F\xE4hre").status();
  EXPECT_EQ(ReasonOf(status), "INVALID_UTF8");
  EXPECT_EQ(DetailOf(status).metadata.at("byte_offset"), "24");
  EXPECT_EQ(ReasonOf(ReadHtml("<html><script>x()</script></html>").status()), "EMPTY_TEXT");
  EXPECT_EQ(ReasonOf(ReadHtml("").status()), "EMPTY_TEXT");
  EXPECT_EQ(ReasonOf(ReadHtml(std::string_view("<p>a\0b", 6)).status()), "NUL_BYTE");
}

// Hostile markup: all of it must be read in linear time and without deep recursion. Two sizes, one
// four times the other: quadratic work would take sixteen times as long.
class HostilePageTest : public testing::TestWithParam<std::string> {};

TEST_P(HostilePageTest, IsReadInLinearTime) {
  const size_t small_times = 2'500'000 / GetParam().size();
  const auto seconds = [](const std::string& page) {
    const auto start = std::chrono::steady_clock::now();
    const absl::StatusOr<ReadResult> result = ReadHtml(page);
    EXPECT_FALSE(result.ok() && FindInvalidUtf8(result->text).has_value());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const std::string tail = "</p><p>Am Ende steht ein Satz.</p>";
  const double small = seconds(Repeated(GetParam(), small_times) + tail);
  const double large = seconds(Repeated(GetParam(), 4 * small_times) + tail);
  RecordProperty("milliseconds_10_mb", static_cast<int>(large * 1000));
  EXPECT_LT(large, 10 * small + 1.0) << "small " << small << " s";
  EXPECT_LT(large, 30.0);
}

INSTANTIATE_TEST_SUITE_P(
    Pages, HostilePageTest,
    testing::Values("<div>", "<p>", "<b class=a><p>", "<a href=x><p>", "<table><tr><td>",
                    "<table>x", "<li><dd>", "<ul><li>", "</p>", "</div>", "<span><div></span>",
                    "<a x", "&amp;", "&", "<", "<!--", "<script>", "</", "<h1><h2></h1>",
                    "<select><option>", "<svg><title>", "<p>Wort und noch ein Wort ", "<br>",
                    "<div class='a b-c'>x</div>", "<button><p>", "<form><p>x", "<font color=1><td>",
                    "<x-y>", "<ruby><rt>", "<h1>x", "<article>x", "<time datetime=2031-01-01>",
                    "<title>", "\xC2\xA0", "\xE2\x80\xA9x", "<frameset>", "<nobr><p><i><u>",
                    "<li>x", "<caption><table>", "=\"<a \"", "<meta name=date content=2031>",
                    "<p itemprop=articleBody>x"));

TEST(HtmlReaderTest, ReadsAHundredThousandNestedTags) {
  for (const std::string_view tag : {"div", "b", "span", "table", "ul", "blockquote", "section"}) {
    const std::string open = "<" + std::string(tag) + ">";
    const std::string close = "</" + std::string(tag) + ">";
    const ReadResult result = Read(Repeated(open, 100'000) + "Ganz innen." +
                                   Repeated(close, 100'000) + "<p>Ganz außen.</p>");
    EXPECT_THAT(result.text, HasSubstr("Ganz innen.")) << tag;
    EXPECT_THAT(result.text, HasSubstr("Ganz außen.")) << tag;
  }
}

TEST(HtmlReaderTest, ReadsManyAttributes) {
  std::string page = "<p ";
  for (int i = 0; i < 500'000; ++i) page += "a" + std::to_string(i) + "=1 ";
  page += ">Text hinter vielen Attributen.</p>";
  EXPECT_EQ(Read(page).text, "Text hinter vielen Attributen.");
}

TEST(HtmlReaderTest, KeepsParagraphsApartBehindTheLimitOfTags) {
  const ReadResult result = Read(Repeated("<p>a</p>", 400'000));
  EXPECT_EQ(result.text.size(), 400'000u * 3 - 2);
}

}  // namespace
}  // namespace lagebild::ingest
