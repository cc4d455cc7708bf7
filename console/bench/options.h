#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "remoting/wire/header.h"

namespace comet::bench {

enum class Mode : std::uint8_t {
  kSend,      // producers only
  kPull,      // consumers only, from the first offset of every queue
  kEndToEnd,  // producers, and consumers that wait for each message
};

// What to load the broker with; see main.cc for the flags that set it.
struct Options {
  Mode mode = Mode::kSend;
  std::string broker = "127.0.0.1:10911";
  wire::HeaderForm header = wire::HeaderForm::kBinary;
  std::string topic = "MqBench";  // with more than one: topic-0, topic-1, …
  int topics = 1;
  int queues = 4;  // of each topic
  bool create_topics = true;
  int connections = 1;
  int in_flight = 64;  // requests not yet answered, over all connections
  double rate = 0;     // messages a second; 0: as fast as answers come
  std::int64_t body_bytes = 100;
  int batch = 1;  // messages in one send, or wanted in one pull
  bool wait_stored = true;
  std::int64_t messages = 0;  // stop after so many; 0: by time
  double seconds = 10;
  double warmup_s = 1;    // not counted
  std::vector<int> pids;  // processes whose resources are reported
  bool lag = false;       // measure how long the broker's queues and index lag behind in the end
};

}  // namespace comet::bench
