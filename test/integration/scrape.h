#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace comet {

// What a broker tells Prometheus, read as strictly as the format says: each family once, with its
// HELP and TYPE in front, and no series twice.
class Scrape {
 public:
  explicit Scrape(std::string_view text);
  // Asks 127.0.0.1:port for /metrics.
  static Scrape Of(std::uint16_t port);

  const std::string& complaint() const { return complaint_; }  // empty: all is as it must be
  const std::map<std::string, double>& series() const { return series_; }
  const std::map<std::string, std::string>& types() const { return types_; }  // by family
  // Of the first series of that name with that label; nothing: there is none.
  std::optional<double> Find(std::string_view name, std::string_view label,
                             std::string_view value) const;

 private:
  void Take(std::string_view line);
  void Complain(std::string_view what, std::string_view line);

  std::string complaint_, family_;
  bool typed_ = false;  // family_ has had its TYPE
  std::map<std::string, double> series_;
  std::map<std::string, std::string> types_;
};

}  // namespace comet
