#include "broker/handlers/runtime_info.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "broker/delay/delay_progress.h"
#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/json_writer.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/names.h"
#include "remoting/wire/record_reader.h"
#include "store/commit_log.h"
#include "store/dispatcher.h"

namespace comet::broker {
namespace {

constexpr std::size_t kStatsKeyBytesMax = 512;  // topic@queue@group

// As Java prints a double.
std::string Number(double value) {
  std::string text;
  AppendJsonNumber(&text, value);
  return text;
}

std::string TwoDigits(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::string HumanBytes(double bytes) {
  if (bytes < 1024) return Concat(static_cast<std::int64_t>(bytes), " B");
  std::size_t unit = 0;
  constexpr std::array<std::string_view, 5> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  for (bytes /= 1024; bytes >= 1024 && unit + 1 < kUnits.size(); bytes /= 1024) ++unit;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f ", bytes);
  return Concat(text.data(), kUnits[unit]);
}

std::string DurationText(std::int64_t ms) {
  const auto seconds = ms / 1000;
  return Concat("[ ", seconds / 86400, " days, ", seconds / 3600 % 24, " hours, ",
                seconds / 60 % 60, " minutes, ", seconds % 60, " seconds ]");
}

double UsedShare(const DiskSpace& space) {
  if (space.total_bytes == 0) return -1;
  return 1.0 - static_cast<double>(space.free_bytes) / static_cast<double>(space.total_bytes);
}

// Store time of the oldest message of the log; -1 when there is none.
std::int64_t EarliestTime(const Context& context) {
  const auto range = context.reader.Record(context.store.log().begin());
  if (!range.ok()) return -1;
  const auto read = wire::ReadRecord(range->bytes);
  return read.state == wire::RecordState::kRecord ? read.record.store_ms : -1;
}

}  // namespace

void GetBrokerRuntimeInfoHandler::Handle(const Request::Header& /*header*/,
                                         const net::RequestContext& /*request*/,
                                         net::Responder&& reply) {
  CountWaiting(context_, [this, reply = std::move(reply)](const WaitingRequests& waiting) mutable {
    wire::KvTable info;
    AddBroker(&info.table);
    AddLines(waiting, &info.table);
    AddStats(&info.table);
    AddStore(&info.table);
    AddDisk(&info.table);
    AddDelays(&info.table);
    std::move(reply).Plain({}, ToJson(info));
  });
}

void GetBrokerRuntimeInfoHandler::AddBroker(Table* table) const {
  auto& out = *table;
  const auto config = context_.config.Get();
  out["bootTimestamp"] = Concat(context_.stats.started_ms());
  out["runtime"] = DurationText(context_.clock.WallNow() - context_.stats.started_ms());
  out["brokerActive"] = config->is_slave() ? "false" : "true";
  out["brokerVersion"] = Concat(wire::kVersion);
  out["brokerVersionDesc"] = "V5_3_3";
  out["startAcceptSendRequestTimeStamp"] = Concat(config->accept_sends_from_ms);
}

void GetBrokerRuntimeInfoHandler::AddLines(const WaitingRequests& waiting, Table* table) const {
  const auto& metrics = context_.store.metrics();
  const auto messages = metrics.appended.Sum();
  const auto mean_bytes =
      messages == 0 ? 1024 : std::max<std::int64_t>(metrics.bytes.Sum() / messages, 1);
  const auto sends_max = context_.store.config().append_queue_bytes / mean_bytes;
  const auto pulls_max = context_.loops.config().unanswered_max;
  const auto rest_max = static_cast<std::int64_t>(net::Router::kWorkerQueueMax);
  struct Line {
    std::string_view name;
    Waiting now;
    std::int64_t capacity;
  };
  const Line lines[] = {{"send", waiting.sends, sends_max},
                        {"pull", waiting.pulls, pulls_max},
                        {"litePull", {}, pulls_max},
                        {"query", waiting.rest, rest_max},
                        {"ack", {}, 0}};
  for (const auto& line : lines) {
    (*table)[Concat(line.name, "ThreadPoolQueueSize")] = Concat(line.now.requests);
    (*table)[Concat(line.name, "ThreadPoolQueueHeadWaitTimeMills")] = Concat(line.now.head_wait_ms);
    (*table)[Concat(line.name, "ThreadPoolQueueCapacity")] = Concat(line.capacity);
  }
  (*table)["EndTransactionQueueSize"] = (*table)["EndTransactionThreadPoolQueueCapacity"] = "0";
}

void GetBrokerRuntimeInfoHandler::AddStats(Table* table) const {
  auto& out = *table;
  const auto now = context_.stats.Now();
  out["putTps"] = now.put_tps;
  out["getFoundTps"] = now.found_tps;
  out["getMissTps"] = now.missed_tps;
  out["getTotalTps"] = now.total_tps;
  out["getTransferredTps"] = out["getTransferedTps"] = now.transferred_tps;  // 5.x and 4.x
  out["msgPutTotalTodayNow"] = Concat(now.now.put);
  out["msgGetTotalTodayNow"] = Concat(now.now.get);
  out["msgPutTotalTodayMorning"] = Concat(now.this_morning.put);
  out["msgGetTotalTodayMorning"] = Concat(now.this_morning.get);
  out["msgPutTotalYesterdayMorning"] = Concat(now.yesterday_morning.put);
  out["msgGetTotalYesterdayMorning"] = Concat(now.yesterday_morning.get);
  out["putMessageEntireTimeMax"] = Concat(now.times.put_max_ms);
  out["getMessageEntireTimeMax"] = Concat(now.times.get_max_ms);
  out["putMessageDistributeTime"] = now.times.put_distribution;
  out["putLatency99"] = TwoDigits(now.times.put_99_ms);
  out["putLatency999"] = TwoDigits(now.times.put_999_ms);
}

void GetBrokerRuntimeInfoHandler::AddStore(Table* table) const {
  auto& out = *table;
  auto& store = context_.store;
  const auto& metrics = store.metrics();
  const auto messages = metrics.appended.Sum(), bytes = metrics.bytes.Sum();
  out["putMessageTimesTotal"] = Concat(messages);
  out["putMessageSizeTotal"] = Concat(bytes);
  out["putMessageFailedTimes"] = Concat(metrics.refused.Sum() + metrics.failed.Sum());
  out["putMessageAverageSize"] =
      Number(messages == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(messages));
  const auto end = store.log().end();
  out["commitLogMinOffset"] = Concat(store.log().begin());
  out["commitLogMaxOffset"] = Concat(end);
  out["earliestMessageTimeStamp"] = Concat(EarliestTime(context_));
  // Without a backlog the log may end with a blank record, which nobody dispatches.
  const auto backlog = store.dispatcher().backlog();
  out["dispatchMaxBuffer"] = Concat(backlog);
  out["dispatchBehindBytes"] =
      backlog == 0 ? "0" : Concat(std::max<std::int64_t>(end - store.dispatcher().dispatched(), 0));
  out["remainHowManyDataToFlush"] = HumanBytes(static_cast<double>(end - store.log().flushed()));
  out["remainTransientStoreBufferNumbs"] = "2147483647";  // there is no such pool
  out["pageCacheLockTimeMills"] = "0";
  // Timers with a time of their own are not built in.
  for (const auto* key : {"timerReadBehind", "timerOffsetBehind", "timerCongestNum"}) {
    out[key] = "0";
  }
  out["timerEnqueueTps"] = out["timerDequeueTps"] = "0.0";
}

void GetBrokerRuntimeInfoHandler::AddDisk(Table* table) const {
  auto& out = *table;
  const auto path = context_.store.config().commit_log_path();
  const auto log = context_.fs.Space(path);
  const auto queues = context_.fs.Space(context_.store.config().root);
  const auto ratio = Number(log.ok() ? UsedShare(*log) : -1);
  out["commitLogDiskRatio"] = out["commitLogDiskRatio_" + path] = ratio;
  out["consumeQueueDiskRatio"] = Number(queues.ok() ? UsedShare(*queues) : -1);
  if (log.ok()) {
    out["commitLogDirCapacity"] =
        Concat("Total : ", HumanBytes(static_cast<double>(log->total_bytes)),
               ", Free : ", HumanBytes(static_cast<double>(log->free_bytes)), ".");
  }
}

void GetBrokerRuntimeInfoHandler::AddDelays(Table* table) const {
  const auto progress = DelayProgress(context_);
  if (!progress.ok()) return;  // the others are worth telling
  for (int level = 1; level <= context_.delays.levels(); ++level) {
    const auto* queue = context_.store.queues().Find(store::kDelayTopic, level - 1);
    if (queue == nullptr || queue->queue().end() == 0) continue;
    const auto found = progress->find(level);
    (*table)[Concat("scheduleMessageOffset_", level)] =
        Concat(found == progress->end() ? 0 : found->second, ",", queue->queue().end());
  }
}

void ViewBrokerStatsHandler::Handle(const Request::Header& header,
                                    const net::RequestContext& /*request*/,
                                    net::Responder&& reply) {
  for (const auto text : {header.name, header.key}) {
    const auto checked = wire::CheckId("name or key of statistics", text, kStatsKeyBytesMax);
    if (checked.ok()) continue;
    const auto bad = RefusedBy(checked);
    return std::move(reply).Fail(bad.code, bad.remark);
  }
  context_.stats.Gather([this, name = std::string(header.name), key = std::string(header.key),
                         reply = std::move(reply)]() mutable {
    const auto data = context_.stats.View(name, key);
    if (data) return std::move(reply).Plain({}, ToJson(*data));
    std::move(reply).Fail(ResponseCode::kSystemError,
                          Concat("The stats <", name, "> <", key, "> not exist"));
  });
}

}  // namespace comet::broker
