#include "sdk/src/name_space.h"

#include <gtest/gtest.h>

namespace comet::client {
namespace {

TEST(NameSpace, GoesInFrontOfTheNameAndBehindRetryAndDeadLetterPrefixes) {
  EXPECT_EQ(WrapName("ns", "orders"), "ns%orders");
  EXPECT_EQ(WrapName("ns", "%RETRY%billing"), "%RETRY%ns%billing");
  EXPECT_EQ(WrapName("ns", "%DLQ%billing"), "%DLQ%ns%billing");
  EXPECT_EQ(WrapName("", "orders"), "orders");
}

TEST(NameSpace, IsPutOnOnce) {
  EXPECT_EQ(WrapName("ns", "ns%orders"), "ns%orders");
  EXPECT_EQ(WrapName("ns", "%RETRY%ns%billing"), "%RETRY%ns%billing");
  EXPECT_EQ(WrapName("ns", "nsorders"), "ns%nsorders");
}

TEST(NameSpace, LeavesSystemTopicsAndGroupsAlone) {
  for (const char* name : {"TBW102", "rmq_sys_wheel_timer", "SCHEDULE_TOPIC_XXXX",
                           "CID_RMQ_SYS_TRANS", "RMQ_SYS_TRACE_TOPIC"}) {
    EXPECT_EQ(WrapName("ns", name), name);
  }
}

TEST(NameSpace, IsTakenOffWhatTheApplicationSees) {
  for (const char* name : {"orders", "%RETRY%billing", "%DLQ%billing", "a%b", "TBW102"}) {
    EXPECT_EQ(UnwrapName("ns", WrapName("ns", name)), name);
  }
  EXPECT_EQ(UnwrapName("ns", "other%orders"), "other%orders");
  EXPECT_EQ(UnwrapName("", "ns%orders"), "ns%orders");
}

}  // namespace
}  // namespace comet::client
