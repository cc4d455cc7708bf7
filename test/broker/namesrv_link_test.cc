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

}  // namespace
}  // namespace comet::broker
