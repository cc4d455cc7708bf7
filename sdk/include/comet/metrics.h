#pragma once

#include <comet/export.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace comet {

// Borrowed: valid during the call.
struct MetricLabel {
  std::string_view name;
  std::string_view value;
};

// Receives the client's measurements; ClientOptions::metrics. Without one they are not taken.
// Called on any thread, several at a time: it must be thread-safe, must not block and must not
// throw (what it throws is ignored).
//
// | name | kind | labels | unit |
// | comet_send_seconds | histogram | topic, outcome (ok or an error's name) | s, all attempts |
// | comet_send_bytes | counter | topic | bytes of bodies as sent |
// | comet_consume_seconds | histogram | topic, group, outcome | s in the handler |
// | comet_pull_messages_total | counter | topic, group | messages |
// | comet_cached_messages | gauge | group | messages pulled and not yet consumed |
// | comet_consume_lag_messages | gauge | topic, group | messages behind the end of the queues |
class COMET_API MetricsSink {
 public:
  virtual ~MetricsSink();

  virtual void counter(std::string_view name, std::span<const MetricLabel> labels,
                       std::uint64_t increment) = 0;
  virtual void gauge(std::string_view name, std::span<const MetricLabel> labels, double value) = 0;
  virtual void histogram(std::string_view name, std::span<const MetricLabel> labels,
                         double value) = 0;
};

}  // namespace comet
