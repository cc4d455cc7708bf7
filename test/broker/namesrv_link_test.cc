#include "broker/namesrv_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NamesrvLink, ReadsAListOfAddresses) {
  EXPECT_THAT(NamesrvLink::ParseAddresses("a:9876;b:9876"), ElementsAre("a:9876", "b:9876"));
  EXPECT_THAT(NamesrvLink::ParseAddresses(" a:1 ; ;b:2,"), ElementsAre("a:1", "b:2"));
  EXPECT_THAT(NamesrvLink::ParseAddresses(""), IsEmpty());
}

TEST(NamesrvLink, KnowsAnAddressThatCouldBeDialled) {
  for (const char* text :
       {"", "a:9876", "ns-1.example.com:9876;10.0.0.1:1", "[::1]:9876", " a:1 ;"}) {
    EXPECT_TRUE(NamesrvLink::CheckAddresses(text).ok()) << text;
  }
  for (const char* text : {"banana", "a:0", "a:65536", "a:x", ":1", "a:1;b", "http://a:1", "a b:1",
                           "a/b:1", "[x]y:1"}) {
    EXPECT_FALSE(NamesrvLink::CheckAddresses(text).ok()) << text;
  }
}

}  // namespace
}  // namespace comet::broker
