#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "remoting/wire/header.h"

namespace comet::golden {

// One frame recorded between unmodified RocketMQ peers. README.md says what each file holds.
struct GoldenFrame {
  std::string file;  // "java-5.3.3-json/send"
  int n = 0;         // line of the file
  std::string scenario;
  int connection = 0;
  std::string peer;        // "ns", "broker", "vip": what was dialled
  bool to_server = false;  // from the dialling side
  bool broken = false;     // sent to see it refused; the decoded members are empty then
  std::size_t omitted_body_bytes = 0;

  std::uint8_t header_type = 0;
  std::string header;
  std::string body;

  // What the recorder decoded.
  std::int32_t code = 0;
  std::string language;
  std::int32_t version = 0;
  std::int32_t opaque = 0;
  std::int32_t flag = 0;
  std::optional<std::string> remark;
  std::optional<std::map<std::string, std::string>> ext;

  bool is_reply() const { return (flag & wire::kFlagReply) != 0; }
  std::string Bytes() const;  // the whole frame as it was on the wire
  std::string Name() const;   // "java-5.3.3-json/send:17", for messages of a test
};

// The names of all recordings, and of those whose name begins with `prefix`.
std::vector<std::string> GoldenFiles(const std::string& prefix = "");

// The frames of one, in order of arrival. Aborts when it cannot be read: a test without its
// data proves nothing.
std::vector<GoldenFrame> ReadGoldenFrames(const std::string& file);

// The replication stream between a slave and its master, each direction as one sequence of bytes.
struct GoldenHaStream {
  std::string to_slave;   // headers and pieces of the log
  std::string to_master;  // reports
};
GoldenHaStream ReadGoldenHaStream(const std::string& version);  // "4.9.7", "5.3.3"

// Calls fn(frame) for every frame of every file.
template <class Fn>
void ForEachGoldenFrame(Fn&& fn) {
  for (const auto& file : GoldenFiles()) {
    for (const auto& frame : ReadGoldenFrames(file)) fn(frame);
  }
}

}  // namespace comet::golden
