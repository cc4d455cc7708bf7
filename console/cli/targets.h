#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/cli/command.h"
#include "remoting/base/status_or.h"

namespace comet::cli {

// A broker process that a command talks to.
struct Target {
  std::string address;
  std::string broker;  // its name; empty when -b gave the address: nobody was asked for the name
  std::string master;  // address of its master when it is a slave
};

// Of a command with -b/--brokerAddr and -c/--clusterName: that broker, or the masters of that
// cluster. kInvalid unless exactly one was given; kNotFound for a cluster without any master.
StatusOr<std::vector<Target>> MastersOf(Context& context, const Arguments& arguments);
// The slaves too, behind their masters.
StatusOr<std::vector<Target>> BrokersOf(Context& context, const Arguments& arguments);

// With neither option: every broker of every cluster.
StatusOr<std::vector<Target>> AnyBrokersOf(Context& context, const Arguments& arguments);

// Does it for every target. One that fails of several is complained of; the first error when none
// succeeded.
Status ForEach(Context& context, std::span<const Target> targets,
               const std::function<Status(const Target&)>& act);

// "a;b"
std::string Joined(std::span<const std::string> texts, std::string_view separator);

}  // namespace comet::cli
