#include "broker/cold_read.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace comet::broker {
namespace {

constexpr std::size_t kPageBytes = 4096;

// The whole pages that the bytes lie in.
std::span<char> PagesOf(Slice bytes) {
  if (bytes.empty()) return {};
  const std::size_t before = reinterpret_cast<std::uintptr_t>(bytes.data()) % kPageBytes;
  // Neither mincore nor madvise writes through it.
  return {const_cast<char*>(bytes.data()) - before, bytes.size() + before};  // NOLINT
}

// The bytes of pages that are not in memory; stops counting when it has found so many.
std::int64_t MissingBytes(Slice bytes, std::int64_t enough) {
  std::array<unsigned char, 256> resident;
  std::int64_t missing = 0;
  for (auto pages = PagesOf(bytes); !pages.empty() && missing < enough;) {
    const auto part = pages.first(std::min(pages.size(), resident.size() * kPageBytes));
    const std::size_t count = (part.size() + kPageBytes - 1) / kPageBytes;
    // What cannot be told counts as being there.
    if (::mincore(part.data(), part.size(), resident.data()) != 0) return missing;
    missing += static_cast<std::int64_t>(kPageBytes) *
               std::count_if(resident.begin(), resident.begin() + count,
                             [](unsigned char page) { return (page & 1U) == 0; });
    pages = pages.subspan(part.size());
  }
  return missing;
}

}  // namespace

bool IsInMemory(Slice bytes) {
  return MissingBytes(bytes, 1) == 0;
}

std::int64_t BytesOnDisk(Slice bytes) {
  return MissingBytes(bytes, std::numeric_limits<std::int64_t>::max());
}

void BringIntoMemory(Slice bytes) {
  for (auto pages = PagesOf(bytes); !pages.empty();) {
    const auto part = pages.first(std::min(pages.size(), ColdRead::kPieceBytes));
    // Only a request; if it is refused, touching the pages reads them all the same.
    static_cast<void>(::madvise(part.data(), part.size(), MADV_WILLNEED));
    for (std::size_t at = 0; at < part.size(); at += kPageBytes) {
      static_cast<void>(*static_cast<const volatile char*>(part.data() + at));
    }
    pages = pages.subspan(part.size());
  }
}

Slice InWholePieces(const store::LogRange& extent) {
  constexpr auto kPiece = static_cast<std::int64_t>(ColdRead::kPieceBytes);
  const std::int64_t bytes = std::ssize(extent.bytes);
  if (bytes < kPiece) return extent.bytes;
  const auto from = static_cast<std::int64_t>(extent.file_position);
  const auto to = (from + bytes + kPiece - 1) / kPiece * kPiece;
  return extent.pin->From(extent.pin->base() + from, to - from);
}

bool ColdRead::Wanted(const store::QueueSlot& queue, std::int64_t offset,
                      const store::ReadLimits& limits) const {
  const auto extents = parts_.reader.Extents(queue, offset, limits);
  return !std::all_of(extents.begin(), extents.end(),
                      [](const auto& extent) { return IsInMemory(extent.bytes); });
}

std::optional<Duration> ColdRead::WaitOf(std::string_view group) const {
  // Who comes now waits about as long as the first in line has.
  const auto line = parts_.line.At(parts_.clock.Now());
  return line.head_wait > ColdFlowControl::kWaitMax ? std::nullopt : parts_.flow.WaitOf(group);
}

void ColdRead::Read(const Request& request, Executor& back, Done done) {
  parts_.line.Enter(parts_.clock.Now());
  parts_.worker.Post([this, request, &back, done = std::move(done)]() mutable {
    const auto extents = parts_.reader.Extents(request.queue, request.offset, request.limits);
    if (request.flow) WaitForTurn(request, extents);
    parts_.line.LeaveFirst();
    for (const auto& extent : extents) BringIntoMemory(InWholePieces(extent));
    auto result =
        parts_.reader.Read(&request.queue, request.offset, request.limits, &request.filter);
    for (const auto& range : result.ranges) BringIntoMemory(range.bytes);
    back.Post([result = std::move(result), done = std::move(done)]() mutable {
      done(std::move(result));
    });
  });
}

void ColdRead::WaitForTurn(const Request& request, const std::vector<store::LogRange>& extents) {
  std::int64_t bytes = 0;
  for (const auto& extent : extents) {
    if (!IsInMemory(extent.bytes)) bytes += BytesOnDisk(InWholePieces(extent));
  }
  if (bytes > 0) parts_.flow.Wait(parts_.flow.Charge(request.group, bytes, *request.flow));
}

}  // namespace comet::broker
