#include "broker/metrics/metrics_config.h"

#include <algorithm>

#include "remoting/base/config_file.h"
#include "remoting/base/text.h"
#include "remoting/base/utf8.h"
#include "remoting/net/resolver.h"

namespace comet::broker {
namespace {

constexpr std::size_t kLabelsMax = 16;
constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kValueBytesMax = 256;

// What series of ours have, and what Prometheus gives a meaning of its own.
constexpr std::array<std::string_view, 9> kTaken = {
    "broker_id", "cluster", "le", "node_id", "node_type", "quantile", "replica", "role", "version"};

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

Status CheckName(std::string_view name) {
  const bool spelled = !name.empty() && name.size() <= kNameBytesMax && !IsDigit(name.front()) &&
                       std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c); });
  if (!spelled || name.starts_with("__")) {
    return {Status::Code::kInvalid,
            Concat("'", name,
                   "' is no name of a label: letters, digits and _, no digit and no __ "
                   "first, ",
                   kNameBytesMax, " bytes at most")};
  }
  if (std::ranges::find(kTaken, name) == kTaken.end()) return {};
  return {Status::Code::kInvalid, Concat("the label ", name, " has another meaning already")};
}

Status CheckValue(std::string_view name, std::string_view value) {
  bool valid = !value.empty() && value.size() <= kValueBytesMax;
  for (std::size_t at = 0; at < value.size();) NextCodePoint(value, at, &valid);
  if (valid) return {};
  return {Status::Code::kInvalid,
          Concat("the label ", name, " needs a value of 1 to ", kValueBytesMax, " bytes of UTF-8")};
}

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool ParseSetting(std::string_view text, Between /*range*/, MetricsOutput* value) {
  const auto named = text == "0"   ? MetricsOutput::kDisable
                     : text == "2" ? MetricsOutput::kProm
                                   : EnumOf<MetricsOutput>(text);
  if (named) *value = *named;
  return named.has_value();
}

std::string AllowedText(std::type_identity<MetricsOutput> /*type*/, Between /*range*/) {
  return "DISABLE (0) or PROM (2): OTLP_GRPC and LOG are not built in";
}

StatusOr<MetricsLabels> ParseMetricsLabels(std::string_view text) {
  MetricsLabels labels;
  while (!text.empty()) {
    const auto item = Trimmed(text.substr(0, text.find(',')));
    text.remove_prefix(std::min(text.find(','), text.size() - 1) + 1);
    if (item.empty()) continue;
    const auto colon = std::min(item.find(':'), item.size());
    const auto name = Trimmed(item.substr(0, colon));
    const auto value = Trimmed(item.substr(std::min(colon + 1, item.size())));
    COMET_TRY(CheckName(name));
    COMET_TRY(CheckValue(name, value));
    if (std::ranges::find(labels, name, [](const auto& one) { return one.first; }) !=
        labels.end()) {
      return Status(Status::Code::kInvalid, Concat("the label ", name, " is there twice"));
    }
    if (labels.size() == kLabelsMax) {
      return Status(Status::Code::kInvalid, Concat("there may be ", kLabelsMax, " labels"));
    }
    labels.emplace_back(name, value);
  }
  return labels;
}

Status MetricsConfig::CheckMetrics() const {
  if (!metrics_host.empty() && !net::NumericAddress(metrics_host, 0).ok()) {
    return NotAllowed("metricsPromExporterHost", metrics_host, "an IP address of this machine");
  }
  if (const auto labels = ParseMetricsLabels(metrics_label); !labels.ok()) {
    return NotAllowed("metricsLabel", metrics_label,
                      Concat("name:value,name:value, and ", labels.error().message()));
  }
  return {};
}

}  // namespace comet::broker
