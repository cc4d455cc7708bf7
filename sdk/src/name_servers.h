#pragma once

#include <comet/options.h>
#include <comet/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comet::client {

// Splits "host:port;host:port" and checks every part.
Result<std::vector<std::string>> ParseNameServers(std::string_view text);

// The name servers a client is to ask: of ClientOptions::namesrv, else of namesrv_file, else of the
// environment variable NAMESRV_ADDR. One thread at a time.
//
// The file has addresses separated by ';' or line ends; what follows a '#' is a comment.
class NameServers {
 public:
  explicit NameServers(const ClientOptions& options);

  Result<std::vector<std::string>> Load();  // the list to begin with
  bool MayChange() const { return !file_.empty(); }
  // The list of a file that has changed since the last look; nothing if it has not. An error, once
  // for each change, if it cannot be used: then the old list stays.
  Result<std::optional<std::vector<std::string>>> Changed();

 private:
  Result<std::vector<std::string>> ReadList();

  const std::string namesrv_;
  const std::string file_;  // empty unless it decides
  std::int64_t modified_ms_ = 0;
  std::string error_;  // of the last look
  std::vector<std::string> list_;
};

}  // namespace comet::client
