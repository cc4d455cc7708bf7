#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/ext_fields.h"

namespace comet::wire {

// How a header is written; the byte that follows the frame's length.
enum class HeaderForm : std::uint8_t { kJson = 0, kBinary = 1 };

// The SDK of the sender. The numbers are the bytes of the binary form.
enum class Language : std::uint8_t {
  kJava = 0,
  kCpp = 1,
  kDotnet = 2,
  kPython = 3,
  kDelphi = 4,
  kErlang = 5,
  kRuby = 6,
  kOther = 7,
  kHttp = 8,
  kGo = 9,
  kPhp = 10,
  kOms = 11,
  kRust = 12,
  kNodeJs = 13,
  kUnknown = 255  // a name or number nobody knows: not an error, and left out of connection lists
};

std::string_view LanguageName(Language language);  // "JAVA"; empty for kUnknown
Language LanguageFromName(std::string_view name);
Language LanguageFromNumber(std::int64_t number);

// What we say of ourselves. The version is RocketMQ 5.3.3's: peers switch their 5.x behaviour on
// by it, and Go reads it as 16 bits. Servers and tools say JAVA, as every recorded broker does.
// It is more than a label in one place: a broker told to reset offsets by a CPP tool sends the
// consumers a body that only C++ clients read. Our SDK's own clients say CPP, which is what
// connection lists then show.
inline constexpr std::int32_t kVersion = 479;
inline constexpr Language kServerLanguage = Language::kJava;
inline constexpr Language kClientLanguage = Language::kCpp;

inline constexpr std::int32_t kFlagReply = 1;
inline constexpr std::int32_t kFlagOneway = 2;

// The header of one frame, as docs of RocketMQ's remoting protocol have it. Everything it refers
// to is borrowed: see the decoder for how long it lives.
struct Head {
  HeaderForm form = HeaderForm::kJson;
  std::int32_t code = 0;  // of the request, or of its outcome
  Language language = kServerLanguage;
  std::int32_t version = kVersion;
  std::int32_t opaque = 0;  // a reply carries its request's
  std::int32_t flag = 0;
  std::optional<std::string_view> remark;  // some clients send "", which is not absence
  bool has_ext = false;                    // JSON only: "extFields":{} is not absence
  ExtFields ext;

  bool is_reply() const { return (flag & kFlagReply) != 0; }
  bool is_oneway() const { return (flag & kFlagOneway) != 0; }

  // Our reply to this: same opaque, same form, nothing else. The writer falls back to JSON if the
  // code does not fit the binary form.
  Head Reply(std::int32_t reply_code) const {
    Head reply;
    reply.form = form;
    reply.code = reply_code;
    reply.opaque = opaque;
    reply.flag = kFlagReply;
    return reply;
  }
};

}  // namespace comet::wire
