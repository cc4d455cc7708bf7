#pragma once

#include "remoting/base/describe_config.h"
#include "remoting/net/net_config.h"

namespace comet::net {

// NetConfig as a conf file sets it. The first two keys are RocketMQ's; RocketMQ has no limits
// like the others.
struct NetSettings : NetConfig {
  static constexpr auto Settings() {
    using C = NetConfig;
    return Declaration{
        S(&C::idle_close_s, "serverChannelMaxIdleTimeSeconds", When::kStart,
          "A connection silent for so long is closed.", Between{1, 86400}),
        S(&C::listen_backlog, "serverSocketBacklog", When::kStart,
          "Connections the kernel keeps until they are accepted.", Between{1, 65535}),
        S(&C::connections_per_loop_max, "netConnectionsPerLoopMax", When::kStart,
          "Connections of one event loop; more are refused.", Between{1, 1'000'000}),
        S(&C::max_frame_bytes, "netFrameBytesMax", When::kStart,
          "A larger frame closes its connection.", Between{64 << 10, 1 << 30}),
        S(&C::frame_timeout_s, "netFrameTimeoutSeconds", When::kStart,
          "Time to complete a frame, and a second more for every 64 KiB of it.", Between{1, 86400}),
        S(&C::output_timeout_s, "netOutputTimeoutSeconds", When::kStart,
          "A peer that takes longer to read what waits for it is closed.", Between{1, 86400}),
        S(&C::output_high_water, "netOutputHighWaterBytes", When::kStart,
          "A connection with more to send is not read until half of it is sent.",
          Between{4 << 10, 1 << 30}),
        S(&C::output_limit_bytes, "netOutputLimitBytes", When::kStart,
          "A connection that makes us keep more is closed.", Between{64 << 10, 1LL << 40}),
        S(&C::unanswered_max, "netUnansweredMax", When::kStart,
          "A connection with more requests to answer is not read until half are answered.",
          Between{1, 1 << 30}),
        S(&C::loop_memory_bytes, "netLoopMemoryBytes", When::kStart,
          "Waiting output and half-read frames of one event loop; beyond it those who cause it "
          "are closed.",
          Between{1 << 20, 1LL << 40})};
  }

  Status Check() const {
    if (output_limit_bytes < output_high_water) {
      return {Status::Code::kInvalid,
              "netOutputLimitBytes must not be below netOutputHighWaterBytes"};
    }
    return {};
  }
};

}  // namespace comet::net
