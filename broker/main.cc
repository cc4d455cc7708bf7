// mqbroker: the program. Everything else is Broker's.

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/broker.h"
#include "broker/namesrv_list.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "remoting/net/net_settings.h"
#include "remoting/program/server_program.h"

namespace comet::broker {
namespace {

// Of a list that is in no file.
Status CheckList(std::string_view where, std::string_view text) {
  const auto status = CheckAddresses(text);
  if (status.ok()) return {};
  return NotAllowed(where, text, Concat("host:port;host:port, and ", status.message()));
}

class BrokerProgram final : public ServerProgram {
 public:
  std::string_view name() const override { return "mqbroker"; }
  std::string_view about() const override { return "keeps messages and serves them to consumers"; }

  std::vector<ConfigPart> parts() override {
    return {PartOf(config_), PartOf(store_), PartOf(net_)};
  }

  std::vector<std::string_view> important_keys() const override {
    return {"autoCreateSubscriptionGroup",
            "autoCreateTopicEnable",
            "brokerClusterName",
            "brokerId",
            "brokerIP1",
            "brokerIP2",
            "brokerName",
            "brokerPermission",
            "brokerRole",
            "defaultTopicQueueNums",
            "deleteWhen",
            "fileReservedTime",
            "flushDiskType",
            "listenPort",
            "mappedFileSizeCommitLog",
            "maxMessageSize",
            "namesrvAddr",
            "storePathRootDir",
            "traceTopicEnable"};
  }

  void Prepare(const ServerArguments&) override {
    if (const char* address = std::getenv("NAMESRV_ADDR")) {
      environment_ = CheckList("NAMESRV_ADDR", address);
      if (environment_.ok()) config_.namesrv_addr = address;
    }
    if (const char* home = std::getenv("HOME")) store_.root = Concat(home, "/store");
  }

  Status Complete(const ServerArguments& arguments) override {
    if (!arguments.namesrv_addr.empty()) {
      COMET_TRY(CheckList("-n", arguments.namesrv_addr));
      config_.namesrv_addr = arguments.namesrv_addr;
    } else if (config_.namesrv_addr.empty()) {
      COMET_TRY(std::move(environment_));
    }
    config_file_ = arguments.config_file;
    CompleteFromMachine(&config_);
    return {};
  }

  Status Start(FileSystem& fs, std::string* greeting) override {
    auto broker = Broker::Start(
        {.broker = config_, .store = store_, .net = net_, .config_file = config_file_, .fs = fs});
    if (!broker.ok()) return broker.error().Clone();
    broker_ = std::move(*broker);
    const auto& config = broker_->config();
    *greeting = Concat("The broker[", config.name, ", ", config.ip1, ":", broker_->port(),
                       "] boot success. serializeType=JSON");
    if (!config.namesrv_addr.empty()) {
      *greeting += Concat(" and name server is ", config.namesrv_addr);
    }
    return {};
  }

  Status Stop() override { return broker_->Stop(); }

 private:
  BrokerConfig config_;
  store::StoreConfig store_;
  net::NetSettings net_;
  std::string config_file_;
  Status environment_;  // what is wrong with it, unless something stronger is said
  std::unique_ptr<Broker> broker_;
};

}  // namespace
}  // namespace comet::broker

int main(int argc, char** argv) {
  comet::broker::BrokerProgram program;
  return comet::RunServer(program, argc, argv);
}
