#include "broker/namesrv_list.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/resolver.h"

namespace comet::broker {
namespace {

constexpr std::uint64_t kFileBytesMax = 64 << 10;
constexpr std::size_t kServersMax = 64;

bool IsHostName(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
}

// The lines of a file as one list.
std::string Joined(std::string_view text) {
  std::string list;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    list.append(line.substr(0, line.find('#'))).push_back(';');
  }
  return list;
}

}  // namespace

std::vector<std::string> ParseAddresses(std::string_view text) {
  std::vector<std::string> servers;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(";,"), text.size());
    auto one = text.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    const bool known = std::find(servers.begin(), servers.end(), one) != servers.end();
    if (!one.empty() && !known) servers.emplace_back(one);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return servers;
}

Status CheckAddresses(std::string_view text) {
  const auto servers = ParseAddresses(text);
  if (servers.size() > kServersMax) {
    return {Status::Code::kInvalid, Concat("more than ", kServersMax, " addresses")};
  }
  for (const auto& address : servers) {
    COMET_ASSIGN(const auto target, net::ParseHostPort(address));
    if (!IsHostName(target.host) && !net::NumericAddress(target.host, target.port).ok()) {
      return {Status::Code::kInvalid, Concat("'", address, "' has no host name or IP address")};
    }
  }
  return {};
}

StatusOr<std::vector<std::string>> NamesrvList::ReadAddresses(const std::string& path) {
  COMET_ASSIGN(const auto text, ReadFile(fs_, path, kFileBytesMax));
  const auto list = Joined(text);
  COMET_TRY(CheckAddresses(list));
  auto servers = ParseAddresses(list);
  if (servers.empty()) return Status(Status::Code::kInvalid, "it has no address");
  return servers;
}

const std::vector<std::string>& NamesrvList::Read(const BrokerConfig& config) {
  if (config.namesrv_addr_file.empty()) {
    trouble_.clear();
    return servers_ = ParseAddresses(config.namesrv_addr);
  }
  auto read = ReadAddresses(config.namesrv_addr_file);
  if (read.ok()) {
    trouble_.clear();
    return servers_ = read.Take();
  }
  if (servers_.empty()) servers_ = ParseAddresses(config.namesrv_addr);
  auto trouble = read.error().ToString();
  if (trouble != trouble_) {
    LOG_ERROR << "namesrvAddrFile " << config.namesrv_addr_file << " is not followed: " << trouble
              << "; " << servers_.size() << " name servers stay as they are";
    trouble_ = std::move(trouble);
  }
  return servers_;
}

}  // namespace comet::broker
