#include "namesrv/handlers/kv_config.h"

#include <utility>

#include "namesrv/checks.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {
namespace {

using wire::ResponseCode;

// Answers a change of the table.
void Answer(const Status& status, net::Responder reply) {
  if (status.ok()) return std::move(reply).Plain({});
  LOG_ERROR << "key/value configuration not changed: " << status.ToString();
  std::move(reply).Fail(CodeOfRefusal(status), status.message());
}

}  // namespace

void PutKvConfigHandler::Handle(const Request::Header& header,
                                const net::RequestContext& /*request*/, net::Responder reply) {
  if (!header.ns || !header.key || !header.value) {
    return std::move(reply).Fail(ResponseCode::kSystemError, "namespace or key is null");
  }
  Answer(kv_.Put(*header.ns, *header.key, *header.value), std::move(reply));
}

void DeleteKvConfigHandler::Handle(const Request::Header& header,
                                   const net::RequestContext& /*request*/, net::Responder reply) {
  if (!header.ns || !header.key) {
    return std::move(reply).Fail(ResponseCode::kSystemError, "namespace or key is null");
  }
  Answer(kv_.Delete(*header.ns, *header.key), std::move(reply));
}

void GetKvConfigHandler::Handle(const Request::Header& header,
                                const net::RequestContext& /*request*/, net::Responder reply) {
  const auto value = kv_.Get(header.ns, header.key);
  if (value) return std::move(reply).Ok<Request>({.value = *value});
  const auto remark = Concat("No config item, Namespace: ", header.ns, " Key: ", header.key);
  std::move(reply).Reply<Request>({ResponseCode::kQueryNotFound, remark}, {});
}

void GetKvListHandler::Handle(const Request::Header& header, const net::RequestContext& /*request*/,
                              net::Responder reply) {
  auto entries = kv_.List(header.ns);
  if (!entries) {
    return std::move(reply).Fail(ResponseCode::kQueryNotFound,
                                 Concat("No config item, Namespace: ", header.ns));
  }
  std::move(reply).Plain({}, ToJson(wire::KvTable{std::move(*entries)}));
}

}  // namespace comet::namesrv
