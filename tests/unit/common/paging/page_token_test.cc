#include "common/paging/page_token.h"

#include <gtest/gtest.h>

#include <random>

#include "common/status/error.h"
#include "lagebild/v1/ingest_service.pb.h"
#include "lagebild/v1/query_service.pb.h"

namespace lagebild {
namespace {

TEST(PageSizeTest, HasADefaultAndACap) {
  EXPECT_EQ(*EffectivePageSize(0), 50);
  EXPECT_EQ(*EffectivePageSize(1), 1);
  EXPECT_EQ(*EffectivePageSize(1000), 1000);
  EXPECT_EQ(*EffectivePageSize(INT32_MAX), 1000);
  const absl::Status status = EffectivePageSize(-1).status();
  EXPECT_EQ(ReasonOf(status), "INVALID_PAGE_SIZE");
  EXPECT_EQ(DetailOf(status).field, "page_size");
}

TEST(PageTokenTest, CarriesStateToTheSameRequest) {
  v1::ListDocumentsRequest request;
  request.set_outlet("Bote");
  EXPECT_EQ(*ReadPageToken(request), "");
  const std::string state("\0key\xff with anything", 19);
  const std::string token = MakePageToken(request, state);
  EXPECT_EQ(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  request.set_page_token(token);
  request.set_page_size(7);  // May change from page to page.
  EXPECT_EQ(*ReadPageToken(request), state);
  EXPECT_EQ(MakePageToken(request, state), token);
}

TEST(PageTokenTest, RefusesTokensOfOtherRequests) {
  v1::ListDocumentsRequest request;
  const std::string token = MakePageToken(request, "state");
  request.set_page_token(token);
  request.set_outlet("Bote");
  const absl::Status status = ReadPageToken(request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(DetailOf(status).field, "page_token");
  v1::ListActorsRequest other;  // As empty as the first, but of another type.
  other.set_page_token(token);
  EXPECT_FALSE(ReadPageToken(other).ok());
}

// No changed, cut, lengthened or random token is taken for one.
TEST(PageTokenTest, RefusesDamage) {
  v1::ListDocumentsRequest request;
  const std::string token = MakePageToken(request, "some state that is long enough");
  const auto accepted = [&request](const std::string& candidate) {
    request.set_page_token(candidate);
    return ReadPageToken(request).ok();
  };
  ASSERT_TRUE(accepted(token));
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'A', 'B', '-', '_', '=', ' ', '/', '\xc3', '\0'}) {
      std::string changed = token;
      changed[i] = c;
      EXPECT_TRUE(changed == token || !accepted(changed)) << i << " " << c;
    }
    EXPECT_FALSE(i > 0 && accepted(token.substr(0, i)));
  }
  for (const char* const more : {"=", "==", "A", "AAAA", " ", "\n"}) {
    EXPECT_FALSE(accepted(token + more));
  }
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string garbage(1 + random() % 60, '\0');
    for (char& c : garbage) {
      c = round % 2 == 0
              ? static_cast<char>(random())
              : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random() % 64];
    }
    EXPECT_FALSE(accepted(garbage));
  }
  EXPECT_FALSE(accepted(std::string(1 << 20, 'A')));
}

}  // namespace
}  // namespace lagebild
