#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/bodies/topic_config.h"

namespace comet::wire {

// What a broker has: body of REGISTER_BROKER.
struct RegisterBrokerBody {
  TopicConfigTable topics;
  std::vector<std::string> filter_servers;

  static constexpr auto Fields() {
    using B = RegisterBrokerBody;
    return Declaration{
        F(&B::topics, "topicConfigSerializeWrapper", Need::kOptional, "Topics of the broker."),
        F(&B::filter_servers, "filterServerList", Need::kOptional, "Unused since 4.0.")};
  }
};

// Reads a body in either form. An empty one is a broker without topics. `compressed` is what the
// header says; a zlib stream is known by its first byte too, because Java brokers of 5.x compress
// without saying so. `crc32` is the header's; 0 is not checked, another must match
// (kCorruption, "crc32 not match"). What a stream inflates to is bounded.
StatusOr<RegisterBrokerBody> DecodeRegisterBroker(std::string_view body, bool compressed,
                                                  std::int32_t crc32);

// The zlib form. Order and sysFlag of topics do not survive it. Name servers of 4.x expect no
// mapping section at its end.
std::string CompressRegisterBroker(const RegisterBrokerBody& body, bool with_mappings);

}  // namespace comet::wire
