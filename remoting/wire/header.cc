#include "remoting/wire/header.h"

#include <array>

namespace comet::wire {
namespace {

constexpr std::array<std::string_view, 14> kNames = {
    "JAVA",  "CPP",  "DOTNET", "PYTHON", "DELPHI", "ERLANG", "RUBY",
    "OTHER", "HTTP", "GO",     "PHP",    "OMS",    "RUST",   "NODE_JS",
};

}  // namespace

std::string_view LanguageName(Language language) {
  const auto index = static_cast<std::size_t>(language);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

Language LanguageFromName(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Language>(i);
  }
  return Language::kUnknown;
}

Language LanguageFromNumber(std::int64_t number) {
  return number >= 0 && number < static_cast<std::int64_t>(kNames.size())
             ? static_cast<Language>(number)
             : Language::kUnknown;
}

}  // namespace comet::wire
