#pragma once

// What the examples share, so that each can be about one thing.

#include <comet/client.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace example {

using namespace std::chrono_literals;

// The value, or the end of the program with the error's words.
template <class T>
T Take(comet::Result<T> result) {
  if (!result) {
    std::cerr << "error: " << result.error().message() << '\n';
    std::exit(1);
  }
  return std::move(result).value();
}
inline void Take(comet::Result<void> result) {
  if (!result) {
    std::cerr << "error: " << result.error().message() << '\n';
    std::exit(1);
  }
}

// NAMESRV and TOPIC as the command line gives them.
struct Arguments {
  std::string namesrv = "127.0.0.1:9876";
  std::string topic = "examples";

  Arguments(int argc, char** argv) {
    if (argc > 1) namesrv = argv[1];
    if (argc > 2) topic = argv[2];
  }
  // A group for this topic: what an earlier run has left of another one does not matter.
  std::string group(const std::string& name) const { return name + "_of_" + topic; }
};

inline std::shared_ptr<comet::Client> Connect(const Arguments& arguments) {
  return Take(comet::Client::connect(comet::ClientOptions().set_namesrv(arguments.namesrv)));
}

// A push consumer that has not been started, and reads a new group from the beginning.
inline comet::PushConsumer NewConsumer(comet::Client& client, const std::string& group) {
  comet::PushConsumerOptions options;
  options.group = group;
  options.start = comet::StartFrom::first();
  return Take(client.push_consumer(options));
}

// Counts what handlers have done, on whatever thread, and waits for a number of it.
class Counter {
 public:
  void Add(std::size_t n = 1) {
    const std::lock_guard lock(mutex_);
    count_ += n;
    changed_.notify_all();
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  // Ends the program when it takes more than a minute.
  void Await(std::size_t n, const char* what) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, 60s, [&] { return count_ >= n; })) return;
    std::cerr << "error: " << what << ": " << count_ << " of " << n << " within a minute\n";
    std::exit(1);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
};

}  // namespace example
