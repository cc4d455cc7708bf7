#include "console/bench/lag.h"

#include <poll.h>

#include <cstdint>
#include <optional>

#include <nlohmann/json.hpp>

#include "console/bench/peer.h"
#include "remoting/base/text.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"

namespace comet::bench {
namespace {

constexpr auto kGiveUp = std::chrono::seconds(10);

// Bytes of the log that are not indexed yet, as every RocketMQ broker says.
StatusOr<std::int64_t> BehindBytes(const wire::RawFrame& raw) {
  wire::FrameDecoder decoder;
  wire::Frame frame;
  COMET_TRY(decoder.Decode(raw, wire::kReadPadding, &frame));
  const auto body = nlohmann::json::parse(raw.body, nullptr, false);
  if (frame.head.code != 0 || !body.is_object() || !body.contains("table")) {
    return Status(Status::Code::kInvalid,
                  Concat("the broker does not tell its lag: code ", frame.head.code));
  }
  const auto text = body["table"].value("dispatchBehindBytes", std::string());
  const auto bytes = ParseNumber<std::int64_t>(text);
  if (!bytes) return Status(Status::Code::kInvalid, "no dispatchBehindBytes in the runtime info");
  return *bytes;
}

StatusOr<std::int64_t> AskBehindBytes(Peer& peer, MonoTime give_up) {
  wire::Head head;
  head.code = wire::GetBrokerRuntimeInfo::kCodes[0];
  wire::AppendFrame(head, {}, &peer.output());
  COMET_TRY(peer.Flush());
  std::optional<StatusOr<std::int64_t>> answer;
  while (!answer) {
    if (SystemClock().Now() > give_up) return Status(Status::Code::kTimeout, "no runtime info");
    pollfd socket{peer.descriptor(), POLLIN, 0};
    ::poll(&socket, 1, 1000);
    COMET_TRY(peer.Receive([&](const wire::RawFrame& raw) { answer.emplace(BehindBytes(raw)); }));
  }
  return std::move(*answer);
}

}  // namespace

StatusOr<Duration> WaitUntilDispatched(const std::string& broker, MonoTime since) {
  COMET_ASSIGN(Peer peer, Peer::Connect(broker));
  const MonoTime give_up = since + kGiveUp;
  for (;;) {
    COMET_ASSIGN(const std::int64_t behind, AskBehindBytes(peer, give_up));
    const MonoTime now = SystemClock().Now();
    if (behind <= 0) return now - since;
    if (now > give_up) {
      return Status(Status::Code::kTimeout, Concat(behind, " bytes are still not indexed"));
    }
  }
}

}  // namespace comet::bench
