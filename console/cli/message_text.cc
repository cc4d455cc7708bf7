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

void PrintTracks(Context& context, const MessageView& message) {
  const auto tracks = client::TrackMessage(context.admin, message);
  if (!tracks.ok()) {
    context.out << '\n';
    context.Complain(tracks.error());
    return;
  }
  context.out << "\n\n";
  if (tracks->empty()) context.out << "WARN: No Consumer\n";
  for (const client::MessageTrack& track : *tracks) {
    context.out << "MessageTrack [consumerGroup=" << track.group << ", trackType=" << track.type
                << ", exceptionDesc=" << track.trouble.value_or("null") << "]\n";
  }
}

}  // namespace

Status PrintMessage(Context& context, const client::StoredMessage& message, bool show_body) {
  const MessageView& view = message.view;
  COMET_ASSIGN(const std::string path, WriteBody(view));
  const auto line = [&](std::string_view name, const std::string& value) {
    context.out << Row("%-20s %s\n", {std::string(name), value});
  };
  line("OffsetID:", view.offset_id());
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
  if (show_body) line("Message Body:", std::string(view.body()));
  PrintTracks(context, view);
  return {};
}

Status CheckBodyFormat(const Arguments& arguments) {
  const std::string format = arguments.TextOr("bodyFormat", "UTF-8");
  if (EqualIgnoringCase(format, "UTF-8")) return {};
  return Status(Status::Code::kInvalid, Concat("--bodyFormat must be UTF-8, not ", format));
}

std::string MessageLine(const client::StoredMessage& message) {
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
                view.property("__transactionId__").value_or("null"), "'}] BODY: ", body, "\n");
}

}  // namespace comet::cli
