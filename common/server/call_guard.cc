#include "common/server/call_guard.h"

#include <google/protobuf/descriptor.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/server/logging.h"
#include "common/status/error.h"
#include "lagebild/v1/access.pb.h"

namespace lagebild {
namespace {

constexpr char kAuthorization[] = "authorization";
// Reflection in any version; health is not among them.
constexpr std::string_view kReflection = "/grpc.reflection.";

Scope ScopeOf(const google::protobuf::MethodDescriptor& method) {
  switch (method.options().GetExtension(v1::access_scope)) {
    case v1::ACCESS_SCOPE_READ:
      return Scope::kRead;
    case v1::ACCESS_SCOPE_WRITE:
      return Scope::kWrite;
    default:
      return Scope::kAdmin;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<CallGuard>> CallGuard::Create(const ServerConfig& config) {
  AccessOptions options;
  options.tokens_file = config.tokens_file;
  options.client_rate = config.client_rate;
  options.client_burst = config.client_burst;
  options.client_rpcs = config.client_rpcs;
  options.on_reload = [](const absl::StatusOr<size_t>& tokens) {
    if (tokens.ok()) {
      LogInfo("tokens file read again", {{"tokens", *tokens}});
    } else {
      LogError("the changed tokens file is not usable; the old tokens go on",
               {{"error", tokens.status()}});
    }
  };
  absl::StatusOr<std::unique_ptr<AccessControl>> access = AccessControl::Create(std::move(options));
  if (!access.ok()) {
    return Annotate(access.status(), "--tokens-file");
  }
  return std::unique_ptr<CallGuard>(new CallGuard(*std::move(access)));
}

void CallGuard::AddService(std::string_view full_name) {
  const google::protobuf::ServiceDescriptor* const service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(full_name));
  for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
    const Scope scope = ScopeOf(*service->method(i));
    // Two services of one process with a method of the same name: the stricter scope counts.
    Scope& known = scopes_.try_emplace(service->method(i)->name(), scope).first->second;
    known = std::max(known, scope);
  }
}

absl::StatusOr<AccessPass> CallGuard::Admit(const grpc::ServerContextBase& context,
                                            std::string_view method) {
  const auto it = scopes_.find(method);
  return Admit(context, it == scopes_.end() ? Scope::kAdmin : it->second);
}

absl::StatusOr<AccessPass> CallGuard::Admit(const grpc::ServerContextBase& context, Scope scope) {
  if (!access_->active()) {
    return AccessPass();
  }
  CallOrigin origin;
  const auto& metadata = context.client_metadata();
  if (const auto it = metadata.find(kAuthorization); it != metadata.end()) {
    origin.authorization = {it->second.data(), it->second.size()};
  }
  origin.peer = context.peer();
  if (!access_->tokens_required()) {
    const std::vector<grpc::string_ref> names =
        context.auth_context()->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
    if (!names.empty()) {
      origin.certificate = std::string(names.front().data(), names.front().size());
    }
  }
  return access_->Admit(origin, scope);
}

class CallGuard::Interceptor : public grpc::experimental::Interceptor {
 public:
  Interceptor(CallGuard& guard, grpc::ServerContextBase& context)
      : guard_(guard), context_(context) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using Point = grpc::experimental::InterceptionHookPoints;
    if (!asked_ && (methods->QueryInterceptionHookPoint(Point::POST_RECV_INITIAL_METADATA) ||
                    methods->QueryInterceptionHookPoint(Point::POST_RECV_MESSAGE))) {
      asked_ = true;
      absl::StatusOr<AccessPass> pass = guard_.Admit(context_, Scope::kRead);
      if (pass.ok()) {
        pass_ = *std::move(pass);
      } else {
        grpc_call_cancel_with_status(context_.c_call(),
                                     static_cast<grpc_status_code>(pass.status().code()),
                                     PublicMessageOf(pass.status()).c_str(), nullptr);
      }
    }
    methods->Proceed();
  }

 private:
  CallGuard& guard_;
  grpc::ServerContextBase& context_;
  bool asked_ = false;
  AccessPass pass_;
};

class CallGuard::Factory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(CallGuard& guard) : guard_(guard) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    return std::string_view(info->method()).starts_with(kReflection)
               ? new Interceptor(guard_, *info->server_context())
               : nullptr;
  }

 private:
  CallGuard& guard_;
};

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
CallGuard::MakeInterceptorFactory() {
  return access_->active() ? std::make_unique<Factory>(*this) : nullptr;
}

}  // namespace lagebild
