#include "store/record_tail.h"

#include <string>

#include <gtest/gtest.h>

namespace comet::store {
namespace {

constexpr std::size_t kSector = 512;

// A log file with a topic from `begin` on and properties behind it.
bool Whole(const std::string& file, std::size_t begin, std::size_t topic, std::size_t properties) {
  wire::RecordView record;
  record.topic = Slice(file).substr(begin, topic);
  record.properties = Slice(file).substr(begin + topic, properties);
  return TailIsWhole(record, file.data());
}

TEST(RecordTail, WhatWasWrittenInFullIsWhole) {
  EXPECT_TRUE(Whole(std::string(2000, 'x'), 10, 20, 1500));
  EXPECT_TRUE(Whole(std::string(2000, 'x'), 10, 20, 0));
}

TEST(RecordTail, AWriteThatEndedInTheMiddleIsNoticed) {
  std::string file(2000, 'x');
  file.replace(99, 1, 1, '\0');
  EXPECT_FALSE(Whole(file, 10, 20, 70));
  EXPECT_TRUE(Whole(file, 10, 20, 69));
}

TEST(RecordTail, AMissingSectorIsNoticed) {
  std::string file(3 * kSector, 'x');
  file.replace(kSector, kSector, kSector, '\0');
  EXPECT_FALSE(Whole(file, 10, 20, 2 * kSector));
  file[kSector + 7] = 'x';
  EXPECT_TRUE(Whole(file, 10, 20, 2 * kSector));
}

TEST(RecordTail, PropertiesThatWouldLookLikeLostOnesAreRefused) {
  const std::string zeros(kSector, '\0');
  EXPECT_TRUE(CheckProperties("").ok());
  EXPECT_TRUE(CheckProperties("KEYS\1a\2").ok());
  EXPECT_TRUE(CheckProperties(std::string("a\0b\0c", 5)).ok());
  EXPECT_TRUE(CheckProperties("a" + zeros.substr(1) + "b").ok());
  EXPECT_EQ(CheckProperties(std::string("a\0", 2)).code(), Status::Code::kInvalid);
  EXPECT_EQ(CheckProperties("a" + zeros + "b").code(), Status::Code::kInvalid);
  EXPECT_EQ(CheckProperties(std::string("a\0b", 3) + zeros + "b").code(), Status::Code::kInvalid);
}

}  // namespace
}  // namespace comet::store
