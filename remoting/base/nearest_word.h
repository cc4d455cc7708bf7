#pragma once

#include <cstddef>
#include <string_view>

namespace comet {

// Which of the words known somebody meant who wrote another one: the one with the fewest letters
// to change, and none if that would be another word. The words must outlive it.
class NearestWord {
 public:
  explicit NearestWord(std::string_view written);

  void Consider(std::string_view known);
  std::string_view found() const { return found_; }

 private:
  std::string_view written_;
  std::size_t least_;  // only fewer changes than these
  std::string_view found_;
};

}  // namespace comet
