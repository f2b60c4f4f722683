#include "extract_service/source/attempt_table.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <thread>

#include "tests/unit/common/temporary_directory.h"

namespace lagebild::extract {
namespace {

class AttemptTableTest : public ::testing::Test {
 protected:
  std::unique_ptr<AttemptTable> Open(int32_t generation = 1, LogPosition committed = 0) {
    auto table = AttemptTable::Open(directory_.path() / "attempts", generation, committed);
    EXPECT_TRUE(table.ok()) << table.status();
    return *std::move(table);
  }

  // Runs `work` in a process of its own and returns the signal it died of (0 = none).
  int DieOf(const std::function<void(AttemptTable&)>& work) {
    const pid_t child = fork();
    if (child == 0) {
      const rlimit no_core{};
      setrlimit(RLIMIT_CORE, &no_core);
      AttemptTable::InstallCrashHandlers();
      work(*Open());
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

  TemporaryDirectory directory_;
};

TEST_F(AttemptTableTest, ChargesTheDocumentOfTheCrashingThreadAlone) {
  for (uint32_t crash = 1; crash <= AttemptTable::kMaxCrashes; ++crash) {
    EXPECT_EQ(DieOf([](AttemptTable& table) {
                std::thread neighbour([&table] {
                  table.Begin(8);
                  pause();
                });
                usleep(50'000);
                table.Begin(7);
                std::abort();
              }),
              SIGABRT);
    const auto table = Open();
    EXPECT_EQ(table->Find(7).crashes, crash);
    EXPECT_EQ(table->Find(7).condemned(), crash == AttemptTable::kMaxCrashes);
    EXPECT_EQ(table->Find(8).crashes, 0u);
    EXPECT_EQ(table->Find(8).kills, crash);
    EXPECT_FALSE(table->Find(8).condemned());
  }
  EXPECT_EQ(Open(1, 7)->Find(7).crashes, 0u);  // Committed.
  EXPECT_EQ(Open(2)->Find(8).kills, 0u);       // Another generation.
}

TEST_F(AttemptTableTest, KillsWeighLittleAndAGoodEndNothing) {
  EXPECT_EQ(DieOf([](AttemptTable& table) {
              table.Begin(5);
              raise(SIGKILL);
            }),
            SIGKILL);
  {
    const auto table = Open();
    EXPECT_EQ(table->Find(5).kills, 1u);
    EXPECT_FALSE(table->Find(5).condemned());
    table->Begin(5);
  }
  const auto table = Open();
  EXPECT_EQ(table->Find(5).kills, 1u);
  table->Begin(5);
  table->End();
  EXPECT_EQ(table->Find(5).kills, 0u);
}

TEST_F(AttemptTableTest, AFullTableNotesNothing) {
  const auto table = Open();
  for (LogPosition position = 1; position <= 300; ++position) {
    std::thread([&table, position] { table->Begin(position); }).join();
  }
  table->Begin(301);
  table->End();
  EXPECT_EQ(table->Find(301).crashes, 0u);
}

}  // namespace
}  // namespace lagebild::extract
