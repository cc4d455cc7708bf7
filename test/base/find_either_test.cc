#include "remoting/base/find_either.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(FindEither, FindsTheFirstOfTheTwoFromEveryPlaceOfATextOfEveryLength) {
  for (std::size_t length = 0; length < 50; ++length) {
    const auto text = std::make_unique<char[]>(length);  // its ends are ends to a sanitizer
    char* const end = text.get() + length;
    for (std::size_t place = 0; place <= length; ++place) {
      std::fill(text.get(), end, 'x');
      if (place < length) text[place] = 'a';
      if (place + 2 < length) text[place + 2] = 'b';
      for (const char* at = text.get(); at <= end; ++at) {
        const char* const wanted = std::find_if(at, static_cast<const char*>(end),
                                                [](char c) { return c == 'a' || c == 'b'; });
        ASSERT_EQ(FindEither(text.get(), at, end, 'a', 'b'), wanted) << length << ", " << place;
        ASSERT_EQ(FindEither(text.get(), at, end, 'b', 'a'), wanted) << length << ", " << place;
      }
    }
  }
}

}  // namespace
}  // namespace comet
