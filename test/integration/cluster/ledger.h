#pragma once

#include <comet/message.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/mutex.h"

namespace comet {

// Which message it is: the lanes of a load number theirs.
struct MessageName {
  int lane = 0;
  std::int64_t number = 0;

  auto operator<=>(const MessageName&) const = default;
  std::string ToString() const;
};

// Bodies that can be told from damaged ones: all bytes follow from the name.
std::string BodyOf(const MessageName& name);
// Fails the test when it is not such a body.
MessageName NameIn(std::string_view body);

// What producers were told. Any thread.
class Ledger {
 public:
  struct Told {
    MessageName name;
    Queue queue;
    std::int64_t offset = 0;
    bool send_ok = false;  // otherwise stored, but a slave may not have it
  };

  // Fails the test when the order of a lane's receipts is not that of its messages.
  void Note(const MessageName& name, const SendReceipt& receipt) EXCLUDES(mutex_);
  // The only copy of some messages is lost, as the operator was warned.
  void Forget(const std::string& broker, const std::function<bool(const Told&)>& lost)
      EXCLUDES(mutex_);

  std::vector<Told> Of(const std::string& broker) const EXCLUDES(mutex_);
  std::size_t told() const EXCLUDES(mutex_);
  std::size_t send_ok() const EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::vector<Told>> told_ GUARDED_BY(mutex_);
  std::map<int, std::int64_t> next_ GUARDED_BY(mutex_);  // least offset of a lane's next message
};

}  // namespace comet
