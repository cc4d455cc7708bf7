#include "console/bench/frames.h"

#include <cstdio>
#include <cstring>

#include "remoting/base/bytes.h"
#include "remoting/base/clock.h"
#include "remoting/base/text.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/send_message.h"
#include "remoting/wire/requests/update_topic.h"

namespace comet::bench {
namespace {

constexpr std::string_view kGroup = "mqbench";
constexpr std::string_view kUniqueKeyStem = "7F0000010B6C18B4AAC2";  // then 12 digits
constexpr std::string_view kUniqueKeyEnd = "000000000000";
constexpr std::size_t kStampBytes = 8;

wire::Head RequestHead(const Options& options, std::int32_t code, std::uint32_t slot) {
  wire::Head head;
  head.form = options.header;
  head.code = code;
  head.language = wire::kClientLanguage;
  head.opaque = OpaqueOf(slot);
  return head;
}

std::string PropertiesOf(const Options& options) {
  return Concat("UNIQ_KEY\x01", kUniqueKeyStem, kUniqueKeyEnd, "\x02WAIT\x01", options.wait_stored,
                "\x02TAGS\x01TagA\x02");
}

void PutHex12(char* to, std::uint64_t number) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (int i = 11; i >= 0; --i) {
    to[i] = kDigits[number & 15];
    number >>= 4;
  }
}

std::string BodyOf(const Options& options) {
  const std::string body(static_cast<std::size_t>(options.body_bytes), 'x');
  if (options.batch <= 1) return body;
  std::string batch;
  const std::string properties = PropertiesOf(options);
  for (int i = 0; i < options.batch; ++i) {
    wire::AppendBatchElement({.flag = 0, .body = body, .properties = properties}, &batch);
  }
  return batch;
}

}  // namespace

std::string TopicName(const Options& options, int index) {
  return options.topics == 1 ? options.topic : Concat(options.topic, "-", index);
}

FrameTemplate FrameTemplate::Send(const Options& options, const std::string& topic, int queue_id) {
  const bool batch = options.batch > 1;
  wire::SendMessage::Header header;
  header.producer_group = kGroup;
  header.topic = topic;
  header.default_topic = "TBW102";
  header.default_topic_queues = options.queues;
  header.queue_id = queue_id;
  header.born_ms = SystemClock().WallNow();
  header.batch = batch;
  const std::string properties =
      batch ? Concat("WAIT\x01", options.wait_stored, "\x02") : PropertiesOf(options);
  header.properties = properties;

  FrameTemplate result;
  result.binary_ = options.header == wire::HeaderForm::kBinary;
  const std::string body = BodyOf(options);
  wire::AppendFrame(RequestHead(options, batch ? 320 : 310, 0), header, body, &result.frame_,
                    wire::Spelling::kShort);

  std::string& frame = result.frame_;
  result.opaque_at_ = result.binary_
                          ? wire::kFramePrefixBytes + 5  // behind code, language and version
                          : frame.find(Concat(kOpaqueBase));
  for (auto at = frame.find(kUniqueKeyStem); at != std::string::npos;
       at = frame.find(kUniqueKeyStem, at + 1)) {
    result.keys_at_.push_back(at + kUniqueKeyStem.size());
  }
  if (static_cast<std::size_t>(options.body_bytes) >= kStampBytes) {
    const std::string text(static_cast<std::size_t>(options.body_bytes), 'x');
    for (auto at = frame.find(text, frame.size() - body.size()); at != std::string::npos;
         at = frame.find(text, at + text.size())) {
      result.stamps_at_.push_back(at);
    }
  }
  return result;
}

void FrameTemplate::Append(std::uint32_t slot, std::uint64_t number, std::int64_t stamp_ns,
                           std::string* out) {
  if (binary_) {
    comet::PutI32(frame_.data() + opaque_at_, OpaqueOf(slot));
  } else {
    std::to_chars(frame_.data() + opaque_at_, frame_.data() + opaque_at_ + 10, OpaqueOf(slot));
  }
  for (const std::size_t at : keys_at_) PutHex12(frame_.data() + at, number++);
  for (const std::size_t at : stamps_at_) comet::PutI64(frame_.data() + at, stamp_ns);
  out->append(frame_);
}

void AppendPull(const Options& options, std::string_view topic, int queue_id, std::int64_t offset,
                std::uint32_t slot, std::string* out) {
  constexpr std::int32_t kSuspend = 2;       // wait when there is nothing
  constexpr std::int32_t kSubscription = 4;  // the filter comes with the request
  wire::PullMessage::Header header;
  header.consumer_group = kGroup;
  header.topic = topic;
  header.queue_id = queue_id;
  header.queue_offset = offset;
  header.max_messages = options.mode == Mode::kPull ? options.batch : 32;
  // In pull mode the end of a queue is the sign to begin again.
  header.sys_flag = kSubscription | (options.mode == Mode::kPull ? 0 : kSuspend);
  header.suspend_timeout_ms = 15000;
  header.subscription = "*";
  header.expression_type = "TAG";
  wire::AppendFrame(RequestHead(options, 11, slot), header, {}, out);
}

void AppendGetMaxOffset(const Options& options, std::string_view topic, int queue_id,
                        std::uint32_t slot, std::string* out) {
  wire::GetMaxOffset::Header header;
  header.topic = topic;
  header.queue_id = queue_id;
  wire::AppendFrame(RequestHead(options, 30, slot), header, {}, out);
}

void AppendCreateTopic(const Options& options, std::string_view topic, std::string* out) {
  wire::UpdateTopic::Header header;
  header.topic = topic;
  header.default_topic = "TBW102";
  header.read_queues = options.queues;
  header.write_queues = options.queues;
  header.perm = 6;
  header.filter_type = "SINGLE_TAG";
  wire::AppendFrame(RequestHead(options, 17, 0), header, {}, out);
}

}  // namespace comet::bench
