#pragma once

#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/command.h"
#include "console/cli/targets.h"
#include "sdk/src/admin_calls.h"

namespace comet::cli {

inline constexpr std::array kUpkeepOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional,
           "On the brokers of this cluster; otherwise of all clusters"}};

// Commands that tell brokers to clean up: a request without fields to each of them.
template <wire::Request R>
Status RunUpkeep(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<Target> targets, AnyBrokersOf(context, arguments));
  std::vector<Step> steps;
  for (const Target& target : targets) {
    Step step{R::kName, target.address, target.broker};
    step.send = [&context, address = target.address]() -> StatusOr<std::string> {
      auto answer = context.admin.Call<R>(address, {});
      if (!answer.ok()) return answer.TakeError();
      return std::string();
    };
    steps.push_back(std::move(step));
  }
  COMET_TRY(CarryOut(context, steps));
  if (!context.consent.dry_run) context.out.Say(context.partial ? "false\n" : "success\n");
  return {};
}

}  // namespace comet::cli
