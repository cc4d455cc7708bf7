#include "floor_request.h"

#include <charconv>
#include <concepts>
#include <vector>

#include <nlohmann/json.hpp>

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"

namespace comet::bench {
namespace {

struct ExtField {
  std::string_view name, value;
};
using ExtFields = std::vector<ExtField>;

bool Parse(std::string_view text, std::string_view* value) {
  *value = text;
  return true;
}
bool Parse(std::string_view text, bool* value) {
  *value = text == "true";
  return *value || text == "false";
}
template <std::integral Int>
bool Parse(std::string_view text, Int* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

// A field of the request, as a broker needs it: named, in two spellings, and checked.
struct Row {
  std::string_view name, letter;
  bool (*parse)(std::string_view text, Request* request);
};
template <auto kMember>
constexpr Row MakeRow(std::string_view name, std::string_view letter) {
  return {name, letter, [](std::string_view text, Request* request) {
            return Parse(text, &(request->*kMember));
          }};
}
constexpr std::array kRows = {
    MakeRow<&Request::producer_group>("producerGroup", "a"),
    MakeRow<&Request::topic>("topic", "b"),
    MakeRow<&Request::default_topic>("defaultTopic", "c"),
    MakeRow<&Request::default_queues>("defaultTopicQueueNums", "d"),
    MakeRow<&Request::queue_id>("queueId", "e"),
    MakeRow<&Request::sys_flag>("sysFlag", "f"),
    MakeRow<&Request::born_ms>("bornTimestamp", "g"),
    MakeRow<&Request::flag>("flag", "h"),
    MakeRow<&Request::properties>("properties", "i"),
    MakeRow<&Request::reconsume_times>("reconsumeTimes", "j"),
    MakeRow<&Request::unit_mode>("unitMode", "k"),
    MakeRow<&Request::batch>("batch", "m"),
};
constexpr std::uint64_t kRequired = 0xff;  // the first eight

// Fields come in the order of the rows, so the search begins after the last match.
void DecodeFields(const ExtFields& fields, Request* request) {
  std::uint64_t seen = 0;
  std::size_t next = 0;
  for (const auto& [name, value] : fields) {
    for (std::size_t step = 0; step < kRows.size(); ++step) {
      const std::size_t i = (next + step) % kRows.size();
      if (name != kRows[i].letter && name != kRows[i].name) continue;
      COMET_CHECK(kRows[i].parse(value, request));
      seen |= std::uint64_t{1} << i;
      next = i + 1;
      break;
    }
  }
  COMET_CHECK_EQ(seen & kRequired, kRequired);
}

// code 2, language 1, version 2, opaque 4, flag 4, remark and ext fields with their lengths.
void ParseBinary(std::string_view header, Request* request, ExtFields* fields) {
  const char* at = header.data();
  request->opaque = GetI32(at + 5);
  at += 17 + GetI32(at + 13);
  const char* const end = at + 4 + GetI32(at);
  for (at += 4; at < end;) {
    const std::string_view name(at + 2, static_cast<std::size_t>(GetI16(at)));
    at += 2 + name.size();
    const std::string_view value(at + 4, static_cast<std::size_t>(GetI32(at)));
    at += 4 + value.size();
    fields->push_back({name, value});
  }
}

// One object with one object of strings in it, as clients write it; escapes stay.
class JsonScanner {
 public:
  JsonScanner(std::string_view text, ExtFields* fields) : at_(text.data() + 1), fields_(fields) {}

  void Scan(Request* request) {
    while (*at_ != '}') {
      const std::string_view name = String();
      ++at_;
      if (*at_ == '{') {
        Fields();
      } else if (*at_ == '"') {
        String();
      } else {
        const char* const begin = at_;
        while (*at_ != ',' && *at_ != '}') ++at_;
        if (name == "opaque") std::from_chars(begin, at_, request->opaque);
      }
      if (*at_ == ',') ++at_;
    }
  }

 private:
  void Fields() {
    for (++at_; *at_ != '}';) {
      const std::string_view name = String();
      ++at_;
      fields_->push_back({name, String()});
      if (*at_ == ',') ++at_;
    }
    ++at_;
  }
  std::string_view String() {
    const char* const begin = ++at_;
    for (; *at_ != '"'; ++at_) {
      if (*at_ == '\\') ++at_;
    }
    return {begin, static_cast<std::size_t>(at_++ - begin)};
  }

  const char* at_;
  ExtFields* const fields_;
};

void ParseDocument(std::string_view header, Request* request) {
  const auto document = nlohmann::json::parse(header.begin(), header.end());
  const auto& fields = document["extFields"];
  request->opaque = document["opaque"];
  request->owned = {fields["b"], fields["i"]};
  request->topic = request->owned[0];
  request->properties = request->owned[1];
  COMET_CHECK(Parse(fields["e"].get_ref<const std::string&>(), &request->queue_id));
}

void AppendFrameLengths(std::size_t at, std::string* out) {
  const auto header_bytes = static_cast<std::int32_t>(out->size() - at - 8);
  PutI32(out->data() + at, header_bytes + 4);
  PutI32(out->data() + at + 4, header_bytes);
}

constexpr std::string_view kMessageId = "7F00000100002A9F00000000000A1B2C";

void AppendWrittenReply(const Request& request, std::int64_t queue_offset, std::string* out) {
  char number[24];
  const auto text = [&](auto value) {
    return std::string_view(number, std::to_chars(number, number + sizeof(number), value).ptr);
  };
  const std::size_t at = out->size();
  out->append(8, '\0');
  out->append(R"({"code":0,"flag":1,"language":"CPP","opaque":)").append(text(request.opaque));
  out->append(R"(,"version":475,"extFields":{"msgId":")").append(kMessageId);
  out->append(R"(","queueId":"3","queueOffset":")").append(text(queue_offset)).append("\"}}");
  AppendFrameLengths(at, out);
}

void AppendDocumentReply(const Request& request, std::int64_t queue_offset, std::string* out) {
  const nlohmann::json reply = {
      {"code", 0},
      {"flag", 1},
      {"language", "CPP"},
      {"opaque", request.opaque},
      {"version", 475},
      {"extFields",
       {{"msgId", kMessageId}, {"queueId", "3"}, {"queueOffset", std::to_string(queue_offset)}}}};
  const std::size_t at = out->size();
  out->append(8, '\0').append(reply.dump());
  AppendFrameLengths(at, out);
}

}  // namespace

void ParseRequest(HeaderMode mode, std::string_view header, Request* request) {
  if (mode == HeaderMode::kJsonDocument) {
    ParseDocument(header, request);
    return;
  }
  static thread_local ExtFields fields;  // keeps its memory
  fields.clear();
  if (mode == HeaderMode::kBinary) {
    ParseBinary(header, request, &fields);
  } else {
    JsonScanner(header, &fields).Scan(request);
  }
  DecodeFields(fields, request);
}

void AppendReply(HeaderMode mode, const Request& request, std::int64_t queue_offset,
                 std::string* out) {
  if (mode == HeaderMode::kJsonDocument) {
    AppendDocumentReply(request, queue_offset, out);
  } else {
    AppendWrittenReply(request, queue_offset, out);
  }
}

}  // namespace comet::bench
