#include "remoting/base/prometheus.h"

#include <charconv>
#include <cmath>

#include "remoting/base/text.h"

namespace comet {
namespace {

std::string NumberText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[32];
  return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

void AppendEscaped(std::string* out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') {
      *out += "\\\\";
    } else if (c == '\n') {
      *out += "\\n";
    } else if (c == '"' && quotes) {
      *out += "\\\"";
    } else {
      out->push_back(c);
    }
  }
}

void AppendLabel(std::string* out, std::string_view name, std::string_view value) {
  *out += Concat(out->empty() ? "{" : ",", name, "=\"");
  AppendEscaped(out, value, true);
  out->push_back('"');
}

}  // namespace

PrometheusText::Family& PrometheusText::FamilyOf(std::string_view type, std::string_view name,
                                                 std::string_view help) {
  auto& family = families_.try_emplace(std::string(name)).first->second;
  if (family.type.empty()) {
    family.type = type;
    AppendEscaped(&family.help, help, false);
  }
  return family;
}

std::string PrometheusText::LabelText(const Labels& labels, std::string_view bound) const {
  std::string text;
  for (const auto& [name, value] : constant_) AppendLabel(&text, name, value);
  for (const auto& [name, value] : labels) AppendLabel(&text, name, value);
  if (!bound.empty()) AppendLabel(&text, "le", bound);
  if (!text.empty()) text.push_back('}');
  return text;
}

void PrometheusText::Add(std::string_view type, std::string_view name, std::string_view help,
                         const Labels& labels, double value) {
  FamilyOf(type, name, help).lines +=
      Concat(name, LabelText(labels, {}), ' ', NumberText(value), '\n');
}

void PrometheusText::AddHistogram(std::string_view name, std::string_view help,
                                  const Labels& labels, const Histogram& histogram,
                                  const Scale& scale) {
  std::string& lines = FamilyOf("histogram", name, help).lines;
  const auto bucket = [&](std::string_view bound, std::int64_t count) {
    lines += Concat(name, "_bucket", LabelText(labels, bound), ' ', count, '\n');
  };
  std::int64_t most = 0;
  for (const auto bound : scale.bounds) {
    most = histogram.CountUpTo(bound);
    bucket(NumberText(static_cast<double>(bound) / scale.unit), most);
  }
  // Values added meanwhile must not make a bucket exceed the total.
  const auto count = std::max(most, histogram.count());
  bucket("+Inf", count);
  lines += Concat(name, "_sum", LabelText(labels, {}), ' ',
                  NumberText(static_cast<double>(histogram.sum()) / scale.unit), '\n');
  lines += Concat(name, "_count", LabelText(labels, {}), ' ', count, '\n');
}

std::string PrometheusText::Text() const {
  std::string text;
  for (const auto& [name, family] : families_) {
    text += Concat("# HELP ", name, ' ', family.help, "\n# TYPE ", name, ' ', family.type, '\n');
    text += family.lines;
  }
  return text;
}

}  // namespace comet
