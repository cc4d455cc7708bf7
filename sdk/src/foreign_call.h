#pragma once

#include <exception>
#include <string>

namespace comet::client {

// Calls code of the application on a thread of ours, where nothing may be thrown: returns what it
// threw, in words, or nothing.
template <class Call>
std::string CallForeign(Call&& call) {
  try {
    call();
    return {};
  } catch (const std::exception& thrown) {
    return *thrown.what() == '\0' ? "an exception without a text" : thrown.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

}  // namespace comet::client
