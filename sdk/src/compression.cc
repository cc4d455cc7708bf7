#include "sdk/src/compression.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>

#include "remoting/base/text.h"
#include "remoting/wire/flags.h"

namespace comet::client {
namespace {

constexpr std::size_t kStep = std::size_t{64} << 10;

Status Damaged(std::string_view kind, std::string_view why) {
  return {Status::Code::kCorruption, Concat("the ", kind, " body is damaged: ", why)};
}

// Grows `out` step by step: decode(into, room, &written) returns whether the end was reached, or
// an error.
template <class Decode>
StatusOr<std::string> DecodeSteps(std::size_t limit, Decode decode) {
  std::string out;
  for (;;) {
    const std::size_t have = out.size();
    out.resize(have + kStep);
    std::size_t written = 0;
    COMET_ASSIGN(const bool end, decode(out.data() + have, kStep, &written));
    out.resize(have + written);
    if (out.size() > limit) {
      return Status(Status::Code::kFull,
                    Concat("the body is larger than ", limit, " bytes decompressed"));
    }
    if (end) return out;
  }
}

StatusOr<std::string> Inflate(std::string_view body, std::size_t limit) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return Damaged("ZLIB", "out of memory");
  const auto end = [](z_stream* open) {
    inflateEnd(open);
  };
  const std::unique_ptr<z_stream, decltype(end)> guard(&stream, end);
  std::string input(body);  // zlib's interface wants it writable
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  return DecodeSteps(
      limit, [&](char* into, std::size_t room, std::size_t* written) -> StatusOr<bool> {
        stream.next_out = reinterpret_cast<Bytef*>(into);
        stream.avail_out = static_cast<uInt>(room);
        const int state = inflate(&stream, Z_NO_FLUSH);
        *written = room - stream.avail_out;
        if (state == Z_STREAM_END) return true;
        if (state == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)) return false;
        return Damaged("ZLIB", stream.msg != nullptr ? stream.msg : "it ends too early");
      });
}

StatusOr<std::string> Unlz4(std::string_view body, std::size_t limit) {
  LZ4F_dctx* open = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&open, LZ4F_VERSION)) != 0) {
    return Damaged("LZ4", "out of memory");
  }
  const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> context(
      open, &LZ4F_freeDecompressionContext);
  return DecodeSteps(
      limit, [&](char* into, std::size_t room, std::size_t* written) -> StatusOr<bool> {
        *written = room;
        std::size_t read = body.size();
        const std::size_t more =
            LZ4F_decompress(context.get(), into, written, body.data(), &read, nullptr);
        if (LZ4F_isError(more) != 0) return Damaged("LZ4", LZ4F_getErrorName(more));
        body.remove_prefix(read);
        if (more != 0 && read == 0 && *written == 0) return Damaged("LZ4", "it ends too early");
        return more == 0;
      });
}

StatusOr<std::string> Unzstd(std::string_view body, std::size_t limit) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(),
                                                                          &ZSTD_freeDStream);
  if (!stream) return Damaged("ZSTD", "out of memory");
  ZSTD_inBuffer input{body.data(), body.size(), 0};
  return DecodeSteps(
      limit, [&](char* into, std::size_t room, std::size_t* written) -> StatusOr<bool> {
        ZSTD_outBuffer output{into, room, 0};
        const std::size_t more = ZSTD_decompressStream(stream.get(), &output, &input);
        if (ZSTD_isError(more) != 0) return Damaged("ZSTD", ZSTD_getErrorName(more));
        *written = output.pos;
        if (more != 0 && input.pos == input.size && output.pos == 0) {
          return Damaged("ZSTD", "it ends too early");
        }
        return more == 0;
      });
}

Status CannotCompress(std::string_view kind, std::string_view why) {
  return {Status::Code::kInvalid, Concat("the body cannot be compressed by ", kind, ": ", why)};
}

StatusOr<std::string> Zlib(int level, std::string_view body) {
  std::string out(compressBound(body.size()), '\0');
  uLongf size = out.size();
  const int state = compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                              reinterpret_cast<const Bytef*>(body.data()), body.size(), level);
  if (state != Z_OK) return CannotCompress("zlib", zError(state));
  out.resize(size);
  return out;
}

StatusOr<std::string> Lz4(int level, std::string_view body) {
  LZ4F_preferences_t preferences{};
  preferences.compressionLevel = level;
  std::string out(LZ4F_compressFrameBound(body.size(), &preferences), '\0');
  const std::size_t size =
      LZ4F_compressFrame(out.data(), out.size(), body.data(), body.size(), &preferences);
  if (LZ4F_isError(size) != 0) return CannotCompress("lz4", LZ4F_getErrorName(size));
  out.resize(size);
  return out;
}

StatusOr<std::string> Zstd(int level, std::string_view body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), body.data(), body.size(), level);
  if (ZSTD_isError(size) != 0) return CannotCompress("zstd", ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

}  // namespace

StatusOr<Compressed> Compress(const Compression& how, std::string_view body) {
  namespace flag = wire::sys_flag;
  Compressed result;
  switch (how.type) {
    case Compression::Type::none:
      break;
    case Compression::Type::zlib: {
      COMET_ASSIGN(result.body, Zlib(how.level, body));
      result.sys_flag = flag::kCompressed | flag::kCompressionZlib;
      return result;
    }
    case Compression::Type::lz4: {
      COMET_ASSIGN(result.body, Lz4(how.level, body));
      result.sys_flag = flag::kCompressed | flag::kCompressionLz4;
      return result;
    }
    case Compression::Type::zstd: {
      COMET_ASSIGN(result.body, Zstd(how.level, body));
      result.sys_flag = flag::kCompressed | flag::kCompressionZstd;
      return result;
    }
  }
  result.body = body;
  return result;
}

StatusOr<std::string> Decompress(std::int32_t sys_flag, std::string_view body, std::size_t limit) {
  switch (sys_flag & wire::sys_flag::kCompressionMask) {
    case 0:  // clients older than the bits know only zlib
    case wire::sys_flag::kCompressionZlib:
      return Inflate(body, limit);
    case wire::sys_flag::kCompressionLz4:
      return Unlz4(body, limit);
    case wire::sys_flag::kCompressionZstd:
      return Unzstd(body, limit);
    default:
      return Status(Status::Code::kInvalid,
                    Concat("the body is compressed in an unknown way, sysFlag ", sys_flag));
  }
}

}  // namespace comet::client
