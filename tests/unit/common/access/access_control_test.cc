#include "common/access/access_control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "common/status/error.h"
#include "tests/unit/common/temporary_directory.h"

namespace lagebild {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr char kPeer[] = "ipv4:192.0.2.7:4711";

class AccessControlTest : public ::testing::Test {
 protected:
  NewToken Add(const std::string& name, ScopeSet scopes) {
    NewToken token = *CreateToken(name, scopes);
    lines_.push_back(token.line);
    return token;
  }
  void Write() const {
    std::ofstream file(file_);
    for (const std::string& line : lines_) {
      file << line << "\n";
    }
  }
  std::unique_ptr<AccessControl> Create(AccessOptions options = {}) {
    options.tokens_file = file_;
    options.on_reload = [this](const absl::StatusOr<size_t>& tokens) {
      reloads_.push_back(tokens.status());
    };
    auto control = AccessControl::Create(std::move(options));
    EXPECT_TRUE(control.ok()) << control.status();
    return *std::move(control);
  }
  static absl::StatusOr<AccessPass> Admit(AccessControl& control, const std::string& header,
                                          Scope scope, const std::string& peer = kPeer) {
    return control.Admit({header, "", peer}, scope);
  }
  static std::string ReasonFor(AccessControl& control, const std::string& header, Scope scope,
                               const std::string& peer = kPeer) {
    return ReasonOf(Admit(control, header, scope, peer).status());
  }

  TemporaryDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "tokens";
  std::vector<std::string> lines_;
  std::vector<absl::Status> reloads_;
};

TEST_F(AccessControlTest, ATokenOpensWhatItsScopesSay) {
  const std::string reader = "Bearer " + Add("reader", static_cast<ScopeSet>(Scope::kRead)).token;
  const std::string writer = "bearer " + Add("writer", static_cast<ScopeSet>(Scope::kWrite)).token;
  Write();
  const auto control = Create();
  for (int i = 0; i < 2; ++i) {  // By its hash, then by memory.
    EXPECT_TRUE(Admit(*control, reader, Scope::kRead).ok());
    EXPECT_TRUE(Admit(*control, writer, Scope::kWrite).ok());
  }
  for (const auto& [header, scope, name] :
       {std::tuple{reader, Scope::kWrite, "write"}, std::tuple{reader, Scope::kAdmin, "admin"},
        std::tuple{writer, Scope::kRead, "read"}, std::tuple{writer, Scope::kAdmin, "admin"}}) {
    const absl::Status status = Admit(*control, header, scope).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(DetailOf(status).reason, "SCOPE_MISSING");
    EXPECT_EQ(DetailOf(status).metadata.at("scope"), name);
  }
  EXPECT_EQ(Admit(*control, reader, Scope::kRead)->client()->name(), "token reader");
}

TEST_F(AccessControlTest, WhatIsNoTokenIsRefused) {
  const std::string token = Add("reader", static_cast<ScopeSet>(Scope::kRead)).token;
  Write();
  const auto control = Create();
  for (const std::string& header :
       {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + token, token}) {
    const absl::Status status = Admit(*control, header, Scope::kRead).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << header;
    EXPECT_EQ(ReasonOf(status), "TOKEN_MISSING") << header;
  }
  for (const std::string& header :
       {"Bearer " + token + "x", "Bearer " + token.substr(0, token.size() - 1),
        std::string("Bearer lagebild.nobody.AAAA"), "Bearer " + std::string(5000, 'a')}) {
    EXPECT_EQ(ReasonFor(*control, header, Scope::kRead), "TOKEN_INVALID") << header;
  }
}

TEST_F(AccessControlTest, GuessesFromOneAddressAreSlowedDownAndOthersAreNot) {
  const std::string token = "Bearer " + Add("reader", static_cast<ScopeSet>(Scope::kRead)).token;
  Write();
  const auto control = Create();
  int invalid = 0;
  absl::Status status;
  do {
    status = Admit(*control, "Bearer lagebild.reader.guess" + std::to_string(invalid), Scope::kRead,
                   "ipv6:%5B2001:db8::" + std::to_string(invalid + 1) + "%5D:1")
                 .status();
    ++invalid;
  } while (ReasonOf(status) == "TOKEN_INVALID" && invalid < 100);
  EXPECT_EQ(ReasonOf(status), "RATE_LIMITED");
  EXPECT_GT(RetryDelayOf(status), 0ns);
  EXPECT_GE(invalid, 10);
  EXPECT_LT(invalid, 20);
  EXPECT_TRUE(Admit(*control, token, Scope::kRead, kPeer).ok());
  // Once recognised a token is let in from anywhere.
  EXPECT_TRUE(Admit(*control, token, Scope::kRead, "ipv6:%5B2001:db8::1%5D:9").ok());
}

TEST_F(AccessControlTest, GuessesFromEverywhereDoNotHoldAllThreads) {
  const std::string token = "Bearer " + Add("reader", static_cast<ScopeSet>(Scope::kRead)).token;
  Write();
  const auto control = Create();
  ASSERT_TRUE(Admit(*control, token, Scope::kRead).ok());
  std::atomic<int> limited{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&, i] {
      const std::string reason =
          ReasonFor(*control, "Bearer lagebild.reader.guess" + std::to_string(i), Scope::kRead,
                    "ipv4:10.0.0." + std::to_string(i) + ":1");
      EXPECT_TRUE(reason == "TOKEN_INVALID" || reason == "RATE_LIMITED") << reason;
      limited += reason == "RATE_LIMITED" ? 1 : 0;
    });
  }
  EXPECT_TRUE(Admit(*control, token, Scope::kRead).ok());
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(limited, 0);
}

TEST_F(AccessControlTest, AChangedFileCountsAtOnceAndABrokenOneNot) {
  const std::string stays = "Bearer " + Add("stays", static_cast<ScopeSet>(Scope::kRead)).token;
  const std::string goes = "Bearer " + Add("goes", static_cast<ScopeSet>(Scope::kRead)).token;
  Write();
  const auto control = Create();
  const absl::StatusOr<AccessPass> pass = Admit(*control, goes, Scope::kRead);
  const absl::StatusOr<AccessPass> other = Admit(*control, stays, Scope::kRead);
  ASSERT_TRUE(pass.ok() && other.ok());
  EXPECT_TRUE(control->Check(pass->client()).ok());

  lines_.pop_back();
  const std::string later = "Bearer " + Add("later", static_cast<ScopeSet>(Scope::kWrite)).token;
  Write();
  std::this_thread::sleep_for(1100ms);
  EXPECT_EQ(ReasonOf(control->Check(pass->client())), "TOKEN_INVALID");
  EXPECT_TRUE(control->Check(other->client()).ok());
  EXPECT_EQ(ReasonFor(*control, goes, Scope::kRead), "TOKEN_INVALID");
  EXPECT_TRUE(Admit(*control, stays, Scope::kRead).ok());
  EXPECT_TRUE(Admit(*control, later, Scope::kWrite).ok());

  lines_.push_back("unsinn");
  Write();
  std::this_thread::sleep_for(1100ms);
  EXPECT_TRUE(Admit(*control, later, Scope::kWrite).ok());
  std::filesystem::remove(file_);
  std::this_thread::sleep_for(1100ms);
  EXPECT_TRUE(Admit(*control, stays, Scope::kRead).ok());
  ASSERT_EQ(reloads_.size(), 3u);
  EXPECT_TRUE(reloads_[0].ok());
  EXPECT_THAT(std::string(reloads_[1].message()), HasSubstr("line 3"));
  EXPECT_FALSE(reloads_[2].ok());
}

TEST_F(AccessControlTest, AFileThatCannotBeReadAtStartIsAnError) {
  AccessOptions options;
  options.tokens_file = directory_.path() / "nothing";
  EXPECT_EQ(ReasonOf(AccessControl::Create(options).status()), "CONFIG");
}

TEST(AccessLimitsTest, EachClientHasItsOwnRate) {
  AccessOptions options;
  options.client_rate = 1;
  options.client_burst = 3;
  const auto control = *AccessControl::Create(options);
  const auto call = [&control](const std::string& certificate, const std::string& peer) {
    return control->Admit({"", certificate, peer}, Scope::kWrite).status();
  };
  for (int i = 0; i < 3; ++i) {
    // Another port is no other client.
    EXPECT_TRUE(call("", "ipv4:192.0.2.7:" + std::to_string(1000 + i)).ok());
  }
  const absl::Status status = call("", kPeer);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), "RATE_LIMITED");
  EXPECT_GT(RetryDelayOf(status), 0ns);
  EXPECT_LE(RetryDelayOf(status), 1s);
  EXPECT_TRUE(call("", "ipv4:192.0.2.8:1000").ok());
  EXPECT_TRUE(call("desk.example", kPeer).ok());
  EXPECT_TRUE(call("", "unix:/run/lagebild").ok());
}

TEST(AccessLimitsTest, EachClientHasItsOwnPlaces) {
  AccessOptions options;
  options.client_rpcs = 2;
  const auto control = *AccessControl::Create(options);
  const CallOrigin one = {"", "", kPeer};
  absl::StatusOr<AccessPass> first = control->Admit(one, Scope::kRead);
  {
    const absl::StatusOr<AccessPass> second = control->Admit(one, Scope::kRead);
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(ReasonOf(control->Admit(one, Scope::kRead).status()), "TOO_MANY_REQUESTS");
    EXPECT_TRUE(control->Admit({"", "", "ipv4:192.0.2.9:1"}, Scope::kRead).ok());
  }
  EXPECT_TRUE(control->Admit(one, Scope::kRead).ok());
  *first = AccessPass();
  const auto third = control->Admit(one, Scope::kRead);
  EXPECT_TRUE(control->Admit(one, Scope::kRead).ok());
}

TEST(AccessLimitsTest, ManyAddressesDoNotGrowWithoutEnd) {
  AccessOptions options;
  options.client_rate = 1;
  options.client_burst = 1;
  const auto control = *AccessControl::Create(options);
  int refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string peer =
        "ipv4:10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ":1";
    refused += control->Admit({"", "", peer}, Scope::kRead).ok() ? 0 : 1;
  }
  // Those beyond what is remembered share one account.
  EXPECT_GT(refused, 1000);
}

TEST(AccessLimitsTest, NothingIsControlledUnlessAsked) {
  const auto control = *AccessControl::Create({});
  EXPECT_FALSE(control->active());
  const absl::StatusOr<AccessPass> pass = control->Admit({"", "", kPeer}, Scope::kAdmin);
  ASSERT_TRUE(pass.ok());
  EXPECT_EQ(pass->client(), nullptr);
  EXPECT_TRUE(control->Check(nullptr).ok());
}

}  // namespace
}  // namespace lagebild
