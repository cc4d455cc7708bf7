#include "broker/cold_read.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "remoting/base/unreadable_pages.h"

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

// What this thread has made the kernel read from devices, by faults, too. 0 on file systems
// without.
std::int64_t BytesReadFromDisk() {
  constexpr std::int64_t kBlockBytes = 512;  // man 2 getrusage
  rusage usage{};
  return ::getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_inblock * kBlockBytes : 0;
}

}  // namespace

bool IsInMemory(Slice bytes) {
  std::array<unsigned char, 256> resident;
  for (auto pages = PagesOf(bytes); !pages.empty();) {
    const auto part = pages.first(std::min(pages.size(), resident.size() * kPageBytes));
    const std::size_t count = (part.size() + kPageBytes - 1) / kPageBytes;
    // What cannot be told counts as being there.
    if (::mincore(part.data(), part.size(), resident.data()) != 0) return true;
    if (!std::all_of(resident.begin(), resident.begin() + count,
                     [](unsigned char page) { return (page & 1U) != 0; })) {
      return false;
    }
    pages = pages.subspan(part.size());
  }
  return true;
}

void BringIntoMemory(Slice bytes) {
  for (auto pages = PagesOf(bytes); !pages.empty();) {
    const auto part = pages.first(std::min(pages.size(), ColdRead::kPieceBytes));
    // Only a request; if it is refused, touching the pages reads them all the same.
    static_cast<void>(::madvise(part.data(), part.size(), MADV_WILLNEED));
    TouchPages({part.data(), part.size()});
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

void ColdRead::Read(const Request& request, Executor& back, Done done) {
  parts_.line.Enter(parts_.clock.Now());
  parts_.worker.Post([this, request, &back, done = std::move(done)]() mutable {
    parts_.line.LeaveFirst();
    const auto before = request.booking ? BytesReadFromDisk() : 0;
    for (const auto& extent :
         parts_.reader.Extents(request.queue, request.offset, request.limits)) {
      BringIntoMemory(InWholePieces(extent));
    }
    auto result =
        parts_.reader.Read(&request.queue, request.offset, request.limits, &request.filter);
    for (const auto& range : result.ranges) BringIntoMemory(range.bytes);
    if (request.booking) {
      parts_.flow.Settle(request.group, *request.booking, BytesReadFromDisk() - before);
    }
    back.Post([result = std::move(result), done = std::move(done)]() mutable {
      done(std::move(result));
    });
  });
}

}  // namespace comet::broker
