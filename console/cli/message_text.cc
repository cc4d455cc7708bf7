#include "console/cli/message_text.h"

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "console/cli/config_text.h"
#include "console/cli/output.h"
#include "console/cli/table.h"
#include "remoting/base/enum_names.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "remoting/base/utf8.h"

namespace comet::cli {
namespace {

constexpr std::string_view kBodyDirectory = "/tmp/rocketmq/msgbodys";

std::int64_t EpochMs(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string OrNull(std::string_view text) {
  return text.empty() ? "null" : std::string(text);
}

// The name is an id the broker gave: hexadecimal digits.
StatusOr<std::string> WriteBody(const MessageView& message) {
  PosixFileSystem fs;
  const std::string path = Concat(kBodyDirectory, "/", message.offset_id());
  COMET_TRY(fs.MakeDirectories(std::string(kBodyDirectory)));
  COMET_TRY(WriteFileAtomically(fs, path, message.body()));
  return path;
}

std::string TrackLine(const client::MessageTrack& track) {
  return Concat("MessageTrack [consumerGroup=", track.group, ", trackType=", track.type,
                ", exceptionDesc=", track.trouble.value_or("null"), "]\n");
}

std::string TracksText(const std::vector<client::MessageTrack>& tracks) {
  std::string text = tracks.empty() ? "\n\nWARN: No Consumer\n" : "\n\n";
  for (const client::MessageTrack& track : tracks) text += TrackLine(track);
  return text;
}

Json TracksJson(const std::vector<client::MessageTrack>& tracks) {
  Json::Array list;
  for (const client::MessageTrack& track : tracks) {
    list.push_back(
        Record({{"consumerGroup", track.group},
                {"trackType", track.type},
                {"exceptionDesc", Cell("", track.trouble ? Json(*track.trouble) : Json())}}));
  }
  return Json(std::move(list));
}

std::string Block(const MessageView& view, const MessageForm& form, const std::string& path) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += Row("%-20s %s\n", {std::string(name), value});
  };
  if (form.offset_id) line("OffsetID:", view.offset_id());
  line("Topic:", std::string(view.topic()));
  line("Tags:", Concat("[", OrNull(view.tag()), "]"));
  line("Keys:", Concat("[", OrNull(view.keys()), "]"));
  line("Queue ID:", Concat(view.queue().id));
  line("Queue Offset:", Concat(view.queue_offset()));
  line("CommitLog Offset:", Concat(view.commit_log_offset()));
  line("Reconsume Times:", Concat(view.retry_count()));
  line("Born Timestamp:", HumanTimeMs(EpochMs(view.born_time())));
  line("Store Timestamp:", HumanTimeMs(EpochMs(view.store_time())));
  line("Born Host:", view.born_host());
  line("Store Host:", view.store_host());
  line("System Flag:", Concat(view.sys_flag()));
  line("Properties:", TextOf(view.properties()));
  line("Message Body Path:", path);
  if (form.body) line("Message Body:", std::string(view.body()));
  return text;
}

bool IsUtf8(std::string_view text) {
  bool valid = true;
  for (std::size_t at = 0; at < text.size();) NextCodePoint(text, at, &valid);
  return valid;
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace

Status PrintMessage(Context& context, const client::StoredMessage& message,
                    const MessageForm& form) {
  const MessageView& view = message.view;
  std::string text;
  if (!context.out.json()) {
    COMET_ASSIGN(const std::string path, WriteBody(view));
    text = Block(view, form, path);
  }
  const auto tracks = client::TrackMessage(context.admin, view);
  if (!tracks.ok()) context.Complain(tracks.error());
  text += tracks.ok() ? TracksText(*tracks) : "\n";
  Json json = JsonOf(message);
  json.AsObject()->push_back(
      {Json(std::string("tracks")), tracks.ok() ? TracksJson(*tracks) : Json()});
  context.out.Append("", std::move(json), text);
  return {};
}

Status CheckCharset(const Arguments& arguments, std::string_view option) {
  const std::string format = arguments.TextOr(option, "UTF-8");
  if (EqualIgnoringCase(format, "UTF-8")) return {};
  return Status(Status::Code::kInvalid, Concat("--", option, " must be UTF-8, not ", format));
}

Json JsonOf(const client::StoredMessage& message) {
  const MessageView& view = message.view;
  const std::string body(view.body());
  const bool text = IsUtf8(body);
  Json::Object properties;
  for (const auto& [name, value] : view.properties()) {
    properties.push_back({Json(std::string(name)), Json(std::string(value))});
  }
  return Record({{"msgId", view.id()},
                 {"offsetMsgId", view.offset_id()},
                 {"topic", view.topic()},
                 {"tags", view.tag()},
                 {"keys", view.keys()},
                 {"brokerName", view.queue().broker},
                 {"queueId", view.queue().id},
                 {"queueOffset", view.queue_offset()},
                 {"commitLogOffset", view.commit_log_offset()},
                 {"storeSize", message.record_bytes},
                 {"reconsumeTimes", view.retry_count()},
                 {"bornTimestamp", EpochMs(view.born_time())},
                 {"storeTimestamp", EpochMs(view.store_time())},
                 {"bornHost", view.born_host()},
                 {"storeHost", view.store_host()},
                 {"sysFlag", view.sys_flag()},
                 {"flag", view.flag()},
                 {"properties", Cell("", Json(std::move(properties)))},
                 {text ? "body" : "bodyHex", text ? body : Hex(body)}});
}

std::string TextOf(const wire::MessageQueue& queue) {
  return Concat("MessageQueue [topic=", queue.topic, ", brokerName=", queue.broker_name,
                ", queueId=", queue.queue_id, "]");
}

std::string MessageLine(const client::StoredMessage& message, bool with_body) {
  const MessageView& view = message.view;
  const std::string body(view.body());
  std::string bytes;
  for (const char c : body) {
    bytes += Concat(bytes.empty() ? "" : ", ", int{static_cast<signed char>(c)});
  }
  return Concat("MSGID: ", view.id(), " MessageExt [brokerName=", view.queue().broker,
                ", queueId=", view.queue().id, ", storeSize=", message.record_bytes,
                ", queueOffset=", view.queue_offset(), ", sysFlag=", view.sys_flag(),
                ", bornTimestamp=", EpochMs(view.born_time()), ", bornHost=/", view.born_host(),
                ", storeTimestamp=", EpochMs(view.store_time()), ", storeHost=/", view.store_host(),
                ", msgId=", view.offset_id(), ", commitLogOffset=", view.commit_log_offset(),
                ", bodyCRC=", view.body_crc(), ", reconsumeTimes=", view.retry_count(),
                ", preparedTransactionOffset=", message.prepared_offset,
                ", toString()=Message{topic='", view.topic(), "', flag=", view.flag(),
                ", properties=", TextOf(view.properties()), ", body=[", bytes, "], transactionId='",
                view.property("__transactionId__").value_or("null"),
                "'}] BODY: ", with_body ? body : "NOT PRINT BODY", "\n");
}

}  // namespace comet::cli
