#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/cli/command.h"
#include "remoting/base/json.h"
#include "remoting/base/status_or.h"

namespace comet::cli {

// A setting that a step gives another value; null is one that is not there.
struct Difference {
  std::string field;
  Json before, after;
};

// What differs between two documents, by dotted names. A null `before` stands for nothing at all,
// a null `after` for something that will be gone.
std::vector<Difference> DifferencesOf(const Json& before, const Json& after);

// One request of a writing command.
struct Step {
  std::string_view request;  // name of the request code: UPDATE_AND_CREATE_TOPIC
  std::string where;         // host:port of the server it goes to
  std::string what;          // "topic orders"
  std::optional<std::vector<Difference>> differences = {};  // none: a deed, not a setting
  // Sends it. Gives the lines that table form prints of the success.
  std::function<StatusOr<std::string>()> send = {};
  bool after_success = false;  // not sent when a step before it has failed
};

// All that a writing command does, once it has looked at what is there. With --dry-run the steps
// are printed, and nothing is sent. Otherwise their differences are printed on stderr, a dangerous
// command asks for `name` to be typed (for y when it is empty), and the steps are sent in their
// order: one that fails does not stop the others. The first error when none succeeded; when only
// some failed, each has its line on stderr and the exit code says so. JSON has a member "results"
// or, with
// --dry-run, "dryRun" and "changes".
Status CarryOut(Context& context, const std::vector<Step>& steps, std::string_view name = {});

}  // namespace comet::cli
