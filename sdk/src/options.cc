#include <comet/options.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>

#include "remoting/base/nearest_word.h"
#include "remoting/base/setting_text.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

bool Parse(std::string_view text, std::string* value) {
  return ParseSetting(text, {}, value);
}
bool Parse(std::string_view text, bool* value) {
  return ParseSetting(text, {}, value);
}
bool Parse(std::string_view text, int* value) {
  return ParseSetting(text, {}, value);
}

// 500ms, 3s, 2m.
bool Parse(std::string_view text, std::chrono::milliseconds* value) {
  struct Unit {
    std::string_view name;
    std::int64_t ms;
  };
  for (const Unit unit : {Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60000}}) {
    if (!text.ends_with(unit.name)) continue;
    const auto count = ParseNumber<std::int32_t>(text.substr(0, text.size() - unit.name.size()));
    if (!count) continue;
    *value = std::chrono::milliseconds(*count * unit.ms);
    return true;
  }
  return false;
}

std::string_view Wanted(const std::string* /*type*/) {
  return "text without control characters";
}
std::string_view Wanted(const bool* /*type*/) {
  return "true or false";
}
std::string_view Wanted(const int* /*type*/) {
  return "a whole number";
}
std::string_view Wanted(const std::chrono::milliseconds* /*type*/) {
  return "a time such as 500ms, 3s or 2m";
}

// Sets one field; returns what it wants instead, or nothing.
struct Key {
  std::string_view name;
  std::string_view (*set)(std::string_view text, ClientOptions* options);
};

template <auto member>
std::string_view Set(std::string_view text, ClientOptions* options) {
  auto* const value = &(options->*member);
  return Parse(text, value) ? std::string_view() : Wanted(value);
}

constexpr Key kKeys[] = {
    {"namesrv", &Set<&ClientOptions::namesrv>},
    {"namesrv_file", &Set<&ClientOptions::namesrv_file>},
    {"client_name", &Set<&ClientOptions::client_name>},
    {"name_space", &Set<&ClientOptions::name_space>},
    {"unit_name", &Set<&ClientOptions::unit_name>},
    {"connect_timeout", &Set<&ClientOptions::connect_timeout>},
    {"request_timeout", &Set<&ClientOptions::request_timeout>},
    {"heartbeat_interval", &Set<&ClientOptions::heartbeat_interval>},
    {"route_refresh_interval", &Set<&ClientOptions::route_refresh_interval>},
    {"io_threads", &Set<&ClientOptions::io_threads>},
    {"binary_headers", &Set<&ClientOptions::binary_headers>},
    {"vip_channel", &Set<&ClientOptions::vip_channel>},
};

Error Unknown(std::string_view name) {
  NearestWord word(name);
  for (const Key& key : kKeys) word.Consider(key.name);
  const std::string_view nearest = word.found();
  return {Errc::invalid_argument,
          Concat("unknown key '", name, "'",
                 nearest.empty() ? std::string() : Concat("; the nearest is ", nearest))};
}

}  // namespace

Result<ClientOptions> ClientOptions::from_string(std::string_view text) {
  ClientOptions options;
  while (!text.empty()) {
    const auto end = text.find(',');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return Error(Errc::invalid_argument, Concat("'", pair, "' is not key=value"));
    }
    const std::string_view name = pair.substr(0, equals);
    const auto* const key = std::ranges::find(kKeys, name, &Key::name);
    if (key == std::end(kKeys)) return Unknown(name);
    const std::string_view wanted = key->set(pair.substr(equals + 1), &options);
    if (!wanted.empty()) {
      return Error(Errc::invalid_argument, Concat("'", pair, "': ", name, " is ", wanted));
    }
  }
  return options;
}

}  // namespace comet
