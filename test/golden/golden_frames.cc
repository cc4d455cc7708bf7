#include "test/golden/golden_frames.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"
#include "remoting/base/text.h"

namespace comet::golden {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kSuffix = ".jsonl.gz";

fs::path Root() {
  return fs::path(COMET_SOURCE_DIR) / "test" / "golden" / "frames";
}

std::string Unzip(const fs::path& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  COMET_CHECK(file != nullptr);
  std::string text;
  char buffer[1 << 16];
  int got = 0;
  while ((got = gzread(file, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  COMET_CHECK_EQ(got, 0);
  COMET_CHECK_EQ(gzclose(file), Z_OK);
  return text;
}

std::string Unhex(const json& value) {
  if (value.is_null()) return {};
  const auto& hex = value.get_ref<const std::string&>();
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  const auto digit = [](char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
  };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return bytes;
}

void ReadDecoded(const json& line, GoldenFrame* frame) {
  frame->code = line.at("code");
  frame->language = line.at("language");
  frame->version = line.at("version");
  frame->opaque = line.at("opaque");
  frame->flag = line.at("flag");
  if (const auto& remark = line.at("remark"); !remark.is_null()) frame->remark = remark;
  const auto& ext = line.at("ext");
  if (ext.is_null()) return;
  frame->ext.emplace();
  for (const auto& [key, value] : ext.items()) {
    if (value.is_null()) continue;
    frame->ext->emplace(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

GoldenFrame ReadLine(const std::string& file, const json& line) {
  GoldenFrame frame;
  frame.file = file;
  frame.n = line.at("n");
  frame.scenario = line.at("scenario");
  frame.connection = line.at("conn");
  frame.peer = line.at("peer");
  frame.to_server = line.at("dir") == "c2s";
  frame.broken = line.contains("decode_error");
  frame.omitted_body_bytes = line.value("body_omitted", std::size_t{0});
  frame.header_type = line.at("header_type");
  frame.header = Unhex(line.at("header_hex"));
  frame.body = Unhex(line.at("body_hex"));
  if (!frame.broken) ReadDecoded(line, &frame);
  return frame;
}

}  // namespace

std::string GoldenFrame::Bytes() const {
  std::string bytes;
  AppendBigEndian(&bytes, static_cast<std::uint32_t>(4 + header.size() + body.size()));
  AppendBigEndian(&bytes, static_cast<std::uint32_t>(header_type) << 24 |
                              static_cast<std::uint32_t>(header.size()));
  return bytes + header + body;
}

std::string GoldenFrame::Name() const {
  return Concat(file, ":", n);
}

std::vector<std::string> GoldenFiles(const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(Root())) {
    std::string name = fs::relative(entry.path(), Root()).generic_string();
    if (!name.ends_with(kSuffix) || !name.starts_with(prefix)) continue;
    name.resize(name.size() - kSuffix.size());
    names.push_back(std::move(name));
  }
  COMET_CHECK(!names.empty());
  std::ranges::sort(names);
  return names;
}

std::vector<GoldenFrame> ReadGoldenFrames(const std::string& file) {
  const std::string text = Unzip(Root() / (file + std::string(kSuffix)));
  std::vector<GoldenFrame> frames;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    frames.push_back(ReadLine(file, json::parse(text.substr(at, end - at))));
    at = end + 1;
  }
  return frames;
}

GoldenHaStream ReadGoldenHaStream(const std::string& version) {
  const fs::path folder = Root() / ("slave-" + version);
  const std::string bytes = Unzip(folder / "ha-stream.bin.gz");
  GoldenHaStream stream;
  for (const auto& read : json::parse(Unzip(folder / "ha-stream.segments.json.gz"))) {
    std::string& to = read.at("dir") == "c2s" ? stream.to_master : stream.to_slave;
    to.append(bytes, read.at("offset"), read.at("length"));
  }
  return stream;
}

}  // namespace comet::golden
