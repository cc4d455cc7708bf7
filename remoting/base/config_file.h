#pragma once

// From key=value text to described configs and back.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/describe_config.h"
#include "remoting/base/file_system.h"
#include "remoting/base/java_properties.h"
#include "remoting/base/status_or.h"

namespace comet {

struct ConfigReport {
  std::vector<std::string> ignored;  // keys of RocketMQ without a meaning here; one log line
};

// Sets what the text names; a key that several parts declare is set in each. On an error every
// bad line is reported, one per line of the message, with source, line number, key and what is
// allowed or which key is nearest; the configs are then to be thrown away. A message of Check()
// that begins with a key is reported with the line of that key.
StatusOr<ConfigReport> ApplyConfig(const JavaProperties& text, std::span<const ConfigPart> parts);

// The same for a file of at most 1 MiB.
StatusOr<ConfigReport> LoadConfigFile(FileSystem& fs, const std::string& path,
                                      std::span<const ConfigPart> parts);

// What Check() says of one value, as if its line had been refused.
Status NotAllowed(std::string_view key, std::string_view value, std::string_view allowed);

// One line for the log, empty when nothing was ignored.
std::string IgnoredText(const ConfigReport& report);

// "key=value\n" of every setting, sorted by key.
enum class ConfigText {
  kPlain,  // values as they are: the body of GET_BROKER_CONFIG
  kFile    // backslashes doubled, so that reading it gives the same values
};
std::string PrintConfig(std::span<const ConfigPart> parts, ConfigText form = ConfigText::kPlain);

// The outcome of a change while running.
struct ConfigChange {
  std::map<std::string, std::string> errors;  // key -> why not; the configs stay unused then
  std::vector<std::string> live;              // changed, and valid once the copies are in place
  std::vector<std::string> restart;           // changed, valid after the next start
  std::vector<std::string> ignored;           // RocketMQ's keys without a meaning here
};

// Applies the lines to copies of the running configs, to which `parts` point. Keys whose value
// stays the same are in no list.
ConfigChange ChangeConfig(const JavaProperties& changes, std::span<const ConfigPart> parts);

// Sets the lines that have changed something in the file they belong to, whose former content stays
// beside it as .bak. What only was ignored is not kept.
Status KeepChange(FileSystem& fs, const std::string& path, const JavaProperties& changes,
                  const ConfigChange& outcome);
// `text` of a file with these keys set: in their places, or else at the end. Everything else stays
// as it is, comments too.
std::string MergeConfig(std::string_view text, const std::map<std::string, std::string>& values);

// True for every key some RocketMQ from 4.9 to 5.5 reads.
bool IsRocketMqKey(std::string_view key);

// The key of `parts` or of RocketMQ that is spelled most like `key`; empty when none is close.
std::string_view NearestKey(std::string_view key, std::span<const ConfigPart> parts);

}  // namespace comet
