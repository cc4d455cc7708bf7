#include "test/golden/replay/play.h"

#include <algorithm>
#include <map>

#include "test/golden/replay/world.h"

namespace comet::golden {
namespace {

std::vector<Conversation> ReadConversations(const std::string& version) {
  std::vector<Conversation> all;
  for (const auto& frame : ReadGoldenFrames("raw-" + version)) {
    const bool same = !all.empty() && all.back().requests.front().connection == frame.connection;
    if (!same) {
      all.emplace_back();
      all.back().scenario = frame.scenario;
    }
    (frame.to_server ? all.back().requests : all.back().recorded).push_back(frame);
  }
  return all;
}

bool IsAnswered(const GoldenFrame& request) {
  return !request.broken && (request.flag & wire::kFlagOneway) == 0;
}

// Reads until the reply to `request` is there; others that come before it are kept too.
void AwaitReply(const GoldenFrame& request, RawPeer* peer, Conversation* talk) {
  while (talk->ReplyTo(request.opaque) == nullptr) {
    auto reply = peer->Receive();
    if (!reply) return;
    talk->replies.push_back(*std::move(reply));
  }
}

void Speak(const World& world, Conversation* talk) {
  RawPeer peer(world.PortOf(talk->requests.front().peer));
  bool broken = false;
  for (const auto& request : talk->requests) {
    peer.Send(world.Translate(request));
    broken = broken || request.broken;
    if (IsAnswered(request)) AwaitReply(request, &peer, talk);
  }
  const auto missing = [&] {
    return talk->replies.size() < talk->recorded.size();
  };
  for (bool more = true; more && missing();) {
    auto reply = peer.Receive();
    more = reply.has_value();
    if (more) talk->replies.push_back(*std::move(reply));
  }
  // What was never recorded must not come either; after a broken frame the server ends it.
  if (!broken) peer.EndOfRequests();
  while (auto reply = peer.Receive()) talk->replies.push_back(*std::move(reply));
  talk->closed = broken && peer.closed();
}

std::vector<Conversation> Play(const std::string& version) {
  auto all = ReadConversations(version);
  const World world(version);
  for (auto& talk : all) Speak(world, &talk);
  return all;
}

}  // namespace

const GoldenFrame* Conversation::RecordedReply(std::int32_t opaque) const {
  const auto found = std::ranges::find_if(
      recorded, [&](const auto& frame) { return frame.is_reply() && frame.opaque == opaque; });
  return found == recorded.end() ? nullptr : &*found;
}

const Reply* Conversation::ReplyTo(std::int32_t opaque) const {
  const auto found = std::ranges::find_if(
      replies, [&](const auto& reply) { return reply.is_reply() && reply.opaque == opaque; });
  return found == replies.end() ? nullptr : &*found;
}

const std::vector<Conversation>& PlayOf(const std::string& version) {
  static std::map<std::string, std::vector<Conversation>> plays;
  const auto known = plays.find(version);
  return known != plays.end() ? known->second : plays.emplace(version, Play(version)).first->second;
}

std::vector<const Conversation*> ConversationsOf(const std::string& version,
                                                 std::string_view scenario) {
  std::vector<const Conversation*> found;
  for (const auto& talk : PlayOf(version)) {
    if (talk.scenario == scenario) found.push_back(&talk);
  }
  return found;
}

std::vector<std::pair<std::string, std::int32_t>> ScenariosOf(const std::string& version) {
  std::vector<std::pair<std::string, std::int32_t>> all;
  for (const auto& talk : ReadConversations(version)) {
    if (all.empty() || all.back().first != talk.scenario) {
      all.emplace_back(talk.scenario, talk.requests.front().code);
    }
  }
  return all;
}

}  // namespace comet::golden
