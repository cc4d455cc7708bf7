#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/histogram.h"
#include "remoting/base/metrics.h"

namespace comet {

// Collects samples and writes them in Prometheus' text format 0.0.4. One thread.
// Samples of one name may come in any order; they are written together, as the format demands.
class PrometheusText {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string>>;

  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

  // `constant` labels stand in front of those of every sample.
  explicit PrometheusText(Labels constant = {}) : constant_(std::move(constant)) {}

  void AddCounter(std::string_view name, std::string_view help, const Labels& labels,
                  double value) {
    Add("counter", name, help, labels, value);
  }
  void AddGauge(std::string_view name, std::string_view help, const Labels& labels, double value) {
    Add("gauge", name, help, labels, value);
  }
  // `unit` divides the recorded values and bounds: 1e6 shows nanoseconds as milliseconds.
  // `bounds` are in the recorded unit, ascending; the +Inf bucket is added.
  struct Scale {
    std::span<const std::int64_t> bounds;
    double unit = 1;
  };
  void AddHistogram(std::string_view name, std::string_view help, const Labels& labels,
                    const Histogram& histogram, const Scale& scale);

  // A visitor for a module's metrics struct.
  void operator()(const Counter& counter) {
    AddCounter(counter.name(), counter.help(), {}, static_cast<double>(counter.Sum()));
  }
  void operator()(const Gauge& gauge) {
    AddGauge(gauge.name(), gauge.help(), {}, static_cast<double>(gauge.Get()));
  }

  std::string Text() const;

 private:
  struct Family {
    std::string type, help, lines;
  };

  void Add(std::string_view type, std::string_view name, std::string_view help,
           const Labels& labels, double value);
  Family& FamilyOf(std::string_view type, std::string_view name, std::string_view help);
  std::string LabelText(const Labels& labels, std::string_view bound) const;

  const Labels constant_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace comet
