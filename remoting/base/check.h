#pragma once

#include <ostream>
#include <sstream>
#include <string>

namespace comet {

// Prints what was expected and where, then aborts. Not for errors that can happen: for those
// that cannot.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression,
                              const std::string& detail);

template <class A, class B>
[[noreturn]] void CheckOpFailed(const char* file, int line, const char* expression, const A& a,
                                const B& b) {
  std::ostringstream detail;
  detail << a << " vs. " << b;
  CheckFailed(file, line, expression, detail.str());
}

}  // namespace comet

// Always on, release builds included.
#define COMET_CHECK(condition)            \
  (static_cast<bool>(condition) ? void(0) \
                                : ::comet::CheckFailed(__FILE__, __LINE__, #condition, {}))

#define COMET_CHECK_OP(a, op, b)                                                       \
  do {                                                                                 \
    const auto& comet_a = (a);                                                         \
    const auto& comet_b = (b);                                                         \
    if (!(comet_a op comet_b)) {                                                       \
      ::comet::CheckOpFailed(__FILE__, __LINE__, #a " " #op " " #b, comet_a, comet_b); \
    }                                                                                  \
  } while (false)
#define COMET_CHECK_EQ(a, b) COMET_CHECK_OP(a, ==, b)
#define COMET_CHECK_NE(a, b) COMET_CHECK_OP(a, !=, b)
#define COMET_CHECK_LE(a, b) COMET_CHECK_OP(a, <=, b)
#define COMET_CHECK_LT(a, b) COMET_CHECK_OP(a, <, b)
#define COMET_CHECK_GE(a, b) COMET_CHECK_OP(a, >=, b)
#define COMET_CHECK_GT(a, b) COMET_CHECK_OP(a, >, b)
