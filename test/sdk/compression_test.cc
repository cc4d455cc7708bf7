#include "sdk/src/compression.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <gtest/gtest.h>

#include "remoting/wire/flags.h"

namespace comet::client {
namespace {

const std::string kText(100'000, 'x');

std::string Zlib(const std::string& text) {
  std::string packed(compressBound(text.size()), '\0');
  uLongf size = packed.size();
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(text.data()), text.size());
  packed.resize(size);
  return packed;
}

std::string Lz4(const std::string& text) {
  std::string packed(LZ4F_compressFrameBound(text.size(), nullptr), '\0');
  packed.resize(
      LZ4F_compressFrame(packed.data(), packed.size(), text.data(), text.size(), nullptr));
  return packed;
}

std::string Zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

TEST(Decompress, UndoesEveryKindThatProducersUse) {
  using namespace wire::sys_flag;
  EXPECT_EQ(*Decompress(kCompressed, Zlib(kText), kText.size()), kText);
  EXPECT_EQ(*Decompress(kCompressed | kCompressionZlib, Zlib(kText), kText.size()), kText);
  EXPECT_EQ(*Decompress(kCompressed | kCompressionLz4, Lz4(kText), kText.size()), kText);
  EXPECT_EQ(*Decompress(kCompressed | kCompressionZstd, Zstd(kText), kText.size()), kText);
}

TEST(Compress, WhatEveryMethodMakesIsSmallerAndComesBackWhole) {
  using Type = Compression::Type;
  using namespace wire::sys_flag;
  for (const auto& [type, bits] :
       {std::pair{Type::zlib, kCompressionZlib}, std::pair{Type::lz4, kCompressionLz4},
        std::pair{Type::zstd, kCompressionZstd}}) {
    const auto packed = Compress({.type = type, .from_bytes = 0, .level = 5}, kText);
    ASSERT_TRUE(packed.ok()) << packed.error().ToString();
    EXPECT_EQ(packed->sys_flag, kCompressed | bits);
    EXPECT_LT(packed->body.size(), kText.size() / 100);
    EXPECT_EQ(*Decompress(packed->sys_flag, packed->body, kText.size()), kText);
  }
}

TEST(Compress, ALevelThatTheMethodDoesNotKnowIsAnError) {
  const auto packed =
      Compress({.type = Compression::Type::zlib, .from_bytes = 0, .level = 99}, kText);
  ASSERT_FALSE(packed.ok());
  EXPECT_EQ(packed.error().message(), "the body cannot be compressed by zlib: stream error");
}

TEST(Decompress, ABodyThatGrowsBeyondTheLimitIsRefused) {
  using namespace wire::sys_flag;
  EXPECT_EQ(Decompress(kCompressed, Zlib(kText), 1000).error().code(), Status::Code::kFull);
  EXPECT_EQ(Decompress(kCompressionLz4, Lz4(kText), 1000).error().code(), Status::Code::kFull);
  EXPECT_EQ(Decompress(kCompressionZstd, Zstd(kText), 1000).error().code(), Status::Code::kFull);
}

TEST(Decompress, ATornBodyIsAnError) {
  using namespace wire::sys_flag;
  for (const auto& [flag, packed] :
       {std::pair{kCompressionZlib, Zlib(kText)}, std::pair{kCompressionLz4, Lz4(kText)},
        std::pair{kCompressionZstd, Zstd(kText)}}) {
    EXPECT_EQ(Decompress(flag, packed.substr(0, packed.size() / 2), kText.size()).error().code(),
              Status::Code::kCorruption);
    EXPECT_FALSE(Decompress(flag, "garbage", kText.size()).ok());
    EXPECT_FALSE(Decompress(flag, "", kText.size()).ok());
  }
}

}  // namespace
}  // namespace comet::client
