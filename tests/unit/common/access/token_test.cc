#include "common/access/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/status/error.h"

namespace lagebild {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ScopeSet kReadWrite =
    static_cast<ScopeSet>(Scope::kRead) | static_cast<ScopeSet>(Scope::kWrite);

TEST(TokenTest, ATokenIsRecognisedByItsLineOnly) {
  const NewToken first = *CreateToken("wire-desk", kReadWrite);
  const NewToken second = *CreateToken("wire-desk", kReadWrite);
  EXPECT_NE(first.token, second.token);
  EXPECT_EQ(NameOfToken(first.token), "wire-desk");
  // The line does not give the secret away.
  const std::string secret = first.token.substr(first.token.rfind('.') + 1);
  EXPECT_GE(secret.size(), 43u);
  EXPECT_THAT(first.line, Not(HasSubstr(secret)));

  const std::vector<TokenRecord> records = *ParseTokens("# desks\n\n  " + first.line + "\r\n");
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].name, "wire-desk");
  EXPECT_EQ(records[0].scopes, kReadWrite);
  EXPECT_TRUE(TokenMatches(first.token, records[0]));
  EXPECT_FALSE(TokenMatches(second.token, records[0]));
  EXPECT_FALSE(TokenMatches(first.token + "a", records[0]));
  EXPECT_FALSE(TokenMatches("", records[0]));
}

TEST(TokenTest, TheHashIsScryptAsOthersComputeIt) {
  // Python: hashlib.scrypt(b"lagebild.a.b", salt=bytes(16), n=16, r=8, p=1, dklen=32)
  const std::vector<TokenRecord> records = *ParseTokens(
      "a read scrypt:16:8:1:AAAAAAAAAAAAAAAAAAAAAA:terLu6tdTxHvVH6NIPLmeAkPwdRz7kinFHj5Tryw2XE\n");
  EXPECT_TRUE(TokenMatches("lagebild.a.b", records[0]));
  EXPECT_FALSE(TokenMatches("lagebild.a.c", records[0]));
}

TEST(TokenTest, NamesAndScopesAreChecked) {
  for (const std::string& name : {std::string(), std::string("A"), std::string("a b"),
                                  std::string("a.b"), std::string(64, 'a'), std::string("ä")}) {
    EXPECT_EQ(ReasonOf(CreateToken(name, kReadWrite).status()), "CONFIG") << name;
  }
  EXPECT_TRUE(CreateToken(std::string(63, 'a'), kReadWrite).ok());
  EXPECT_EQ(ReasonOf(CreateToken("a", 0).status()), "CONFIG");
  for (const std::string_view name : {"read", "write", "admin"}) {
    EXPECT_EQ(ScopeName(*ParseScope(name)), name);
  }
  EXPECT_EQ(ReasonOf(ParseScope("root").status()), "CONFIG");
  for (const std::string_view token :
       {"", "lagebild.", "lagebild.a", "wire.a.b", "lagebild.A.b", "lagebild..b"}) {
    EXPECT_EQ(NameOfToken(token), "") << token;
  }
}

TEST(TokenTest, ABadLineIsNamedAndNotQuoted) {
  const std::string good = CreateToken("a", kReadWrite)->line;
  const std::string hash = good.substr(good.rfind(' ') + 1);
  const std::string salt_and_hash = hash.substr(hash.rfind(':', hash.rfind(':') - 1) + 1);
  const std::vector<std::string> bad_lines = {"lagebild.a.geheim",
                                              "b read",
                                              "b read " + hash + " rest",
                                              "b all " + hash,
                                              "b read, " + hash,
                                              "B read " + hash,
                                              "b read md5:AAAA",
                                              "b read scrypt:16384:8:1:AAAA:AAAA",
                                              "b read " + hash + "AAAA",
                                              "b read scrypt:3:8:1:" + salt_and_hash,
                                              "b read scrypt:1073741824:8:1:" + salt_and_hash,
                                              "b read scrypt:16384:0:1:" + salt_and_hash};
  for (const std::string& bad : bad_lines) {
    const absl::Status status = ParseTokens(good + "\n" + bad + "\n").status();
    EXPECT_EQ(ReasonOf(status), "CONFIG") << bad;
    EXPECT_THAT(std::string(status.message()), HasSubstr("line 2: ")) << bad;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("geheim")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(hash)));
  }
  EXPECT_THAT(std::string(ParseTokens(good + "\n" + good).status().message()),
              HasSubstr("a second token has the name \"a\""));
}

}  // namespace
}  // namespace lagebild
