#include "common/client/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lagebild {
namespace {

using ::testing::HasSubstr;

TEST(ChannelTest, KnowsLoopback) {
  for (const char* const yes :
       {"127.0.0.1:7401", "127.8.9.1:1", "localhost:7401", "[::1]:7401", "unix:/run/x.sock",
        "dns:///localhost:1", "ipv4:127.0.0.1:80", "::1"}) {
    EXPECT_TRUE(IsLoopback(yes)) << yes;
  }
  for (const char* const no : {"0.0.0.0:7401", "[::]:7401", "ingest:7401", "10.0.0.1:1",
                               "127.evil.example:1", "localhost.example:1", "", ":7401"}) {
    EXPECT_FALSE(IsLoopback(no)) << no;
  }
}

TEST(ChannelTest, PlainTextOnlyOnThisMachine) {
  ChannelOptions options;
  options.target = "127.0.0.1:1";
  EXPECT_TRUE(MakeChannel(options).ok());
  options.target = "ingest:7401";
  EXPECT_THAT(std::string(MakeChannel(options).status().message()), HasSubstr("--client-ca"));
  options.insecure = true;
  EXPECT_TRUE(MakeChannel(options).ok());
  options.cert = "/nowhere.pem";
  EXPECT_THAT(std::string(MakeChannel(options).status().message()),
              HasSubstr("--client-key: is missing"));
  options.key = "/nowhere.key";
  EXPECT_THAT(std::string(MakeChannel(options).status().message()),
              HasSubstr("--client-cert: cannot read \"/nowhere.pem\""));
}

}  // namespace
}  // namespace lagebild
