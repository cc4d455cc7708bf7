#include "broker/handlers/master_only.h"

#include <algorithm>
#include <string_view>

#include "broker/status_to_code.h"

namespace comet::broker {
namespace {

struct SlaveAnswer {
  std::int32_t request;
  std::int32_t code;
  std::string_view remark;
  std::string_view body = {};
};

// Of Apache's slaves: 5.x refuses messages before it looks at them, 4.9 refuses changes of topics
// and groups, which 5.x would make without telling the master.
constexpr std::string_view kRejected = "[REJECTREQUEST]system busy, start flow control for a while";
constexpr std::string_view kNotHere =
    "Can't modify topic or subscription group from slave broker, please execute it from master "
    "broker.";
// Tools delete a topic on every broker of a cluster, and stop at the first that refuses.
constexpr std::string_view kFollows = "a slave deletes what its master has deleted, within seconds";

constexpr SlaveAnswer kAnswers[] = {
    {10, ResponseCode::kSystemBusy, kRejected},
    {36, ResponseCode::kSystemBusy, kRejected},
    {310, ResponseCode::kSystemBusy, kRejected},
    {320, ResponseCode::kSystemBusy, kRejected},
    {37, ResponseCode::kSlaveNotAvailable, "not set any response code"},
    {17, ResponseCode::kSystemError, kNotHere},
    {18, ResponseCode::kSystemError, kNotHere},
    {200, ResponseCode::kSystemError, kNotHere},
    {225, ResponseCode::kSystemError, kNotHere},
    {207, ResponseCode::kSystemError, kNotHere},
    {215, ResponseCode::kSuccess, kFollows},
    {316, ResponseCode::kSuccess, kFollows},
    {222, ResponseCode::kSystemError, "Can not reset offset in slave broker"},
    {41, ResponseCode::kSuccess, {}, R"({"lockOKMQSet":[]})"},
    {42, ResponseCode::kSuccess, {}},
};

}  // namespace

void AnswerOnSlave(std::int32_t request_code, net::Responder reply) {
  const auto* found = std::find_if(std::begin(kAnswers), std::end(kAnswers),
                                   [&](const auto& one) { return one.request == request_code; });
  if (found == std::end(kAnswers)) {
    return std::move(reply).Fail(ResponseCode::kSystemError, "only the master does this");
  }
  if (found->remark.empty()) return std::move(reply).Plain({found->code}, found->body);
  std::move(reply).Plain({found->code, found->remark}, found->body);
}

}  // namespace comet::broker
