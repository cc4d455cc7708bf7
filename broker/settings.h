#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "broker/broker_config.h"
#include "remoting/base/clock.h"
#include "remoting/base/config_file.h"
#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "remoting/net/net_settings.h"
#include "remoting/wire/bodies/data_version.h"
#include "store/store_config.h"

namespace comet::broker {

// The settings as an operator sees and changes them while the broker runs: those of its file,
// completed, with every change since. What applies at once is handed to the running broker; the
// rest waits for the next start.
//
// Waits for the disk: any thread but a loop. A change is in the file before it is applied, and the
// file's former content stays beside it as .bak. Without a file (the broker was started without
// -c) nothing can be kept: then only what applies at once may be changed, until the stop.
class Settings {
 public:
  struct Parts {
    FileSystem& fs;
    const Clock& clock;
    std::string file;  // empty: none
    Live<BrokerConfig>& live;
    // Takes over what the store can change while running.
    std::function<void(const store::StoreConfig&)> change_store;
  };
  Settings(Parts parts, BrokerConfig broker, store::StoreConfig store, net::NetSettings net);

  std::string Text() const EXCLUDES(mutex_);  // sorted key=value lines
  wire::DataVersion version() const EXCLUDES(mutex_);

  // All of the lines or, if one is not allowed, none: then `errors` of the result say why, by key.
  StatusOr<ConfigChange> Change(const JavaProperties& lines) EXCLUDES(mutex_);

 private:
  const Parts parts_;
  mutable Mutex mutex_;
  BrokerConfig broker_ GUARDED_BY(mutex_);
  store::StoreConfig store_ GUARDED_BY(mutex_);
  net::NetSettings net_ GUARDED_BY(mutex_);  // all of them wait for a start
  wire::DataVersion version_ GUARDED_BY(mutex_);
};

}  // namespace comet::broker
