#pragma once

#include <comet/position.h>
#include <comet/result.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comet {

class AllocationStrategy;  // allocation.h
class Interceptor;         // interceptor.h
class MetricsSink;         // metrics.h

enum class Severity { debug, info, warning, error };

// Receives the library's log lines, on any of its threads; must not block.
using LogCallback =
    std::function<void(Severity, std::string_view component, std::string_view text)>;

// Shared by everything one Client makes.
struct ClientOptions {
  // host:port, several separated by ';'. Empty: namesrv_file, and without that the environment
  // variable NAMESRV_ADDR.
  std::string namesrv;
  // A file with such addresses, separated by ';' or line ends. Looked at every 2 s: a list that has
  // changed is taken over while traffic goes on. One that is wrong is reported through the log.
  std::string namesrv_file;
  // Distinguishes clients of one process in the broker's lists; empty: process id and a number.
  std::string client_name;
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds request_timeout{3000};
  std::chrono::milliseconds heartbeat_interval{30000};
  std::chrono::milliseconds route_refresh_interval{30000};
  int io_threads = 1;
  // Compact binary headers instead of JSON; every RocketMQ server since 3.5 understands them.
  bool binary_headers = true;
  // Topics and groups get "<name_space>%" in front on their way to the brokers; the application
  // sees names without it. System topics are not touched.
  std::string name_space;
  std::string unit_name;     // a part of the client id: host@name@unit
  bool vip_channel = false;  // sends go to the port two below the one a broker announces
  LogCallback log;           // none: warnings and errors go to standard error
  std::shared_ptr<MetricsSink> metrics;                    // none: nothing is measured
  std::vector<std::shared_ptr<Interceptor>> interceptors;  // called in this order

  // "namesrv=a:9876;b:9876,request_timeout=3s,io_threads=2": the fields above that are texts,
  // numbers, true or false, or times (with ms, s or m), separated by ','. Nothing is contacted. An
  // unknown key is an error that names the nearest.
  COMET_API static Result<ClientOptions> from_string(std::string_view text);

  ClientOptions& set_namesrv(std::string addresses) {
    namesrv = std::move(addresses);
    return *this;
  }
};

// How bodies travel and are stored. Consumers of this library and of Java undo all three; those in
// Go and older C++ clients know zlib only.
struct Compression {
  enum class Type { none, zlib, lz4, zstd };
  Type type = Type::zlib;
  std::size_t from_bytes = 4096;  // smaller bodies go as they are
  int level = 5;                  // as the method counts them
};

// Gathers single asynchronous sends of one topic (and one queue, where that is given) into one
// request. Each message keeps its own callback and receipt.
struct AutoBatch {
  bool enabled = false;
  std::size_t max_messages = 1000;
  std::size_t max_bytes = std::size_t{256} << 10;
  std::chrono::microseconds linger{1000};  // how long the first one waits for others
};

struct ProducerOptions {
  std::string group = "DEFAULT_PRODUCER";
  std::chrono::milliseconds send_timeout{3000};  // over all attempts
  int retries = 2;                               // further attempts, on other brokers first
  std::size_t max_message_bytes = std::size_t{4} << 20;
  std::size_t max_pending = 10000;  // asynchronous sends in flight; beyond: Errc::queue_full
  std::size_t max_pending_bytes = std::size_t{100} << 20;
  // Asynchronous sends wait for room, up to their timeout, instead of failing with queue_full.
  // Never inside a callback of this library.
  bool block_when_full = false;
  // The broker creates an unknown topic with that many queues, if it may.
  int default_topic_queues = 4;
  Compression compression;
  AutoBatch auto_batch;
  // Leaves slow brokers alone for a while, as RocketMQ's clients do with sendLatencyFaultEnable.
  // One that cannot be reached is left alone in any case, where there is another.
  bool avoid_slow_brokers = false;
  // Tries another broker when one has stored a message but not on disk or on a slave in time. The
  // message may then be stored twice.
  bool retry_not_stored_ok = false;

  ProducerOptions& set_group(std::string name) {
    group = std::move(name);
    return *this;
  }
};

struct PullConsumerOptions {
  std::string group;
  Position start;  // in queues of which the group has never committed anything; the end unless set
  int pull_batch = 32;
  std::chrono::milliseconds suspend{15000};  // how long the broker may hold an empty pull
  std::chrono::milliseconds commit_interval{5000};
  std::chrono::milliseconds rebalance_interval{20000};  // of subscribe()
  std::shared_ptr<AllocationStrategy> allocation;       // of subscribe(); none: averagely()

  PullConsumerOptions& set_group(std::string name) {
    group = std::move(name);
    return *this;
  }
};

}  // namespace comet
