#include "console/cli/commands.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "console/cli/commands/all.h"

namespace comet::cli {
namespace {

const std::array kCommands{
    kUpdateTopic, kDeleteTopic,  kUpdateSubGroup,  kUpdateBrokerConfig, kTopicRoute,
    kTopicStatus, kQueryMsgById, kQueryMsgByKey,   kQueryMsgByOffset,   kConsumerProgress,
    kClusterList, kTopicList,    kGetBrokerConfig, kSendMessage,        kConsumeMessage};

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Insertions, deletions and replacements that turn `a` into `b`.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Command> Commands() {
  return kCommands;
}

const Command* FindCommand(std::string_view name) {
  const auto at = std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& command) {
    return Lower(command.name) == Lower(name);
  });
  return at == kCommands.end() ? nullptr : &*at;
}

const Command* NearestCommand(std::string_view name) {
  const Command* nearest = nullptr;
  std::size_t least = 4;  // further apart is no typing error
  for (const Command& command : kCommands) {
    const std::size_t distance = EditDistance(Lower(command.name), Lower(name));
    if (distance < least) {
      least = distance;
      nearest = &command;
    }
  }
  return nearest;
}

}  // namespace comet::cli
