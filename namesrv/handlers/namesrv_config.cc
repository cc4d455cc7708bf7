#include "namesrv/handlers/namesrv_config.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "namesrv/limits.h"
#include "remoting/base/config_file.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {
namespace {

// Never changed over the network, whatever configBlackList says: they name files.
constexpr std::array<std::string_view, 4> kAlwaysBlack = {"configBlackList", "configStorePath",
                                                          "kvConfigPath", "rocketmqHome"};

bool IsBlack(std::string_view key, std::string_view black_list) {
  if (std::find(kAlwaysBlack.begin(), kAlwaysBlack.end(), key) != kAlwaysBlack.end()) return true;
  const std::string text = Concat(";", black_list, ";");
  return text.find(Concat(";", key, ";")) != std::string::npos;
}

std::string Join(const std::vector<std::string>& keys) {
  std::string text;
  for (const auto& key : keys) text += Concat(text.empty() ? "" : ", ", key);
  return text;
}

std::string Join(const std::map<std::string, std::string>& errors) {
  std::string text;
  for (const auto& [key, why] : errors) text += Concat(text.empty() ? "" : "; ", key, ": ", why);
  return text;
}

}  // namespace

void GetNamesrvConfigHandler::Handle(const Request::Header& /*header*/,
                                     const net::RequestContext& /*request*/, net::Responder reply) {
  NamesrvConfig config = *settings_.Get();
  std::move(reply).Plain({}, PrintConfig(std::array{PartOf(config)}));
}

void UpdateNamesrvConfigHandler::Handle(const Request::Header& /*header*/,
                                        const net::RequestContext& request, net::Responder reply) {
  const auto properties = ParseJavaProperties(request.body, request.peer.text);
  if (!properties.ok()) {
    return std::move(reply).Fail(wire::ResponseCode::kSystemError,
                                 Concat("string2Properties error: ", properties.error().message()));
  }
  NamesrvConfig config = *settings_.Get();
  for (const PropertyLine& line : properties->lines) {
    if (IsBlack(line.key, config.config_black_list)) {
      return std::move(reply).Fail(wire::ResponseCode::kNoPermission,
                                   "Can not update config in black list.");
    }
  }
  const ConfigChange change = ChangeConfig(*properties, std::array{PartOf(config)});
  if (!change.errors.empty()) {
    return std::move(reply).Fail(wire::ResponseCode::kInvalidParameter, Join(change.errors));
  }
  if (const std::string& path = config.config_store_path; !path.empty()) {
    if (Status kept = KeepChange(fs_, path, *properties, change); !kept.ok()) {
      LOG_ERROR << "settings not stored: " << kept.ToString();
      return std::move(reply).Fail(wire::ResponseCode::kSystemError, kept.message());
    }
  }
  settings_.Replace(std::move(config));
  LOG_INFO << request.peer.text << " changed settings; now: " << Join(change.live)
           << "; after a restart: " << Join(change.restart);
  std::move(reply).Plain({});
}

}  // namespace comet::namesrv
