#ifndef LAGEBILD_TESTS_BENCH_LOAD_PEERS_H_
#define LAGEBILD_TESTS_BENCH_LOAD_PEERS_H_

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/load/samples.h"

namespace lagebild::load {

/// Serves GetClaim and ListClaims over bare gRPC (callback API, bytes in and out) until it is
/// killed: every call is answered with the next of the samples' responses. Prints its port.
void ServePeer(const std::string& listen, const ClaimSamples& samples);

/// Puts a second into a bare RocksDB by so many writers, each put synced. The directory is emptied
/// before and after.
double SyncedPuts(const std::filesystem::path& directory, const std::vector<std::string>& values,
                  size_t writers);

/// Reads a second of a bare RocksDB that holds the values: seek to the first, then 50 entries, as a
/// first page is read; so many threads. The directory is emptied before and after.
double SeeksAndSteps(const std::filesystem::path& directory, const std::vector<std::string>& values,
                     size_t threads, std::chrono::duration<double> time);

}  // namespace lagebild::load

#endif  // LAGEBILD_TESTS_BENCH_LOAD_PEERS_H_
