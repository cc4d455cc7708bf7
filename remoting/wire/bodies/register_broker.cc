#include "remoting/wire/bodies/register_broker.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "remoting/base/bytes.h"
#include "remoting/base/crc32.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/limits.h"
#include "remoting/base/text.h"

namespace comet::wire {
namespace {

constexpr char kZlibFirstByte = 0x78;
constexpr int kCompressionLevel = 9;

Status Corrupt(std::string_view why) {
  return {Status::Code::kCorruption, Concat("compressed broker registration: ", why)};
}

StatusOr<std::string> Inflate(std::string_view body) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return Corrupt("zlib cannot start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));  // NOLINT: only read
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  std::array<char, 64 << 10> block;
  int result = Z_OK;
  while (result == Z_OK && out.size() <= limits::kInflatedBytesMax) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = block.size();
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (out.size() > limits::kInflatedBytesMax) return Corrupt("too large");
  if (result != Z_STREAM_END) return Corrupt("not a complete zlib stream");
  return out;
}

// Length-prefixed texts; a negative length reads as one beyond the end.
std::string_view ReadText(ByteReader* reader) {
  return reader->ReadBytes(reader->Read<std::uint32_t>());
}

std::string_view TakeWord(std::string_view* text) {
  const auto end = std::min(text->find(' '), text->size());
  const auto word = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  return word;
}

// name readQueues writeQueues perm filterType [attributes]
bool ReadTopic(std::string_view text, TopicConfig* topic) {
  topic->name = TakeWord(&text);
  const auto reads = ParseNumber<std::int32_t>(TakeWord(&text));
  const auto writes = ParseNumber<std::int32_t>(TakeWord(&text));
  const auto perm = ParseNumber<std::int32_t>(TakeWord(&text));
  const auto filter_type = EnumOf<TopicFilterType>(TakeWord(&text));
  if (topic->name.empty() || !reads || !writes || !perm || !filter_type) return false;
  topic->read_queues = *reads;
  topic->write_queues = *writes;
  topic->perm = *perm;
  topic->filter_type = *filter_type;
  const auto attributes = ParseJson(text);
  json::Trouble ignored;  // as Java: attributes that cannot be read are left out
  if (attributes.ok()) json::Read(*attributes, &topic->attributes, &ignored);
  return true;
}

Status ReadTopics(ByteReader* reader, TopicConfigTable* table) {
  const auto count = reader->Read<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader->ok(); ++i) {
    TopicConfig topic;
    const auto text = ReadText(reader);
    if (!reader->ok()) break;
    if (!ReadTopic(text, &topic)) return Corrupt(Concat("malformed topic ", i));
    auto name = topic.name;
    table->topics.insert_or_assign(std::move(name), std::move(topic));
  }
  return {};
}

// The section of 5.x brokers: TopicQueueMappingInfo objects, kept by topic.
Status ReadMappings(ByteReader* reader, Json* infos) {
  Json::Object table;
  const auto count = reader->Read<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader->ok(); ++i) {
    COMET_ASSIGN(auto info, ParseJson(ReadText(reader)));
    const Json* topic = info.Find("topic");
    if (topic == nullptr || topic->AsString() == nullptr) return Corrupt("mapping without a topic");
    Json name = *topic;
    table.push_back({std::move(name), std::move(info)});
  }
  *infos = Json(std::move(table));
  return {};
}

StatusOr<RegisterBrokerBody> ReadInflated(std::string_view bytes) {
  RegisterBrokerBody body;
  ByteReader reader(bytes);
  COMET_ASSIGN(body.topics.data_version, FromJson<DataVersion>(ReadText(&reader)));
  COMET_TRY(ReadTopics(&reader, &body.topics));
  COMET_ASSIGN(const Json servers, ParseJson(ReadText(&reader)));
  json::Trouble trouble;
  if (!json::Read(servers, &body.filter_servers, &trouble)) return trouble.ToStatus();
  if (!reader.rest().empty()) COMET_TRY(ReadMappings(&reader, &body.topics.mapping_infos));
  if (!reader.ok()) return Corrupt("ends within a value");
  return body;
}

void AppendTextField(std::string* out, std::string_view text) {
  AppendBigEndian(out, static_cast<std::int32_t>(text.size()));
  out->append(text);
}

std::string Uncompressed(const RegisterBrokerBody& body, bool with_mappings) {
  std::string out;
  AppendTextField(&out, ToJson(body.topics.data_version));
  AppendBigEndian(&out, static_cast<std::int32_t>(body.topics.topics.size()));
  for (const auto& [name, topic] : body.topics.topics) {
    std::string text = Concat(name, ' ', topic.read_queues, ' ', topic.write_queues, ' ',
                              topic.perm, ' ', EnumName(topic.filter_type), ' ');
    json::Write(&text, topic.attributes, JsonStyle::kFastjson);
    AppendTextField(&out, text);
  }
  std::string servers;
  json::Write(&servers, body.filter_servers, JsonStyle::kFastjson);
  AppendTextField(&out, servers);
  if (!with_mappings) return out;
  const auto* mappings = body.topics.mapping_infos.AsObject();
  AppendBigEndian(&out, static_cast<std::int32_t>(mappings == nullptr ? 0 : mappings->size()));
  for (const auto& [topic, info] : mappings == nullptr ? Json::Object() : *mappings) {
    std::string text;
    AppendJson(&text, info, JsonStyle::kFastjson);
    AppendTextField(&out, text);
  }
  return out;
}

}  // namespace

StatusOr<RegisterBrokerBody> DecodeRegisterBroker(std::string_view body, bool compressed,
                                                  std::int32_t crc32) {
  if (crc32 != 0 && crc32 != BodyCrc32(body)) {
    return Status(Status::Code::kCorruption, "crc32 not match");
  }
  if (body.empty()) return RegisterBrokerBody();
  if (!compressed && body.front() != kZlibFirstByte) return FromJson<RegisterBrokerBody>(body);
  COMET_ASSIGN(const auto bytes, Inflate(body));
  return ReadInflated(bytes);
}

std::string CompressRegisterBroker(const RegisterBrokerBody& body, bool with_mappings) {
  const std::string plain = Uncompressed(body, with_mappings);
  uLongf size = compressBound(plain.size());
  std::string out(size, '\0');
  const int result =
      compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(plain.data()), plain.size(), kCompressionLevel);
  COMET_CHECK_EQ(result, Z_OK);  // the bound leaves no other way to fail but memory
  out.resize(size);
  return out;
}

}  // namespace comet::wire
