// What the dispatcher costs a message, and what many queues cost a start.
//
//   dispatch_bench DIRECTORY [messages] [queues] [batch]
//   dispatch_bench DIRECTORY open       only opens what the former has left
//
// Prints nanoseconds of processor time per message for consume queues alone and with one and two
// keys, for reading the entries back, and for opening the queues again with the memory they take.

#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "remoting/base/posix_file_system.h"
#include "store/dispatcher.h"
#include "store/queue_table.h"

namespace comet::store {
namespace {

class Nobody final : public ArrivalSink {
 public:
  void OnArrivals(std::span<const Arrival> /*arrivals*/) override {}
};

// Processor time of this thread, which other work on the machine does not change much.
class Stopwatch {
 public:
  double Nanoseconds() const { return Now() - start_; }

 private:
  static double Now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
  }
  const double start_ = Now();
};

long ResidentKiB() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  }
  return 0;
}

struct Load {
  long messages, queues, batch;
  int keys;
};

QueueTableOptions Options(const std::string& root) {
  QueueTableOptions options;
  options.directory = root + "/consumequeue";
  return options;
}

void Dispatch(const std::string& root, const Load& load) {
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root);
  PosixFileSystem fs;
  Nobody nobody;
  auto queues = QueueTable::Open(fs, Options(root)).Take();
  auto index = KeyIndex::Open(fs, SystemClock(), {root + "/index"}).Take();
  Dispatcher dispatcher({[] {
                          return std::int64_t{1} << 60;
                        }},
                        load.keys > 0 ? index.get() : nullptr, nobody);
  std::vector<QueueSlot*> slots;
  for (long n = 0; n < load.queues; ++n) {
    slots.push_back(
        queues->FindOrCreate("topic" + std::to_string(n / 4), static_cast<std::int32_t>(n % 4)));
  }
  std::int64_t log_offset = 0;
  std::uint32_t random = 1;
  const auto batch = [&](long count) {
    std::vector<DispatchEntry> entries(static_cast<std::size_t>(count));
    for (auto& entry : entries) {
      random = random * 1664525 + 1013904223;
      entry.queue = slots[(random >> 8) % slots.size()];
      entry.queue_offset = entry.queue->next_offset++;
      entry.log_offset = log_offset;
      entry.size = 290;
      entry.store_ms = 1'700'000'000'000 + log_offset / 1000;
      for (int k = 0; k < load.keys; ++k) {
        random = random * 1664525 + 1013904223;
        entry.keys.Add(static_cast<std::int32_t>(random >> 1));
      }
      log_offset += entry.size;
    }
    return entries;
  };
  // Make the files first: that is the cost of a new queue, not of a message.
  const Stopwatch first;
  for (long n = 0; n < load.queues; n += load.batch) {
    std::vector<DispatchEntry> entries;
    for (long q = n; q < std::min(n + load.batch, load.queues); ++q) {
      auto& entry = entries.emplace_back();
      entry.queue = slots[static_cast<std::size_t>(q)];
      entry.queue_offset = entry.queue->next_offset++;
      entry.log_offset = log_offset;
      entry.size = 290;
      log_offset += entry.size;
    }
    dispatcher.Offer(std::move(entries));
  }
  (void)dispatcher.Drain();
  const double first_ns = first.Nanoseconds();

  double spent = 0;
  for (long n = 0; n < load.messages; n += load.batch) {
    dispatcher.Offer(batch(load.batch));
    const Stopwatch step;
    (void)dispatcher.Drain();
    spent += step.Nanoseconds();
  }
  std::printf("queues %ld, batch %ld, keys %d: %.0f ns/message; first file %.1f us/queue\n",
              load.queues, load.batch, load.keys, spent / static_cast<double>(load.messages),
              first_ns / 1000 / static_cast<double>(load.queues));

  std::vector<QueueEntry> entries(32);
  long reads = 0;
  const Stopwatch reading;
  for (long n = 0; n < 200000; ++n) {
    const auto& queue = slots[static_cast<std::size_t>(n) % slots.size()]->queue();
    const auto got = queue.Get(queue.begin(), entries);
    reads += got.ok() ? 1 : 0;
  }
  std::printf("  read 32 entries: %.0f ns\n", reading.Nanoseconds() / static_cast<double>(reads));
  const Stopwatch syncing;
  const bool synced = queues->Sync().ok() && index->Flush(true).ok();
  std::printf("  sync: %.0f ms %s\n", syncing.Nanoseconds() / 1e6, synced ? "" : "FAILED");
}

void Reopen(const std::string& root) {
  PosixFileSystem fs;
  const long before = ResidentKiB();
  const Stopwatch opening;
  auto queues = QueueTable::Open(fs, Options(root)).Take();
  std::printf("open %zu queues: %.0f ms, %ld KiB\n", queues->size(), opening.Nanoseconds() / 1e6,
              ResidentKiB() - before);
}

}  // namespace
}  // namespace comet::store

int main(int argc, char** argv) {
  using namespace comet::store;  // NOLINT: a program of one page
  if (argc < 2) {
    std::fprintf(stderr, "usage: dispatch_bench DIRECTORY [messages] [queues] [batch]\n");
    return 2;
  }
  const std::string root = argv[1];
  if (argc > 2 && std::string(argv[2]) == "open") {
    Reopen(root);
    return 0;
  }
  Load load{argc > 2 ? std::atol(argv[2]) : 1'000'000, argc > 3 ? std::atol(argv[3]) : 16,
            argc > 4 ? std::atol(argv[4]) : 512, 0};
  for (const int keys : {0, 1, 2}) {
    load.keys = keys;
    Dispatch(root, load);
  }
  Reopen(root);
  return 0;
}
