#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace comet::net {

// A range of bytes that somebody else owns: of the log, mostly. The bytes stay valid while the
// pin lives, and the pin is kept until the kernel has taken them. With a descriptor, a large
// range is sent by sendfile and never copied.
struct BodyPart {
  std::string_view bytes;
  std::shared_ptr<const void> pin;
  int descriptor = -1;              // of the file that holds the bytes, or -1
  std::uint64_t file_position = 0;  // of the first byte in that file
};

// The body of a reply. Bytes and parts are borrowed for the call that takes the Body; an owned
// string is moved and, when it is large, sent from where it lies.
class Body {
 public:
  Body() = default;
  Body(std::string_view bytes) : bytes_(bytes) {}           // NOLINT: f(body) reads well
  Body(const char* bytes) : bytes_(bytes) {}                // NOLINT
  Body(const std::string& bytes) : bytes_(bytes) {}         // NOLINT
  Body(std::string&& owned) : owned_(std::move(owned)) {}   // NOLINT
  Body(std::span<const BodyPart> parts) : parts_(parts) {}  // NOLINT

  std::size_t size() const {
    std::size_t total = bytes_.size() + owned_.size();
    for (const BodyPart& part : parts_) total += part.bytes.size();
    return total;
  }
  std::string_view bytes() const { return bytes_; }
  std::string& owned() { return owned_; }
  std::span<const BodyPart> parts() const { return parts_; }

 private:
  std::string_view bytes_;
  std::string owned_;
  std::span<const BodyPart> parts_;
};

}  // namespace comet::net
