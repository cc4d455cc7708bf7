#include "broker_process.h"

#include "remoting/base/text.h"

namespace comet::broker {
namespace {

std::vector<std::string> Arguments(const std::vector<std::string>& settings,
                                   const std::string& log_directory) {
  std::vector<std::string> words{Concat("--logDir=", log_directory)};
  for (const auto& setting : settings) words.push_back(Concat("--set=", setting));
  return words;
}

}  // namespace

BrokerProcess::BrokerProcess(const std::vector<std::string>& settings,
                             const std::string& log_directory)
    : ServerProcess(COMET_MQBROKER, Arguments(settings, log_directory)) {}

}  // namespace comet::broker
