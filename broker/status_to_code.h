#pragma once

#include <cstdint>
#include <string>

#include "remoting/base/status.h"
#include "remoting/wire/response_code.h"
#include "store/ack.h"

namespace comet::broker {

using wire::ResponseCode;

// Why a request is not served, as its client hears it.
struct Refused {
  std::int32_t code = ResponseCode::kSystemError;
  std::string remark;
};

// The only place that turns a Status into a code of RocketMQ.
std::int32_t StatusToCode(const Status& status);
Refused RefusedBy(const Status& status);
// The store takes no messages.
Refused RefusedBy(store::Refusal refusal);

}  // namespace comet::broker
