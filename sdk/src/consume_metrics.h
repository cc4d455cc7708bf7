#pragma once

#include <comet/metrics.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "remoting/base/clock.h"

namespace comet::client {

// What a consumer measures, for the application's sink; nothing without one. Thread-safe.
class ConsumeMetrics {
 public:
  ConsumeMetrics(std::shared_ptr<MetricsSink> sink, std::string group)
      : sink_(std::move(sink)), group_(std::move(group)) {}

  bool wanted() const { return sink_ != nullptr; }
  void Handled(std::string_view topic, Duration took, std::string_view outcome) const;
  void Pulled(std::string_view topic, std::uint64_t messages) const;
  void Cached(std::size_t messages) const;
  void Lag(std::string_view topic, std::int64_t messages) const;

 private:
  const std::shared_ptr<MetricsSink> sink_;
  const std::string group_;
};

}  // namespace comet::client
