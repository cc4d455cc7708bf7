#include "sdk/src/name_servers.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "remoting/net/endpoint.h"

namespace comet::client {
namespace {

constexpr std::uint64_t kFileBytesMax = 64 << 10;
constexpr std::string_view kBlanks = " \t\r";

std::string FromEnvironment() {
  const char* text = std::getenv("NAMESRV_ADDR");  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? std::string() : text;
}

std::string_view Trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The lines of a file as one list.
std::string Joined(std::string_view lines) {
  std::string list;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    std::string_view line = lines.substr(0, end);
    lines = end == std::string_view::npos ? std::string_view() : lines.substr(end + 1);
    line = Trimmed(line.substr(0, line.find('#')));
    if (!line.empty()) list += Concat(line, ";");
  }
  return list;
}

}  // namespace

Result<std::vector<std::string>> ParseNameServers(std::string_view text) {
  std::vector<std::string> servers;
  while (!text.empty()) {
    const auto end = text.find(';');
    const std::string_view part = Trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (part.empty()) continue;
    if (const auto address = net::ParseHostPort(part); !address.ok()) {
      return Error(Errc::invalid_argument,
                   Concat("name server '", part, "': ", address.error().message()));
    }
    servers.emplace_back(part);
  }
  if (servers.empty()) {
    return Error(Errc::invalid_argument,
                 "no name server given: set ClientOptions::namesrv or the environment variable "
                 "NAMESRV_ADDR to host:port, several separated by ';', or namesrv_file");
  }
  return servers;
}

NameServers::NameServers(const ClientOptions& options)
    : namesrv_(!options.namesrv.empty()       ? options.namesrv
               : options.namesrv_file.empty() ? FromEnvironment()
                                              : std::string()),
      file_(options.namesrv.empty() ? options.namesrv_file : std::string()) {}

Result<std::vector<std::string>> NameServers::Load() {
  if (file_.empty()) return ParseNameServers(namesrv_);
  auto list = ReadList();
  if (list) list_ = *list;
  return list;
}

Result<std::optional<std::vector<std::string>>> NameServers::Changed() {
  const auto modified = PosixFileSystem().ModifiedMs(file_);
  if (modified.ok() && *modified == modified_ms_) return std::optional<std::vector<std::string>>();
  auto list = ReadList();
  if (!list) {
    const bool told = error_ == list.error().message();
    error_ = list.error().message();
    if (told) return std::optional<std::vector<std::string>>();
    return list.error();
  }
  error_.clear();
  if (*list == list_) return std::optional<std::vector<std::string>>();
  list_ = *list;
  return std::optional(std::move(*list));
}

Result<std::vector<std::string>> NameServers::ReadList() {
  PosixFileSystem files;
  const auto modified = files.ModifiedMs(file_);
  const auto text = ReadFile(files, file_, kFileBytesMax);
  if (!text.ok()) {
    return Error(Errc::invalid_argument,
                 Concat("namesrv_file ", file_, " cannot be read: ", text.error().message()));
  }
  auto list = ParseNameServers(Joined(*text));
  if (!list) {
    return Error(Errc::invalid_argument,
                 Concat("namesrv_file ", file_, ": ", list.error().message()));
  }
  if (modified.ok()) modified_ms_ = *modified;
  return list;
}

}  // namespace comet::client
