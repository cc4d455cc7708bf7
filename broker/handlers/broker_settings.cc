#include "broker/handlers/broker_settings.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/settings.h"
#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/java_properties.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

// Never changed over the network: they say where files are.
constexpr std::array<std::string_view, 5> kBlackList = {"brokerConfigPath", "configBlackList",
                                                        "rocketmqHome", "storePathCommitLog",
                                                        "storePathRootDir"};

void AppendKeys(std::string_view what, const std::vector<std::string>& keys, std::string* text) {
  if (keys.empty()) return;
  *text += Concat(text->empty() ? "" : "; ", what);
  for (const auto& key : keys) *text += Concat(" ", key);
}

std::string TextOf(const ConfigChange& change) {
  std::string text;
  AppendKeys("applied now:", change.live, &text);
  AppendKeys("kept, applied at the next start:", change.restart, &text);
  AppendKeys("no effect in this broker:", change.ignored, &text);
  return text;
}

std::string TextOf(const std::map<std::string, std::string>& errors) {
  std::string text;
  for (const auto& [key, why] : errors) text += Concat(text.empty() ? "" : "; ", key, ": ", why);
  return text;
}

bool Contains(const std::vector<std::string>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

void GetBrokerConfigHandler::Handle(const Request::Header& /*header*/,
                                    const net::RequestContext& /*request*/,
                                    net::Responder&& reply) {
  const auto version = ToJson(context_.settings.version());
  std::move(reply).Ok<Request>({version}, context_.settings.Text());
}

void UpdateBrokerConfigHandler::Handle(const Request::Header& /*header*/,
                                       const net::RequestContext& request, net::Responder&& reply) {
  const auto lines = ParseJavaProperties(request.body, "request");
  if (!lines.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError,
                                 Concat("string2Properties error: ", lines.error().message()));
  }
  for (const auto& line : lines->lines) {
    if (std::find(kBlackList.begin(), kBlackList.end(), line.key) != kBlackList.end()) {
      return std::move(reply).Fail(ResponseCode::kNoPermission,
                                   "Can not update config in black list.");
    }
  }
  const auto change = context_.settings.Change(*lines);
  if (!change.ok()) {
    LOG_ERROR << "settings were not kept and not changed: " << change.error().ToString();
    return std::move(reply).Fail(ResponseCode::kSystemError, change.error().message());
  }
  if (!change->errors.empty()) {
    return std::move(reply).Fail(ResponseCode::kInvalidParameter, TextOf(change->errors));
  }
  const auto text = TextOf(*change);
  LOG_INFO << request.peer.text << " changed settings; " << text;
  if (Contains(change->live, "brokerPermission")) {
    if (auto told = context_.topics.Touch(); !told.ok()) {
      return std::move(reply).Fail(ResponseCode::kSystemError, told.message());
    }
  }
  if (text.empty()) return std::move(reply).Plain({});
  std::move(reply).Plain({ResponseCode::kSuccess, text});
}

}  // namespace comet::broker
