#pragma once

#include <cstddef>
#include <utility>

namespace comet {

// The lines of a declaration, each of its own type, in order: Declaration{F(...), F(...)}.
// Flat, where std::tuple makes a class for each rest of its list: half of what a file with a
// struct of settings in reach took to compile was that.
template <std::size_t I, class Line>
struct DeclaredAt {
  Line line;
};

template <class Places, class... Lines>
struct DeclaredLines;

template <std::size_t... I, class... Lines>
struct DeclaredLines<std::index_sequence<I...>, Lines...> : DeclaredAt<I, Lines>... {
  constexpr explicit DeclaredLines(const Lines&... lines) : DeclaredAt<I, Lines>{lines}... {}
};

template <class... Lines>
struct Declaration : DeclaredLines<std::index_sequence_for<Lines...>, Lines...> {
  static constexpr std::size_t kLines = sizeof...(Lines);
  using DeclaredLines<std::index_sequence_for<Lines...>, Lines...>::DeclaredLines;
};

template <class... Lines>
Declaration(const Lines&...) -> Declaration<Lines...>;

template <std::size_t I, class Line>
constexpr const Line& LineAt(const DeclaredAt<I, Line>& at) {
  return at.line;
}

namespace declaration_detail {

template <std::size_t... I, std::size_t... J, class A, class B>
constexpr auto Join(std::index_sequence<I...>, std::index_sequence<J...>, const A& a, const B& b) {
  return Declaration{LineAt<I>(a)..., LineAt<J>(b)...};
}

template <std::size_t... I, class D, class Fn>
constexpr void ForEach(std::index_sequence<I...>, const D& declaration, Fn& fn) {
  (fn(LineAt<I>(declaration)), ...);
}

}  // namespace declaration_detail

template <class... A, class... B>
constexpr auto operator+(const Declaration<A...>& a, const Declaration<B...>& b) {
  return declaration_detail::Join(std::index_sequence_for<A...>(), std::index_sequence_for<B...>(),
                                  a, b);
}

// Calls fn(line) for every line, in the order declared.
template <class... Lines, class Fn>
constexpr void ForEachLine(const Declaration<Lines...>& declaration, Fn&& fn) {
  declaration_detail::ForEach(std::index_sequence_for<Lines...>(), declaration, fn);
}

}  // namespace comet
