#pragma once

#include <optional>
#include <string>

#include "console/cli/command.h"

namespace comet::cli {

// A key of the name servers' tables; without a value it is deleted.
struct KvChange {
  std::string ns, key;
  std::optional<std::string> value;
};

// Makes the change at every name server, each by a step of its own (change.h). `done` is the text
// that table form prints when all have it.
Status ChangeKv(Context& context, const KvChange& change, const std::string& done);

}  // namespace comet::cli
