#include "console/cli/message_text.h"

#include <chrono>
#include <cstdint>

#include "console/cli/config_text.h"
#include "console/cli/table.h"
#include "remoting/base/enum_names.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"

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

// Text and JSON of what groups have done with it.
Cell Tracks(Context& context, const MessageView& message) {
  const auto tracks = client::TrackMessage(context.admin, message);
  if (!tracks.ok()) {
    context.Complain(tracks.error());
    return {"\n", Json()};
  }
  std::string text = tracks->empty() ? "\n\nWARN: No Consumer\n" : "\n\n";
  Json::Array list;
  for (const client::MessageTrack& track : *tracks) {
    text += Concat("MessageTrack [consumerGroup=", track.group, ", trackType=", track.type,
                   ", exceptionDesc=", track.trouble.value_or("null"), "]\n");
    list.push_back(
        Record({{"consumerGroup", track.group},
                {"trackType", track.type},
                {"exceptionDesc", track.trouble ? Cell(*track.trouble) : Cell("", Json())}}));
  }
  return {std::move(text), Json(std::move(list))};
}

}  // namespace

Status PrintMessage(Context& context, const client::StoredMessage& message, bool show_body) {
  const MessageView& view = message.view;
  COMET_ASSIGN(const std::string path, WriteBody(view));
  std::string text;
  Json::Object object;
  const auto line = [&](std::string_view name, std::string_view json_name, const Cell& value) {
    text += Row("%-20s %s\n", {std::string(name), value.text});
    object.push_back({Json(std::string(json_name)), value.value});
  };
  const std::string tag(view.tag());
  const std::string keys(view.keys());
  line("OffsetID:", "offsetMsgId", view.offset_id());
  line("Topic:", "topic", view.topic());
  line("Tags:", "tags", Cell(Concat("[", OrNull(tag), "]"), Json(tag)));
  line("Keys:", "keys", Cell(Concat("[", OrNull(keys), "]"), Json(keys)));
  line("Queue ID:", "queueId", view.queue().id);
  line("Queue Offset:", "queueOffset", view.queue_offset());
  line("CommitLog Offset:", "commitLogOffset", view.commit_log_offset());
  line("Reconsume Times:", "reconsumeTimes", view.retry_count());
  line("Born Timestamp:", "bornTimestamp", MomentMs(EpochMs(view.born_time())));
  line("Store Timestamp:", "storeTimestamp", MomentMs(EpochMs(view.store_time())));
  line("Born Host:", "bornHost", view.born_host());
  line("Store Host:", "storeHost", view.store_host());
  line("System Flag:", "sysFlag", view.sys_flag());
  line("Properties:", "properties", Cell(TextOf(view.properties()), StringMap(view.properties())));
  line("Message Body Path:", "bodyPath", path);
  if (show_body) line("Message Body:", "body", view.body());
  const Cell tracks = Tracks(context, view);
  object.push_back({Json(std::string("tracks")), tracks.value});
  context.out.Append("", Json(std::move(object)), text + tracks.text);
  return {};
}

Status CheckBodyFormat(const Arguments& arguments) {
  const std::string format = arguments.TextOr("bodyFormat", "UTF-8");
  if (EqualIgnoringCase(format, "UTF-8")) return {};
  return Status(Status::Code::kInvalid, Concat("--bodyFormat must be UTF-8, not ", format));
}

Cell MessageLine(const client::StoredMessage& message) {
  const MessageView& view = message.view;
  const std::string body(view.body());
  std::string bytes;
  for (const char c : body) {
    bytes += Concat(bytes.empty() ? "" : ", ", int{static_cast<signed char>(c)});
  }
  std::string line =
      Concat("MSGID: ", view.id(), " MessageExt [brokerName=", view.queue().broker,
             ", queueId=", view.queue().id, ", storeSize=", message.record_bytes,
             ", queueOffset=", view.queue_offset(), ", sysFlag=", view.sys_flag(),
             ", bornTimestamp=", EpochMs(view.born_time()), ", bornHost=/", view.born_host(),
             ", storeTimestamp=", EpochMs(view.store_time()), ", storeHost=/", view.store_host(),
             ", msgId=", view.offset_id(), ", commitLogOffset=", view.commit_log_offset(),
             ", bodyCRC=", view.body_crc(), ", reconsumeTimes=", view.retry_count(),
             ", preparedTransactionOffset=", message.prepared_offset,
             ", toString()=Message{topic='", view.topic(), "', flag=", view.flag(),
             ", properties=", TextOf(view.properties()), ", body=[", bytes, "], transactionId='",
             view.property("__transactionId__").value_or("null"), "'}] BODY: ", body, "\n");
  return {std::move(line), Record({{"msgId", view.id()},
                                   {"offsetMsgId", view.offset_id()},
                                   {"topic", view.topic()},
                                   {"brokerName", view.queue().broker},
                                   {"queueId", view.queue().id},
                                   {"queueOffset", view.queue_offset()},
                                   {"commitLogOffset", view.commit_log_offset()},
                                   {"storeSize", message.record_bytes},
                                   {"bornTimestamp", EpochMs(view.born_time())},
                                   {"storeTimestamp", EpochMs(view.store_time())},
                                   {"bornHost", view.born_host()},
                                   {"storeHost", view.store_host()},
                                   {"sysFlag", view.sys_flag()},
                                   {"reconsumeTimes", view.retry_count()},
                                   {"properties", Cell("", StringMap(view.properties()))},
                                   {"body", body}})};
}

}  // namespace comet::cli
