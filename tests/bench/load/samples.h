#ifndef LAGEBILD_TESTS_BENCH_LOAD_SAMPLES_H_
#define LAGEBILD_TESTS_BENCH_LOAD_SAMPLES_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>
#include <vector>

#include "lagebild/v1/ingest_service.pb.h"

namespace lagebild::load {

inline constexpr char kGetClaim[] = "/lagebild.v1.QueryService/GetClaim";
inline constexpr char kListClaims[] = "/lagebild.v1.QueryService/ListClaims";
inline constexpr char kIngestDocument[] = "/lagebild.v1.IngestService/IngestDocument";

/// Claims that a running query_service holds, as requests of a load and as payloads of its peer.
struct ClaimSamples {
  std::vector<grpc::ByteBuffer> get_requests;
  std::vector<grpc::ByteBuffer> get_responses;  ///< In the order of the requests; for a peer only.
  std::vector<grpc::ByteBuffer> list_requests;  ///< One: a page of 50, default filters.
  std::vector<grpc::ByteBuffer> list_responses;
  std::vector<std::string> entries;  ///< Claims as a list carries them, serialized.
};

/// Asks a query_service for up to `count` claims, and for its answers where they are to be given by
/// a peer. Ends the program when it has none.
ClaimSamples AskForClaims(const std::string& query, size_t count, bool for_peer);

/// Articles of a JSON Lines file as generate.py writes them. Ends the program when it cannot be
/// read.
std::vector<v1::IngestDocumentRequest> ReadArticles(const std::string& path);

}  // namespace lagebild::load

#endif  // LAGEBILD_TESTS_BENCH_LOAD_SAMPLES_H_
