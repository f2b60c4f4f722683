#include "common/client/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/common/temporary_directory.h"

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

TEST(ChannelTest, FilesAreCheckedAndTheirFlagsNamed) {
  TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "file";
  std::ofstream(file) << " \n";
  ChannelOptions options;
  options.target = "127.0.0.1:1";
  const auto message = [&options] { return std::string(MakeChannel(options).status().message()); };
  options.ca = file;
  EXPECT_THAT(message(), HasSubstr("--client-ca: \"" + file.string() + "\" is not PEM"));
  options.ca.clear();
  options.token_file = file;
  EXPECT_THAT(message(), HasSubstr("--client-token-file: holds no token"));
  options.token_file = directory.path() / "nothing";
  EXPECT_THAT(message(), HasSubstr("--client-token-file: cannot read"));
  options.token_file.clear();
  options.token = "zwei Wörter";
  EXPECT_THAT(message(), HasSubstr("LAGEBILD_CLIENT_TOKEN: holds no token"));
  // The value is not repeated.
  EXPECT_THAT(message(), testing::Not(HasSubstr("zwei")));
  options.token = "lagebild.a.b\n";
  EXPECT_TRUE(MakeChannel(options).ok());
}

}  // namespace
}  // namespace lagebild
