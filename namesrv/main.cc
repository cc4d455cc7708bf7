// mqnamesrv: the program. Everything else is Namesrv's.

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "namesrv/namesrv.h"
#include "remoting/base/text.h"
#include "remoting/net/net_settings.h"
#include "remoting/program/server_program.h"

namespace comet::namesrv {
namespace {

std::string EnvironmentOr(const char* name, std::string_view otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : std::string(otherwise);
}

class NamesrvProgram final : public ServerProgram {
 public:
  std::string_view name() const override { return "mqnamesrv"; }
  std::string_view about() const override {
    return "knows the brokers and tells clients where topics are";
  }

  std::vector<ConfigPart> parts() override { return {PartOf(config_), PartOf(net_)}; }

  std::vector<std::string_view> important_keys() const override {
    return {"bindAddress", "listenPort", "kvConfigPath", "scanNotActiveBrokerInterval"};
  }

  void Prepare(const ServerArguments&) override {
    config_.rocketmq_home = EnvironmentOr("ROCKETMQ_HOME", "");
  }

  Status Complete(const ServerArguments& arguments) override {
    if (config_.config_store_path.empty()) config_.config_store_path = arguments.config_file;
    if (config_.kv_config_path.empty()) {
      config_.kv_config_path = Concat(EnvironmentOr("HOME", "."), "/namesrv/kvConfig.json");
    }
    return {};
  }

  Status Start(FileSystem& fs, std::string* greeting) override {
    auto namesrv = Namesrv::Start(config_, fs, SystemClock(), net_);
    if (!namesrv.ok()) return namesrv.error().Clone();
    namesrv_ = std::move(*namesrv);
    *greeting = Concat("The Name Server boot success. serializeType=JSON, address ",
                       config_.bind_address, ":", namesrv_->port());
    return {};
  }

  Status Stop() override {
    namesrv_.reset();
    return {};
  }

 private:
  NamesrvConfig config_;
  net::NetSettings net_;
  std::unique_ptr<Namesrv> namesrv_;
};

}  // namespace
}  // namespace comet::namesrv

int main(int argc, char** argv) {
  comet::namesrv::NamesrvProgram program;
  return comet::RunServer(program, argc, argv);
}
