#pragma once

// Settings, declared once: the loader, the printers, the update request and the reference page
// walk the list of each module's config struct.
//
//   struct StoreConfig {
//     std::int32_t retention_hours = 72;
//     static constexpr auto Settings() {
//       return Declaration{S(&StoreConfig::retention_hours, "fileReservedTime", When::kLive,
//                           "Hours a full file is kept.", Between{1, 24 * 365})};
//     }
//     Status Check() const;  // optional: rules between settings
//   };
//
// A member may be a string, bool, integer, double or an enumeration with NamesOf.

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "remoting/base/declaration.h"
#include "remoting/base/mutex.h"
#include "remoting/base/setting_text.h"
#include "remoting/base/status.h"

namespace comet {

enum class When : std::uint8_t { kStart, kLive };  // needs a restart, or applies at once

template <class C, class M>
struct Setting {
  M C::*member;
  std::string_view key;  // the spelling in conf/*.conf, as RocketMQ has it
  When when;
  std::string_view doc;
  Between range;
};

template <class C, class M>
constexpr Setting<C, M> S(M C::*member, std::string_view key, When when, std::string_view doc,
                          Between range = {}) {
  return {member, key, when, doc, range};
}

template <class C>
concept Configured = requires {
  decltype(C::Settings())::kLines;
};

// A setting without its types; `config` points to the struct the row was made for.
struct SettingRow {
  std::string_view key;
  When when;
  std::string_view doc;
  std::string (*allowed)();                          // "1 to 8760", "true or false"
  bool (*set)(void* config, std::string_view text);  // false: not allowed, nothing changed
  std::string (*get)(const void* config);
};

// Once for all rows: compilers count the steps of what is constant.
template <Configured C>
inline constexpr auto kSettingsOf = C::Settings();

template <Configured C, std::size_t I>
constexpr SettingRow MakeSettingRow() {
  constexpr auto kSetting = LineAt<I>(kSettingsOf<C>);
  return {kSetting.key,
          kSetting.when,
          kSetting.doc,
          [] {
            constexpr auto kThis = LineAt<I>(kSettingsOf<C>);
            using Value = std::remove_cvref_t<decltype(std::declval<C&>().*kThis.member)>;
            return AllowedText(std::type_identity<Value>(), kThis.range);
          },
          [](void* config, std::string_view text) {
            constexpr auto kThis = LineAt<I>(kSettingsOf<C>);
            return ParseSetting(text, kThis.range, &(static_cast<C*>(config)->*kThis.member));
          },
          [](const void* config) {
            constexpr auto kThis = LineAt<I>(kSettingsOf<C>);
            return PrintSetting(static_cast<const C*>(config)->*kThis.member);
          }};
}

template <Configured C>
inline constexpr auto kSettingRows = []<std::size_t... I>(std::index_sequence<I...>) {
  return std::array<SettingRow, sizeof...(I)>{MakeSettingRow<C, I>()...};
}
(std::make_index_sequence<decltype(C::Settings())::kLines>{});

// One module's config as the loader sees it. Borrows the struct.
struct ConfigPart {
  std::span<const SettingRow> rows;
  void* config;
  Status (*check)(const void* config);  // rules between settings
};

template <Configured C>
ConfigPart PartOf(C& config) {
  return {kSettingRows<C>, &config, [](const void* checked) -> Status {
            if constexpr (requires(const C& c) { c.Check(); }) {
              return static_cast<const C*>(checked)->Check();
            } else {
              return {};
            }
          }};
}

// A configuration that may change while it is read. Readers take a snapshot, once per loop
// iteration or per group; a change replaces the whole value after every rule has passed.
template <class C>
class Live {
 public:
  explicit Live(C initial) : value_(std::make_shared<const C>(std::move(initial))) {}
  // Not std::atomic<std::shared_ptr>: GCC 12's load gives its lock back without release order.
  std::shared_ptr<const C> Get() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return value_;
  }
  void Replace(C next) EXCLUDES(mutex_) {
    auto fresh = std::make_shared<const C>(std::move(next));
    {
      MutexLock lock(mutex_);
      value_.swap(fresh);
    }  // the former value ends outside of the lock
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const C> value_ GUARDED_BY(mutex_);
};

}  // namespace comet
