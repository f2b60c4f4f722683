#include "common/config/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace lagebild {
namespace {

using ::testing::HasSubstr;

class FlagsTest : public ::testing::Test {
 protected:
  FlagsTest() : flags_("prog", "Does things.", "1.2.3") {
    flags_.Add("--listen", &listen_, {"Where to listen", "127.0.0.1:1", ""});
    flags_.Add("--stream-window", &window_, 1, 100, {"Window", "5", "Limits"});
    flags_.Add("--data-dir", &directory_, {"Directory", "/data", ""});
    flags_.Add("--insecure", &insecure_, {"Plain text", "", ""});
    flags_.Add("--log-format", &format_, {"text", "json"}, {"Format", "json", ""});
    flags_.Add("--factor", &factor_, {"Factor", "0.5", ""});
  }
  ~FlagsTest() override {
    unsetenv("LAGEBILD_STREAM_WINDOW");
    unsetenv("LAGEBILD_INSECURE");
  }

  std::optional<int> Parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "prog");
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const std::optional<int> code =
        flags_.Parse(static_cast<int>(arguments.size()), arguments.data());
    out_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    return code;
  }

  FlagSet flags_;
  std::string listen_ = "default";
  int64_t window_ = 7;
  std::filesystem::path directory_ = "here";
  bool insecure_ = false;
  std::string format_ = "text";
  double factor_ = 1;
  std::string out_;
  std::string error_;
};

TEST_F(FlagsTest, DefaultsFlagsAndVariables) {
  setenv("LAGEBILD_STREAM_WINDOW", "9", 1);
  setenv("LAGEBILD_INSECURE", "true", 1);
  EXPECT_EQ(Parse({"--listen", "x:1", "--data-dir=/tmp/a", "--factor", "0.25"}), std::nullopt);
  EXPECT_EQ(listen_, "x:1");
  EXPECT_EQ(window_, 9);
  EXPECT_EQ(directory_, "/tmp/a");
  EXPECT_TRUE(insecure_);
  EXPECT_EQ(format_, "text");
  EXPECT_EQ(factor_, 0.25);
}

TEST_F(FlagsTest, TheFlagWins) {
  setenv("LAGEBILD_STREAM_WINDOW", "9", 1);
  EXPECT_EQ(Parse({"--stream-window", "11"}), std::nullopt);
  EXPECT_EQ(window_, 11);
}

TEST_F(FlagsTest, ErrorsAreOneLineThatNamesTheFlag) {
  const auto error = [this](std::vector<const char*> arguments) {
    EXPECT_EQ(Parse(std::move(arguments)), 2);
    EXPECT_EQ(std::count(error_.begin(), error_.end(), '\n'), 1) << error_;
    EXPECT_THAT(error_, testing::StartsWith("prog: "));
    return error_;
  };
  EXPECT_THAT(error({"--stream-window", "0"}), HasSubstr("--stream-window"));
  EXPECT_THAT(error({"--stream-window", "many"}), HasSubstr("--stream-window"));
  EXPECT_THAT(error({"--stream-window", "99999999999999999999"}), HasSubstr("--stream-window"));
  EXPECT_THAT(error({"--log-format", "gelb"}), HasSubstr("--log-format"));
  EXPECT_THAT(error({"--nonsense"}), HasSubstr("--nonsense"));
  EXPECT_THAT(error({"--listen"}), HasSubstr("--listen"));
  setenv("LAGEBILD_STREAM_WINDOW", "-1", 1);
  EXPECT_THAT(error({}), HasSubstr("--stream-window"));
  testing::internal::CaptureStderr();
  EXPECT_EQ(flags_.Fail(absl::InvalidArgumentError("--listen: two\nlines")), 2);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "prog: --listen: two lines\n");
}

TEST_F(FlagsTest, HelpAndVersion) {
  EXPECT_EQ(Parse({"--help"}), 0);
  for (const char* const words : {"Does things.", "--listen", "Where to listen", "e.g. 127.0.0.1:1",
                                  "LAGEBILD_LISTEN", "default", "Limits", "text|json", "here"}) {
    EXPECT_THAT(out_, HasSubstr(words));
  }
  EXPECT_EQ(Parse({"--version"}), 0);
  EXPECT_EQ(out_, "prog 1.2.3\n");
}

}  // namespace
}  // namespace lagebild
