#include "console/bench/report.h"

#include <cstdarg>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "remoting/base/text.h"

namespace comet::bench {
namespace {

struct Percentile {
  const char* name;
  double share;
};
constexpr Percentile kPercentiles[] = {
    {"p50", 0.50}, {"p99", 0.99}, {"p99.9", 0.999}, {"p99.99", 0.9999}};

double Microseconds(std::int64_t ns) {
  return static_cast<double>(ns) / 1000.0;
}

const char* NameOf(Mode mode) {
  switch (mode) {
    case Mode::kSend:
      return "send";
    case Mode::kPull:
      return "pull";
    case Mode::kEndToEnd:
      return "e2e";
  }
  return "";
}

[[gnu::format(printf, 2, 3)]] void Print(std::string* text, const char* format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  text->append(line);
}

void PrintFlow(const char* name, const Options& options, const Flow& flow, double time_s,
               std::string* text) {
  const double rate = static_cast<double>(flow.messages) / time_s;
  Print(text, "%-9s %12.0f msg/s  %10.1f MB/s of bodies  (%lld messages in %.2f s)\n", name, rate,
        rate * static_cast<double>(options.body_bytes) / 1e6, static_cast<long long>(flow.messages),
        time_s);
  if (flow.latency_ns.count() == 0) return;
  Print(text, "  latency us ");
  for (const auto& percentile : kPercentiles) {
    Print(text, " %s %.0f ", percentile.name,
          Microseconds(flow.latency_ns.Percentile(percentile.share)));
  }
  Print(text, " max %.0f\n", Microseconds(flow.latency_ns.max()));
}

nlohmann::json JsonFlow(const Flow& flow, double time_s) {
  nlohmann::json json{{"messages", flow.messages},
                      {"messages_per_s", static_cast<double>(flow.messages) / time_s},
                      {"connection_bytes_in", flow.bytes_in},
                      {"connection_bytes_out", flow.bytes_out}};
  if (flow.latency_ns.count() > 0) {
    nlohmann::json& latency = json["latency_us"];
    for (const auto& percentile : kPercentiles) {
      latency[percentile.name] = Microseconds(flow.latency_ns.Percentile(percentile.share));
    }
    latency["max"] = Microseconds(flow.latency_ns.max());
  }
  return json;
}

double CpuMicrosecondsPerMessage(const ProcessUsage& usage, const Results& results) {
  const auto messages = static_cast<double>(results.sent.messages > 0 ? results.sent.messages
                                                                      : results.received.messages);
  return messages > 0 ? usage.cpu_s * 1e6 / messages : 0;
}

}  // namespace

std::string TextReport(const Options& options, const Results& results) {
  std::string text;
  Print(&text,
        "%s to %s: %s header, %d connection(s), %d in flight, %lld bytes, batch %d, "
        "%d topic(s) x %d queue(s)",
        NameOf(options.mode), options.broker.c_str(),
        options.header == wire::HeaderForm::kBinary ? "binary" : "JSON", options.connections,
        options.in_flight, static_cast<long long>(options.body_bytes), options.batch,
        options.topics, options.queues);
  if (options.rate > 0) Print(&text, ", %.0f msg/s intended", options.rate);
  text += '\n';
  if (options.mode != Mode::kPull) PrintFlow("sent", options, results.sent, results.seconds, &text);
  if (options.mode != Mode::kSend) {
    PrintFlow("received", options, results.received, results.seconds, &text);
  }
  if (results.received.busy > 0) {
    Print(&text, "busy      %lld pulls were put off by the broker, and asked for again\n",
          static_cast<long long>(results.received.busy));
  }
  for (const auto& [code, refusal] : results.refusals) {
    text +=
        Concat("REFUSED   ", refusal.count, " with code ", code, ": ", refusal.first_remark, "\n");
  }
  if (results.lag_ms) Print(&text, "index     %.2f ms behind the last answer\n", *results.lag_ms);
  for (const auto& usage : results.usage) {
    Print(&text, "process   %d %s: CPU %.2f s (%.2f us/msg, %.0f %% of a core), ", usage.pid,
          usage.name.c_str(), usage.cpu_s, CpuMicrosecondsPerMessage(usage, results),
          usage.cpu_s * 100 / results.seconds);
    Print(&text, "RSS %.1f MiB (max %.1f), disk %.1f MB read %.1f MB written, ",
          static_cast<double>(usage.rss_bytes) / 1048576.0,
          static_cast<double>(usage.rss_max_bytes) / 1048576.0,
          static_cast<double>(usage.disk_read_bytes) / 1e6,
          static_cast<double>(usage.disk_write_bytes) / 1e6);
    Print(&text, "network %.1f MB in %.1f MB out\n",
          static_cast<double>(usage.network_in_bytes) / 1e6,
          static_cast<double>(usage.network_out_bytes) / 1e6);
  }
  return text;
}

std::string JsonReport(const Options& options, const Results& results) {
  nlohmann::json json{{"mode", NameOf(options.mode)},
                      {"header", options.header == wire::HeaderForm::kBinary ? "binary" : "json"},
                      {"connections", options.connections},
                      {"in_flight", options.in_flight},
                      {"rate", options.rate},
                      {"body_bytes", options.body_bytes},
                      {"batch", options.batch},
                      {"topics", options.topics},
                      {"queues", options.queues},
                      {"seconds", results.seconds}};
  if (options.mode != Mode::kPull) json["sent"] = JsonFlow(results.sent, results.seconds);
  if (options.mode != Mode::kSend) {
    json["received"] = JsonFlow(results.received, results.seconds);
    json["received"]["busy"] = results.received.busy;
  }
  if (results.lag_ms) json["lag_ms"] = *results.lag_ms;
  json["refused"] = nlohmann::json::object();
  for (const auto& [code, refusal] : results.refusals) {
    json["refused"][std::to_string(code)] = {{"count", refusal.count},
                                             {"first_remark", refusal.first_remark}};
  }
  for (const auto& usage : results.usage) {
    json["processes"].push_back({{"pid", usage.pid},
                                 {"name", usage.name},
                                 {"cpu_s", usage.cpu_s},
                                 {"cpu_us_per_message", CpuMicrosecondsPerMessage(usage, results)},
                                 {"rss_bytes", usage.rss_bytes},
                                 {"rss_max_bytes", usage.rss_max_bytes},
                                 {"disk_read_bytes", usage.disk_read_bytes},
                                 {"disk_write_bytes", usage.disk_write_bytes},
                                 {"network_in_bytes", usage.network_in_bytes},
                                 {"network_out_bytes", usage.network_out_bytes}});
  }
  return json.dump() + "\n";
}

}  // namespace comet::bench
