#include "remoting/base/unreadable_pages.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <vector>

#include "remoting/base/check.h"
#include "remoting/base/mutex.h"

namespace comet {
namespace {

using Word = std::atomic<std::uint64_t>;
static_assert(Word::is_always_lock_free, "for use in a signal handler");

constexpr std::size_t kBitsPerWord = 64;

std::size_t PageBytes() {
  static const auto bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

}  // namespace

// What the signal handler sees of a mapping. Never freed, for a handler may be looking at it, but
// taken again for a later mapping.
struct WatchedMapping {
  std::atomic<std::uintptr_t> begin = 0, end = 0;  // addresses; 0: of no mapping
  std::atomic<Word*> lost = nullptr;               // a bit for each page; null: none is
  WatchedMapping* next = nullptr;                  // set before others see it

  std::size_t words() const { return ((end - begin) / PageBytes() + kBitsPerWord) / kBitsPerWord; }
  bool Lose(std::uintptr_t address);

 private:
  Word* MapBits();
};

namespace {

std::atomic<WatchedMapping*> g_watched = nullptr;
struct sigaction g_former {};  // set before the handler can run

// Never destroyed: a mapping may go with the last of the static objects.
struct FreeList {
  Mutex mutex;
  std::vector<WatchedMapping*> entries GUARDED_BY(mutex);
};
FreeList& Free() {
  static auto* const list = new FreeList();
  return *list;
}

// Null when the address is in none. Whoever touches a mapping keeps it, so that its entry does not
// change meanwhile; others may, and one that was free or became so in between is not believed.
WatchedMapping* Find(std::uintptr_t address) {
  for (auto* at = g_watched.load(std::memory_order_acquire); at != nullptr; at = at->next) {
    const auto begin = at->begin.load();
    if (begin == 0 || address < begin || address >= at->end.load()) continue;
    if (at->begin.load() == begin) return at;
  }
  return nullptr;
}

// Runs in the thread that touched the page, and uses only what a signal handler may.
void OnBusError(int signal, siginfo_t* info, void* /*context*/) {
  const int error = errno;
  const bool sent = info->si_code <= 0;  // by kill(2) or its like: then there is no address
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  WatchedMapping* const watched = sent ? nullptr : Find(address);
  if (watched == nullptr || !watched->Lose(address)) {
    // Goes to the former handler when this one returns: the thread touches the page once more.
    ::sigaction(signal, &g_former, nullptr);
    if (sent) ::raise(signal);
  }
  errno = error;
}

void TakeSignal() {
  COMET_CHECK(::sigaction(SIGBUS, nullptr, &g_former) == 0);
  struct sigaction action {};
  action.sa_sigaction = OnBusError;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  COMET_CHECK(::sigaction(SIGBUS, &action, nullptr) == 0);
}

WatchedMapping* TakeEntry() {
  {
    MutexLock lock(Free().mutex);
    auto& entries = Free().entries;
    if (!entries.empty()) {
      auto* const entry = entries.back();
      entries.pop_back();
      return entry;
    }
  }
  auto* const entry = new WatchedMapping();
  entry->next = g_watched.load();
  while (!g_watched.compare_exchange_weak(entry->next, entry)) {}
  return entry;
}

}  // namespace

// Remembered first: who sees the zeros finds the page lost.
bool WatchedMapping::Lose(std::uintptr_t address) {
  Word* const bits = MapBits();
  if (bits == nullptr) return false;
  const std::uintptr_t page = (address - begin) / PageBytes();
  bits[page / kBitsPerWord].fetch_or(std::uint64_t{1} << (page % kBitsPerWord));
  // The kernel's call itself: to thread sanitizer the library's is a write to what others read.
  const std::uintptr_t at = begin + page * PageBytes();
  constexpr int kZeros = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  return ::syscall(SYS_mmap, at, PageBytes(), PROT_READ, kZeros, -1, 0) != -1;
}

Word* WatchedMapping::MapBits() {
  Word* present = lost.load();
  if (present != nullptr) return present;
  const std::size_t bytes = words() * sizeof(Word);
  void* const made =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (made == MAP_FAILED) return nullptr;
  auto* const bits = static_cast<Word*>(made);  // zeros are no bits
  if (lost.compare_exchange_strong(present, bits)) return bits;
  ::munmap(made, bytes);  // another thread was first
  return present;
}

UnreadablePages::UnreadablePages(Slice mapping) : watched_(*TakeEntry()) {
  [[maybe_unused]] static const bool once = (TakeSignal(), true);
  const auto begin = reinterpret_cast<std::uintptr_t>(mapping.data());
  COMET_CHECK_EQ(begin % PageBytes(), 0U);
  const std::size_t pages = (mapping.size() + PageBytes() - 1) / PageBytes();
  watched_.end = begin + pages * PageBytes();
  watched_.begin = begin;
}

UnreadablePages::~UnreadablePages() {
  Word* const bits = watched_.lost.exchange(nullptr);
  if (bits != nullptr) ::munmap(bits, watched_.words() * sizeof(Word));
  watched_.begin = 0;
  watched_.end = 0;
  MutexLock lock(Free().mutex);
  Free().entries.push_back(&watched_);
}

bool UnreadablePages::Includes(std::size_t from, std::size_t bytes) const {
  const Word* const bits = watched_.lost.load(std::memory_order_acquire);
  if (bits == nullptr || bytes == 0) return false;
  const std::size_t size = watched_.end - watched_.begin;
  const std::size_t end = std::min(from + bytes, size);
  for (std::size_t page = from / PageBytes(); page * PageBytes() < end; ++page) {
    if ((bits[page / kBitsPerWord].load() >> (page % kBitsPerWord) & 1U) != 0) return true;
  }
  return false;
}

void TouchPages(Slice bytes) {
  if (bytes.empty()) return;
  const std::size_t before = reinterpret_cast<std::uintptr_t>(bytes.data()) % PageBytes();
  for (std::size_t at = 0; at < bytes.size(); at += PageBytes() - (at + before) % PageBytes()) {
    static_cast<void>(*static_cast<const volatile char*>(bytes.data() + at));
  }
}

}  // namespace comet
