#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/base/declaration.h"

namespace comet {

enum class Need : std::uint8_t { kOptional, kRequired };

// One line of a declaration: where the value lives, what it is called, what it means.
template <class C, class M>
struct Field {
  M C::*member;
  std::string_view key;
  Need need;
  std::string_view doc;
  std::string_view alias;  // second accepted name; the V2 headers use one letter
};

template <class C, class M>
constexpr Field<C, M> F(M C::*member, std::string_view key, Need need, std::string_view doc,
                        std::string_view alias = {}) {
  return {member, key, need, doc, alias};
}

// A described type has a static constexpr Fields() returning a Declaration of Field.
// Header codecs, JSON bodies, generated docs, fuzzers and round-trip tests all walk this one list.
template <class T>
concept Described = requires {
  decltype(T::Fields())::kLines;
};

// Once for all uses: compilers count the steps of what is constant.
template <Described T>
inline constexpr auto kFieldsOf = T::Fields();

// Calls fn(field) for every field, in the order declared.
template <Described T, class Fn>
constexpr void ForEachField(Fn&& fn) {
  ForEachLine(kFieldsOf<T>, fn);
}

template <Described T>
inline constexpr std::size_t kFieldCount = decltype(T::Fields())::kLines;

}  // namespace comet
