#include "remoting/base/config_file.h"

#include <algorithm>

#include "remoting/base/nearest_word.h"
#include "remoting/base/rocketmq_keys.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr std::uint64_t kConfigBytesMax = 1 << 20;

// Whether a line of a properties file goes on in the next.
bool Continues(std::string_view line) {
  const auto last = line.find_last_not_of('\\');
  const auto slashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
  return slashes % 2 == 1;
}

struct Match {
  const SettingRow* row;
  void* config;
};

std::vector<Match> Find(std::string_view key, std::span<const ConfigPart> parts) {
  std::vector<Match> found;
  for (const auto& part : parts) {
    for (const auto& row : part.rows) {
      if (row.key == key) found.push_back({&row, part.config});
    }
  }
  return found;
}

// Comparing with every key costs time, which a text full of unknown keys must not multiply.
constexpr std::size_t kNearestMax = 20;
constexpr std::size_t kErrorsMax = 100;

std::string UnknownText(std::string_view key, std::span<const ConfigPart> parts,
                        std::size_t errors_before) {
  const auto nearest = errors_before < kNearestMax ? NearestKey(key, parts) : std::string_view();
  return nearest.empty() ? "unknown key" : Concat("unknown key; the nearest is ", nearest);
}

// Empty when the line was applied.
std::string Set(const PropertyLine& line, std::span<const Match> matches) {
  if (!line.has_value) return "has no value";
  for (const auto& match : matches) {
    if (!match.row->set(match.config, line.value)) {
      return Concat('"', line.value, "\" is not allowed; allowed is ", match.row->allowed());
    }
  }
  return {};
}

void AppendLine(std::string* text, const std::string& line) {
  if (!text->empty()) text->push_back('\n');
  text->append(line);
}

// What a rule's message is about: the key it begins with; empty when it begins with none.
std::string_view KeyOf(std::string_view message, std::span<const ConfigPart> parts) {
  const auto key = message.substr(0, message.find_first_of(": "));
  return Find(key, parts).empty() ? std::string_view() : key;
}

// The rule's message with the line that broke it: that of the key it is about, or, when the text
// leaves that one as it was, of another key that the message names.
std::string BrokenText(const JavaProperties& text, std::string_view message,
                       std::span<const ConfigPart> parts) {
  const auto about = KeyOf(message, parts);
  const PropertyLine* found = nullptr;
  for (const auto& line : text.lines) {
    const bool is_it = line.key == about;
    if (Find(line.key, parts).empty()) continue;
    if (!is_it && message.find(line.key) == std::string_view::npos) continue;
    if (is_it || found == nullptr || found->key != about) found = &line;
  }
  if (found == nullptr) return Concat(text.source, ": ", message);
  const auto where = Concat(text.source, ':', found->line, ": ");
  return found->key == about ? Concat(where, message) : Concat(where, found->key, ": ", message);
}

std::string Escaped(const std::string& value) {
  std::string text;
  for (const char c : value) text.append(c == '\\' ? 2 : 1, c);
  return text;
}

void Remember(std::vector<std::string>* list, const std::string& key) {
  if (std::find(list->begin(), list->end(), key) == list->end()) list->push_back(key);
}

}  // namespace

Status NotAllowed(std::string_view key, std::string_view value, std::string_view allowed) {
  return {Status::Code::kInvalid,
          Concat(key, ": \"", value, "\" is not allowed; allowed is ", allowed)};
}

StatusOr<ConfigReport> ApplyConfig(const JavaProperties& text, std::span<const ConfigPart> parts) {
  ConfigReport report;
  std::string errors;
  std::size_t error_count = 0;
  for (const auto& line : text.lines) {
    const auto matches = Find(line.key, parts);
    std::string error;
    if (!matches.empty()) {
      error = Set(line, matches);
    } else if (IsRocketMqKey(line.key)) {
      Remember(&report.ignored, line.key);
    } else {
      error = UnknownText(line.key, parts, error_count);
    }
    if (error.empty()) continue;
    AppendLine(&errors, Concat(text.source, ':', line.line, ": ", line.key, ": ", error));
    if (++error_count == kErrorsMax) {
      AppendLine(&errors, Concat(text.source, ": too many errors, the rest was not read"));
      break;
    }
  }
  for (const auto& part : parts) {
    if (!errors.empty()) break;  // rules between settings make sense for valid ones only
    const Status status = part.check(part.config);
    if (!status.ok()) AppendLine(&errors, BrokenText(text, status.message(), parts));
  }
  if (!errors.empty()) return Status(Status::Code::kInvalid, std::move(errors));
  return report;
}

StatusOr<ConfigReport> LoadConfigFile(FileSystem& fs, const std::string& path,
                                      std::span<const ConfigPart> parts) {
  COMET_ASSIGN(const auto text, ReadFile(fs, path, kConfigBytesMax));
  COMET_ASSIGN(const auto properties, ParseJavaProperties(text, path));
  return ApplyConfig(properties, parts);
}

std::string IgnoredText(const ConfigReport& report) {
  if (report.ignored.empty()) return {};
  std::string text = "settings of RocketMQ that have no meaning here and are ignored:";
  for (const auto& key : report.ignored) text += Concat(' ', key);
  return text;
}

std::string PrintConfig(std::span<const ConfigPart> parts, ConfigText form) {
  std::map<std::string_view, std::string> values;
  for (const auto& part : parts) {
    for (const auto& row : part.rows) values.emplace(row.key, row.get(part.config));
  }
  std::string text;
  for (const auto& [key, value] : values) {
    text += Concat(key, '=', form == ConfigText::kFile ? Escaped(value) : value, '\n');
  }
  return text;
}

ConfigChange ChangeConfig(const JavaProperties& changes, std::span<const ConfigPart> parts) {
  ConfigChange change;
  for (const auto& line : changes.lines) {
    if (change.errors.size() >= kErrorsMax) break;
    const auto matches = Find(line.key, parts);
    if (matches.empty()) {
      if (IsRocketMqKey(line.key)) {
        Remember(&change.ignored, line.key);
      } else {
        change.errors[line.key] = UnknownText(line.key, parts, change.errors.size());
      }
      continue;
    }
    for (const auto& match : matches) {
      const auto before = match.row->get(match.config);
      auto error = Set(line, std::span(&match, 1));
      if (!error.empty()) change.errors[line.key] = std::move(error);
      if (match.row->get(match.config) == before) continue;
      Remember(match.row->when == When::kLive ? &change.live : &change.restart, line.key);
    }
  }
  for (const auto& part : parts) {
    if (!change.errors.empty()) break;
    const Status status = part.check(part.config);
    if (status.ok()) continue;
    std::string_view message = status.message();
    const std::string key(KeyOf(message, parts));
    if (!key.empty() && message.substr(key.size()).starts_with(": ")) {
      message.remove_prefix(key.size() + 2);
    }
    change.errors[key.empty() ? "rules" : key] = message;
  }
  return change;
}

bool IsRocketMqKey(std::string_view key) {
  const auto keys = RocketMqKeys();
  return std::binary_search(keys.begin(), keys.end(), key);
}

std::string_view NearestKey(std::string_view key, std::span<const ConfigPart> parts) {
  NearestWord nearest(key);
  for (const auto& part : parts) {
    for (const auto& row : part.rows) nearest.Consider(row.key);
  }
  for (const auto candidate : RocketMqKeys()) nearest.Consider(candidate);
  return nearest.found();
}

Status KeepChange(FileSystem& fs, const std::string& path, const JavaProperties& changes,
                  const ConfigChange& outcome) {
  if (outcome.live.empty() && outcome.restart.empty()) return {};
  std::map<std::string, std::string> values;
  for (const auto& line : changes.lines) {
    const auto& ignored = outcome.ignored;
    const bool means = std::find(ignored.begin(), ignored.end(), line.key) == ignored.end();
    if (means || !IsRocketMqKey(line.key)) values.insert_or_assign(line.key, line.value);
  }
  COMET_ASSIGN(const bool exists, fs.Exists(path));
  std::string text;
  if (exists) {
    COMET_ASSIGN(text, ReadFile(fs, path, kConfigBytesMax));
    COMET_TRY(WriteFileAtomically(fs, path + ".bak", text));
  }
  return WriteFileAtomically(fs, path, MergeConfig(text, values));
}

std::string MergeConfig(std::string_view text, const std::map<std::string, std::string>& values) {
  const auto parsed = ParseJavaProperties(text, "");
  std::map<int, std::string> replaced;  // by the line an entry begins in
  auto missing = values;
  for (const auto& entry : parsed.ok() ? parsed->lines : std::vector<PropertyLine>()) {
    const auto wanted = values.find(entry.key);
    if (wanted == values.end()) continue;
    replaced[entry.line] = Concat(entry.key, '=', Escaped(wanted->second), '\n');
    missing.erase(entry.key);
  }
  std::string merged;
  bool in_replaced = false;
  for (int number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto found = replaced.find(number);
    if (found != replaced.end()) merged += found->second;
    if (found == replaced.end() && !in_replaced) merged.append(line).push_back('\n');
    in_replaced = (in_replaced || found != replaced.end()) && Continues(line);
  }
  for (const auto& [key, value] : missing) merged += Concat(key, '=', Escaped(value), '\n');
  return merged;
}

}  // namespace comet
