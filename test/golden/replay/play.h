#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test/golden/golden_frames.h"
#include "test/golden/replay/raw_peer.h"

namespace comet::golden {

// One recorded connection of a hand-made scenario, and how the same went with our servers.
struct Conversation {
  std::string scenario;
  std::vector<GoldenFrame> requests;
  std::vector<GoldenFrame> recorded;  // what Apache's servers sent
  std::vector<Reply> replies;         // what ours sent
  bool closed = false;                // by our server, before the peer had ended

  const GoldenFrame* RecordedReply(std::int32_t opaque) const;
  const Reply* ReplyTo(std::int32_t opaque) const;
};

// All scenarios of raw-4.9.7 or raw-5.3.3, played once and in the recorded order against servers
// that are gone when this returns. Played at the first call; later ones see the same.
const std::vector<Conversation>& PlayOf(const std::string& version);

std::vector<const Conversation*> ConversationsOf(const std::string& version,
                                                 std::string_view scenario);

// Names and codes of their first requests, in recorded order; this plays nothing.
std::vector<std::pair<std::string, std::int32_t>> ScenariosOf(const std::string& version);

}  // namespace comet::golden
