#include <comet/result.h>

#include <cstdio>
#include <cstdlib>

namespace comet {
namespace {

class Category : public std::error_category {
 public:
  const char* name() const noexcept override { return "comet"; }
  std::string message(int value) const override {
    return std::string(to_string(static_cast<Errc>(value)));
  }
};

}  // namespace

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::ok:
      return "ok";
    case Errc::timeout:
      return "timeout";
    case Errc::closed:
      return "closed";
    case Errc::not_connected:
      return "not connected";
    case Errc::no_route:
      return "no route";
    case Errc::topic_not_found:
      return "topic not found";
    case Errc::group_not_found:
      return "group not found";
    case Errc::invalid_argument:
      return "invalid argument";
    case Errc::message_too_large:
      return "message too large";
    case Errc::flow_control:
      return "flow control";
    case Errc::busy:
      return "busy";
    case Errc::queue_full:
      return "queue full";
    case Errc::unauthorized:
      return "unauthorized";
    case Errc::forbidden:
      return "forbidden";
    case Errc::broker_error:
      return "broker error";
    case Errc::slave_unavailable:
      return "slave unavailable";
    case Errc::flush_timeout:
      return "flush timeout";
    case Errc::offset_illegal:
      return "offset illegal";
    case Errc::not_owner:
      return "not owner";
    case Errc::unsupported:
      return "unsupported";
    case Errc::internal:
      return "internal";
  }
  return "unknown";
}

std::error_code make_error_code(Errc code) {
  static const Category category;
  return {static_cast<int>(code), category};
}

bool Error::retriable() const {
  switch (code_) {
    case Errc::timeout:
    case Errc::not_connected:
    case Errc::no_route:
    case Errc::flow_control:
    case Errc::busy:
    case Errc::queue_full:
    case Errc::broker_error:
    case Errc::slave_unavailable:
    case Errc::flush_timeout:
      return true;
    default:
      return false;
  }
}

namespace detail {

void value_of_error(const Error& error) {
  std::fprintf(stderr, "comet: value() of a result that is an error: %s: %s\n",
               std::string(to_string(error.code())).c_str(), error.message().c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace detail
}  // namespace comet
