#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace comet {

// Borrowed bytes. Whoever hands one out says how long it lives.
using Slice = std::string_view;

// Big-endian integers, as the wire and every file of the store have them.
template <std::integral T>
T GetBigEndian(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  if constexpr (sizeof(T) == 8)
    return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  if constexpr (sizeof(T) == 4)
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  if constexpr (sizeof(T) == 2)
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  return value;
}

template <std::integral T>
void PutBigEndian(char* to, T value) {
  if constexpr (sizeof(T) == 8)
    value = static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  if constexpr (sizeof(T) == 4)
    value = static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  if constexpr (sizeof(T) == 2)
    value = static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  std::memcpy(to, &value, sizeof(T));
}

inline std::int16_t GetI16(const char* from) {
  return GetBigEndian<std::int16_t>(from);
}
inline std::int32_t GetI32(const char* from) {
  return GetBigEndian<std::int32_t>(from);
}
inline std::int64_t GetI64(const char* from) {
  return GetBigEndian<std::int64_t>(from);
}
inline void PutI16(char* to, std::int16_t value) {
  PutBigEndian(to, value);
}
inline void PutI32(char* to, std::int32_t value) {
  PutBigEndian(to, value);
}
inline void PutI64(char* to, std::int64_t value) {
  PutBigEndian(to, value);
}

// memcpy for names and numbers: short ones cost less than the call. Up to 32 bytes go as two
// pieces that may overlap in the middle.
inline void CopyShort(char* to, std::string_view from) {
  const std::size_t size = from.size();
  const auto both_ends = [&]<std::size_t kPiece>(std::integral_constant<std::size_t, kPiece>) {
    char head[kPiece], tail[kPiece];
    std::memcpy(head, from.data(), kPiece);
    std::memcpy(tail, from.data() + size - kPiece, kPiece);
    std::memcpy(to, head, kPiece);
    std::memcpy(to + size - kPiece, tail, kPiece);
  };
  if (size > 32) {
    std::memcpy(to, from.data(), size);
  } else if (size >= 16) {
    both_ends(std::integral_constant<std::size_t, 16>());
  } else if (size >= 8) {
    both_ends(std::integral_constant<std::size_t, 8>());
  } else if (size >= 4) {
    both_ends(std::integral_constant<std::size_t, 4>());
  } else {
    for (std::size_t at = 0; at < size; ++at) to[at] = from[at];
  }
}

template <std::integral T>
void AppendBigEndian(std::string* to, T value) {
  char bytes[sizeof(T)];
  PutBigEndian(bytes, value);
  to->append(bytes, sizeof(T));
}

// Writes values one behind the other. The caller has checked the room.
class ByteWriter {
 public:
  explicit ByteWriter(char* at) : at_(at) {}

  template <std::integral T>
  void Put(T value) {
    PutBigEndian(at_, value);
    at_ += sizeof(T);
  }
  void Put(std::string_view bytes) {
    CopyShort(at_, bytes);
    at_ += bytes.size();
  }
  char* at() const { return at_; }

 private:
  char* at_;
};

// Reads a sequence of big-endian values from untrusted bytes. After the first read past the end
// ok() is false and every further read yields zero or nothing; so a parser checks once.
class ByteReader {
 public:
  explicit ByteReader(Slice bytes) : rest_(bytes) {}

  template <std::integral T>
  T Read() {
    if (!Need(sizeof(T))) return 0;
    const T value = GetBigEndian<T>(rest_.data());
    rest_.remove_prefix(sizeof(T));
    return value;
  }
  Slice ReadBytes(std::size_t count) {
    if (!Need(count)) return {};
    const Slice bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }
  bool ok() const { return ok_; }
  Slice rest() const { return rest_; }

 private:
  bool Need(std::size_t count) {
    if (rest_.size() < count) ok_ = false;
    return ok_;
  }

  Slice rest_;
  bool ok_ = true;
};

}  // namespace comet
