#include "remoting/wire/batch_body.h"

#include <gtest/gtest.h>

#include "remoting/base/bytes.h"

namespace comet::wire {
namespace {

TEST(BatchBody, IsTheDocumentedBytes) {
  std::string body;
  AppendBatchElement({0, "hi",
                      "TAGS\x01"
                      "A\x02"},
                     &body);
  EXPECT_EQ(body, std::string("\0\0\0\x1f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02hi\0\x07TAGS\x01"
                              "A\x02",
                              31));
}

TEST(BatchBody, RoundTrips) {
  std::string body;
  AppendBatchElement({7, "one",
                      "A\x01"
                      "1\x02"},
                     &body);
  AppendBatchElement({-1, "", ""}, &body);
  ASSERT_EQ(*CountBatch(body), 2U);
  BatchReader reader(body);
  BatchElement element;
  ASSERT_TRUE(reader.Next(&element));
  EXPECT_EQ(element.flag, 7);
  EXPECT_EQ(element.body, "one");
  EXPECT_EQ(element.properties,
            "A\x01"
            "1\x02");
  ASSERT_TRUE(reader.Next(&element));
  EXPECT_EQ(element.flag, -1);
  EXPECT_EQ(element.body, "");
  EXPECT_FALSE(reader.Next(&element));
  EXPECT_EQ(reader.reason(), "");
}

TEST(BatchBody, AnEmptyOneIsNone) {
  EXPECT_EQ(CountBatch("").error().message(), "the batch is empty");
}

TEST(BatchBody, RefusesEveryTruncation) {
  std::string body;
  AppendBatchElement({7, "one",
                      "A\x01"
                      "1\x02"},
                     &body);
  const std::size_t first = body.size();
  AppendBatchElement({7, "two",
                      "A\x01"
                      "1\x02"},
                     &body);
  for (std::size_t bytes = 1; bytes < body.size(); ++bytes) {
    if (bytes == first) continue;
    EXPECT_FALSE(CountBatch(std::string_view(body).substr(0, bytes)).ok()) << bytes;
  }
}

TEST(BatchBody, RefusesSizesThatDoNotAddUp) {
  const auto error_with = [](std::size_t at, std::int32_t value) {
    std::string body;
    AppendBatchElement({0, "one",
                        "A\x01"
                        "1\x02"},
                       &body);
    PutI32(body.data() + at, value);
    return CountBatch(body).error().message();
  };
  EXPECT_EQ(error_with(0, -1), "batch element 0: element too short");
  EXPECT_EQ(error_with(0, 21), "batch element 0: element too short");
  EXPECT_EQ(error_with(0, 30), "batch element 0: element longer than the batch");
  EXPECT_EQ(error_with(16, -1), "batch element 0: negative body length");
  EXPECT_EQ(error_with(16, 4), "batch element 0: parts longer than their element");
  EXPECT_EQ(error_with(16, 0x7fffffff), "batch element 0: parts longer than their element");
  EXPECT_EQ(error_with(22, -1), "batch element 0: negative property length");
}

}  // namespace
}  // namespace comet::wire
