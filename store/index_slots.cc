#include "store/index_slots.h"

#include <algorithm>
#include <string>

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"

namespace comet::store {

IndexSlots::IndexSlots(File* file, std::uint64_t position, std::int32_t slots)
    : file_(file),
      position_(position),
      slots_(slots),
      pages_(static_cast<std::size_t>((slots + kPageSlots - 1) / kPageSlots)) {}

std::uint64_t IndexSlots::PositionOf(std::size_t page) const {
  return position_ + page * kPageSlots * 4;
}

std::int32_t IndexSlots::SlotsIn(std::size_t page) const {
  return std::min(kPageSlots, slots_ - static_cast<std::int32_t>(page) * kPageSlots);
}

StatusOr<IndexSlots::Numbers*> IndexSlots::Touch(std::int32_t slot) {
  COMET_CHECK(slot >= 0 && slot < slots_);
  const auto at = static_cast<std::size_t>(slot / kPageSlots);
  Page& page = pages_[at];
  if (page.numbers != nullptr) return page.numbers.get();
  auto numbers = std::make_unique<Numbers>(Numbers{});
  if (file_ != nullptr) {
    std::array<char, kPageSlots * 4> bytes;
    const auto want = static_cast<std::size_t>(SlotsIn(at)) * 4;
    COMET_ASSIGN(const auto got, file_->ReadAt(PositionOf(at), std::span(bytes).first(want)));
    for (std::size_t n = 0; n + 4 <= got; n += 4) (*numbers)[n / 4] = GetI32(bytes.data() + n);
  }
  page.numbers = std::move(numbers);
  return page.numbers.get();
}

StatusOr<std::int32_t> IndexSlots::Get(std::int32_t slot) {
  COMET_ASSIGN(const Numbers* numbers, Touch(slot));
  return (*numbers)[static_cast<std::size_t>(slot % kPageSlots)];
}

StatusOr<std::int32_t*> IndexSlots::Place(std::int32_t slot) {
  Page& page = pages_[static_cast<std::size_t>(slot / kPageSlots)];
  if (page.numbers == nullptr) {
    COMET_ASSIGN([[maybe_unused]] const auto* numbers, Touch(slot));
  }
  page.dirty = true;
  return &(*page.numbers)[static_cast<std::size_t>(slot % kPageSlots)];
}

std::string IndexSlots::TakeDirty(std::size_t at) {
  Page& page = pages_[at];
  if (!page.dirty) return {};
  page.dirty = false;
  std::string bytes(static_cast<std::size_t>(SlotsIn(at)) * 4, '\0');
  if (page.numbers == nullptr) return bytes;
  for (std::size_t n = 0; n * 4 < bytes.size(); ++n)
    PutI32(bytes.data() + n * 4, (*page.numbers)[n]);
  return bytes;
}

void IndexSlots::DropClean() {
  for (Page& page : pages_) {
    if (!page.dirty) page.numbers = nullptr;
  }
}

StatusOr<std::size_t> IndexSlots::CompareWith(File* file) {
  std::array<char, kPageSlots * 4> bytes;
  std::size_t different = 0;
  for (std::size_t at = 0; at < pages_.size(); ++at) {
    Page& page = pages_[at];
    const auto want = static_cast<std::size_t>(SlotsIn(at)) * 4;
    COMET_ASSIGN(const auto got, file->ReadAt(PositionOf(at), std::span(bytes).first(want)));
    bool same = got == want;
    for (std::size_t n = 0; same && n < got; n += 4) {
      same = GetI32(bytes.data() + n) == (page.numbers == nullptr ? 0 : (*page.numbers)[n / 4]);
    }
    if (same) continue;
    ++different;
    page.dirty = true;
    if (page.numbers == nullptr) page.numbers = std::make_unique<Numbers>(Numbers{});
  }
  file_ = file;
  return different;
}

}  // namespace comet::store
