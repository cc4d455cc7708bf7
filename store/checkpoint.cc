#include "store/checkpoint.h"

#include <algorithm>
#include <array>
#include <span>

#include "remoting/base/bytes.h"
#include "remoting/base/crc32.h"

namespace comet::store {
namespace {

constexpr std::int32_t kMagic = 0x434d4b50;  // "CMKP"
constexpr std::int32_t kVersion = 1, kReplicaVersion = 2;
constexpr std::array<std::size_t, 2> kPlaces = {512, 1024};
constexpr std::size_t kCoveredBytes = 40;

struct Place {
  std::int64_t sequence = -1;
  std::int64_t flushed = 0, dispatched = 0;
  WallMs log_store_ms = 0;
  bool replica = false;
};

Place ReadPlace(Slice page, std::size_t at) {
  const Slice bytes = page.substr(at, kCoveredBytes + 4);
  ByteReader in(bytes);
  Place place;
  const auto magic = in.Read<std::int32_t>();
  const auto version = in.Read<std::int32_t>();
  const bool known = magic == kMagic && (version == kVersion || version == kReplicaVersion);
  place.replica = version == kReplicaVersion;
  const auto sequence = in.Read<std::int64_t>();
  place.flushed = in.Read<std::int64_t>();
  place.dispatched = in.Read<std::int64_t>();
  place.log_store_ms = in.Read<std::int64_t>();
  const auto crc = in.Read<std::uint32_t>();
  const bool whole = in.ok() && crc == Crc32(bytes.substr(0, kCoveredBytes));
  if (known && whole && place.flushed >= 0 && place.dispatched >= 0) place.sequence = sequence;
  return place;
}

void WritePlace(const Place& place, char* to) {
  PutI32(to, kMagic);
  PutI32(to + 4, place.replica ? kReplicaVersion : kVersion);
  PutI64(to + 8, place.sequence);
  PutI64(to + 16, place.flushed);
  PutI64(to + 24, place.dispatched);
  PutI64(to + 32, place.log_store_ms);
  PutBigEndian(to + kCoveredBytes, Crc32({to, kCoveredBytes}));
}

}  // namespace

StatusOr<std::unique_ptr<Checkpoint>> Checkpoint::Open(FileSystem& fs, const std::string& path) {
  COMET_ASSIGN(auto file, fs.Open(path, FileSystem::Mode::kOpenOrCreate));
  std::unique_ptr<Checkpoint> checkpoint(new Checkpoint(std::move(file)));
  std::string& page = checkpoint->page_;
  page.assign(kFileBytes, '\0');
  COMET_ASSIGN(const std::size_t got,
               checkpoint->file_->ReadAt(0, std::span(page.data(), page.size())));
  if (got < kFileBytes) page.replace(got, std::string::npos, kFileBytes - got, '\0');
  checkpoint->Parse();
  return checkpoint;
}

void Checkpoint::Parse() {
  ByteReader in(page_);
  for (std::int64_t* field : {&marks_.log_store_ms, &marks_.queue_store_ms, &marks_.index_store_ms,
                              &marks_.master_flushed, &marks_.confirmed}) {
    *field = in.Read<std::int64_t>();
  }
  Place best;
  for (const std::size_t at : kPlaces) {
    const Place place = ReadPlace(page_, at);
    // The next write goes to the other place than the one that counts.
    if (best.sequence < 0) sequence_ = std::max(sequence_, place.sequence);
    if (place.log_store_ms > marks_.log_store_ms) continue;
    if (place.sequence > best.sequence) best = place;
  }
  if (best.sequence < 0) return;
  sequence_ = best.sequence;
  marks_.exact = true;
  marks_.flushed = best.flushed;
  marks_.dispatched = best.dispatched;
  marks_.replica = best.replica;
}

Status Checkpoint::Write(const Marks& marks) {
  char* to = page_.data();
  for (const std::int64_t field : {marks.log_store_ms, marks.queue_store_ms, marks.index_store_ms,
                                   marks.master_flushed, marks.confirmed}) {
    PutI64(to, field);
    to += 8;
  }
  ++sequence_;
  const Place place{sequence_, marks.flushed, marks.dispatched, marks.log_store_ms, marks.replica};
  WritePlace(place, page_.data() + kPlaces[static_cast<std::size_t>(sequence_ % 2)]);
  const Slice page = page_;
  COMET_TRY(file_->WriteAt(0, std::span(&page, 1)));
  COMET_TRY(file_->Sync());
  marks_ = marks;
  marks_.exact = true;
  return {};
}

}  // namespace comet::store
