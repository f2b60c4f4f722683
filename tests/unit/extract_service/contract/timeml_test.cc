#include "extract_service/contract/timeml.h"

#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "extract_service/pipeline/pipeline.h"

namespace lagebild::extract {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Doc = std::unique_ptr<xmlDoc, Deleter<xmlFreeDoc>>;

void Collect(void* errors, const char* format, ...) {
  char line[1000];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  *static_cast<std::string*>(errors) += line;
}

xmlSchema* Schema() {
  static xmlSchema* const schema = [] {
    const std::unique_ptr<xmlSchemaParserCtxt, Deleter<xmlSchemaFreeParserCtxt>> parser(
        xmlSchemaNewParserCtxt(LAGEBILD_SOURCE_DIR
                               "/tests/unit/extract_service/contract/timeml.xsd"));
    return xmlSchemaParse(parser.get());
  }();
  return schema;
}

Doc Parse(const std::string& xml) {
  return Doc(xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "document.tml", nullptr,
                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_HUGE));
}

// What the validator finds, empty when the document is valid.
std::string Faults(const std::string& xml) {
  const Doc document = Parse(xml);
  if (document == nullptr) return "not well-formed";
  if (Schema() == nullptr) return "the schema is broken";
  const std::unique_ptr<xmlSchemaValidCtxt, Deleter<xmlSchemaFreeValidCtxt>> validator(
      xmlSchemaNewValidCtxt(Schema()));
  std::string faults;
  xmlSchemaSetValidErrors(validator.get(), Collect, Collect, &faults);
  const int result = xmlSchemaValidateDoc(validator.get(), document.get());
  return result == 0 ? "" : faults.empty() ? "invalid" : faults;
}

// Text of the element TEXT without its tags.
std::string TextOf(const std::string& xml) {
  const Doc document = Parse(xml);
  if (document == nullptr) return "";
  for (xmlNode* node = xmlDocGetRootElement(document.get())->children; node != nullptr;
       node = node->next) {
    if (xmlStrEqual(node->name, BAD_CAST "TEXT") == 0) continue;
    xmlChar* const content = xmlNodeGetContent(node);
    std::string text(reinterpret_cast<const char*>(content));
    xmlFree(content);
    return text;
  }
  return "";
}

const Pipeline& ThePipeline() {
  static const auto pipeline = *Pipeline::Create(LAGEBILD_BINARY_DIR "/share/lagebild/de.lexicon");
  return *pipeline;
}

std::string Analyze(const std::string& text, const std::string& published = "2021-04-14") {
  DeclaredMetadata declared;
  declared.document_id = "a<b>&\"c\"";
  declared.published = published;
  return DocumentToTimeMl(ThePipeline().Analyze(text, declared));
}

TEST(TimeMl, TagsTimesAndEvents) {
  const std::string xml = Analyze(
      "Am Montag griff die Miliz den Hafen an. Seit rund drei Wochen tagt der Rat täglich.");
  EXPECT_NE(xml.find("Am <TIMEX3 tid=\"t1\" type=\"DATE\" value=\"2021-04-12\">Montag</TIMEX3>"),
            std::string::npos)
      << xml;
  EXPECT_NE(xml.find("type=\"DURATION\" value=\"P3W\" mod=\"APPROX\">rund drei Wochen</TIMEX3>"),
            std::string::npos)
      << xml;
  EXPECT_NE(xml.find("type=\"SET\" value=\"P1D\" quant=\"EVERY\">täglich</TIMEX3>"),
            std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<EVENT eid=\"e1\" class=\"OCCURRENCE\">"), std::string::npos) << xml;
  EXPECT_NE(xml.find("<MAKEINSTANCE eiid=\"ei1\" eventID=\"e1\""), std::string::npos) << xml;
  EXPECT_EQ(Faults(xml), "");
}

TEST(TimeMl, IsValidWhateverTheTextHolds) {
  for (const std::string text :
       {"Er kam am 3. Mai & <ging> \"am\" 5. Mai.", "Am Montag\r\nkam er.\x01 Der Rat tagt.",
        "Die Stadt wurde 44 v. Chr. im 3. Jahrtausend um 20:15:30 Uhr MEZ gegründet.",
        "Sie zahlt 3,5 mal täglich 1.000 Euro, alle 1,5 Jahre, seit 12.000 Jahren.", "\n"}) {
    const std::string xml = Analyze(text);
    EXPECT_EQ(Faults(xml), "") << xml;
  }
  EXPECT_EQ(Faults(Analyze("Am Montag kam er.", "")), "");
}

TEST(TimeMl, KeepsTheText) {
  const std::string text = "Am Montag & <heute>\r\n\"um 9 Uhr\"\tkam er an.";
  EXPECT_EQ(TextOf(Analyze(text)), text);
}

TEST(TimeMl, IsValidOnTheSamples) {
  int read = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(LAGEBILD_SOURCE_DIR "/deploy/samples")) {
    if (file.path().extension() != ".txt") continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string xml = Analyze(text, "");
    EXPECT_EQ(Faults(xml), "") << file.path();
    EXPECT_EQ(TextOf(xml), text) << file.path();
    ++read;
  }
  EXPECT_GT(read, 3);
}

// The schema itself tells right from wrong.
TEST(TimeMl, SchemaRefusesWhatIsWrong) {
  const std::string right =
      "<TimeML><DOCID>a</DOCID><DCT/><TEXT><TIMEX3 tid=\"t1\" type=\"DATE\" "
      "value=\"2021\">x</TIMEX3>"
      "</TEXT></TimeML>";
  EXPECT_EQ(Faults(right), "");
  for (const auto& [from, to] : {std::pair{"\"2021\"", "\"20-21\""},
                                 {"\"2021\"", "\"PXA\""},
                                 {"\"DATE\"", "\"DAY\""},
                                 {"tid=\"t1\"", ""},
                                 {"<DCT/>", ""}}) {
    std::string wrong = right;
    wrong.replace(wrong.find(from), std::string_view(from).size(), to);
    EXPECT_NE(Faults(wrong), "") << wrong;
  }
}

}  // namespace
}  // namespace lagebild::extract
