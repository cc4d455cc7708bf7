#include "remoting/wire/header_binary.h"

#include "remoting/base/bytes.h"

namespace comet::wire {
namespace {

constexpr const char* kFieldTooLong = "binary header: an ext field is longer than its section";

Status Malformed(const char* what) {
  return {Status::Code::kCorruption, what};
}

// A length that is signed on the wire.
bool ReadSized(ByteReader& reader, std::int64_t length, std::string_view* bytes) {
  if (length < 0 || !reader.ok()) return false;
  *bytes = reader.ReadBytes(static_cast<std::size_t>(length));
  return reader.ok();
}

// The hot part: lengths are compared with what is left before anything is read.
Status ReadExt(std::string_view section, ExtFields* ext) {
  constexpr std::size_t kKeyLength = sizeof(std::int16_t), kValueLength = sizeof(std::int32_t);
  const char* at = section.data();
  std::size_t left = section.size();
  while (left > 0) {
    if (left < kKeyLength + kValueLength) return Malformed(kFieldTooLong);
    const std::int16_t key_bytes = GetI16(at);
    left -= kKeyLength + kValueLength;
    if (key_bytes < 0 || static_cast<std::size_t>(key_bytes) > left)
      return Malformed(kFieldTooLong);
    const std::string_view key(at + kKeyLength, static_cast<std::size_t>(key_bytes));
    left -= key.size();
    at += kKeyLength + key.size();
    const std::int32_t value_bytes = GetI32(at);
    if (value_bytes < 0 || static_cast<std::size_t>(value_bytes) > left) {
      return Malformed(kFieldTooLong);
    }
    const std::string_view value(at + kValueLength, static_cast<std::size_t>(value_bytes));
    left -= value.size();
    at += kValueLength + value.size();
    if (ext->size() == ExtFields::kMax) return Malformed("binary header: too many ext fields");
    ext->Add(key, value);
  }
  return {};
}

}  // namespace

Status DecodeBinaryHead(std::string_view header, Head* head) {
  ByteReader reader(header);
  head->form = HeaderForm::kBinary;
  head->code = reader.Read<std::int16_t>();
  head->language = LanguageFromNumber(reader.Read<std::uint8_t>());
  head->version = reader.Read<std::int16_t>();
  head->opaque = reader.Read<std::int32_t>();
  head->flag = reader.Read<std::int32_t>();
  std::string_view remark, section;
  head->remark.reset();
  head->ext.Clear();
  head->has_ext = false;
  if (!ReadSized(reader, reader.Read<std::int32_t>(), &remark)) {
    return Malformed("binary header: the remark is longer than the header");
  }
  if (!ReadSized(reader, reader.Read<std::int32_t>(), &section)) {
    return Malformed("binary header: the ext fields are longer than the header");
  }
  if (!reader.rest().empty()) return Malformed("binary header: bytes behind the ext fields");
  if (!remark.empty()) head->remark = remark;
  head->has_ext = !section.empty();
  return ReadExt(section, &head->ext);
}

}  // namespace comet::wire
