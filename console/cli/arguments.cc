#include "console/cli/arguments.h"

#include <algorithm>

#include "console/cli/nearest.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

Status Bad(std::string message) {
  return Status(Status::Code::kInvalid, std::move(message));
}

std::string NameOf(const Option& option) {
  if (option.letter == 0) return Concat("--", option.name);
  return Concat("-", option.letter, "/--", option.name);
}

// One word that starts with a dash, taken apart.
struct Found {
  const Option* option = nullptr;
  std::optional<std::string_view> value;  // what was glued to it
};

const Option* ByName(std::span<const Option> options, std::string_view name) {
  const auto at = std::find_if(options.begin(), options.end(),
                               [&](const Option& option) { return option.name == name; });
  return at == options.end() ? nullptr : &*at;
}

const Option* ByLetter(std::span<const Option> options, char letter) {
  const auto at = std::find_if(options.begin(), options.end(), [&](const Option& option) {
    return option.letter != 0 && option.letter == letter;
  });
  return at == options.end() ? nullptr : &*at;
}

Found Recognize(std::span<const Option> options, std::string_view word) {
  const bool long_form = word.substr(0, 2) == "--";
  const std::string_view text = word.substr(long_form ? 2 : 1);
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  Found found;
  if (equals != std::string_view::npos) found.value = text.substr(equals + 1);
  found.option = ByName(options, name);
  if (found.option != nullptr || long_form || name.empty()) return found;
  found.option = ByLetter(options, name.front());
  if (name.size() == 1 || found.option == nullptr) return found;
  if (found.option->takes == Takes::kValue) {
    found.value = text.substr(1);  // -tValue
  } else {
    found.option = nullptr;
  }
  return found;
}

bool LooksLikeOption(std::span<const Option> options, std::string_view word) {
  return word.size() > 1 && word.front() == '-' && Recognize(options, word).option != nullptr;
}

std::string Unrecognized(std::span<const Option> options, std::string_view word) {
  std::string text = Concat("unrecognized option: ", word);
  const std::string_view typed = word.substr(0, word.find('='));
  const std::size_t dashes = std::min(typed.find_first_not_of('-'), typed.size());
  if (typed.size() - dashes < 3) return text;
  const Option* nearest =
      Nearest(options, typed.substr(dashes), [](const Option& option) { return option.name; });
  return nearest == nullptr ? text : Concat(text, ", did you mean --", nearest->name, "?");
}

}  // namespace

StatusOr<Arguments> Arguments::Parse(std::span<const Option> options,
                                     std::span<const std::string_view> words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.size() < 2 || word.front() != '-') {
      return Bad(Concat("unexpected argument: ", word));
    }
    Found found = Recognize(options, word);
    if (found.option == nullptr) return Bad(Unrecognized(options, word));
    if (found.option->takes == Takes::kNothing) {
      if (found.value) return Bad(Concat("option ", NameOf(*found.option), " takes no value"));
    } else if (!found.value) {
      if (i + 1 == words.size() || LooksLikeOption(options, words[i + 1])) {
        return Bad(Concat("missing value for option ", NameOf(*found.option)));
      }
      found.value = words[++i];
    }
    arguments.values_[std::string(found.option->name)] = Trim(found.value.value_or(""));
  }
  for (const Option& option : options) {
    if (option.must == Must::kRequired && arguments.Text(option.name).empty()) {
      return Bad(Concat("missing required option: ", NameOf(option)));
    }
  }
  return arguments;
}

std::string Arguments::Text(std::string_view name) const {
  return TextOr(name, "");
}

std::string Arguments::TextOr(std::string_view name, std::string_view otherwise) const {
  const auto at = values_.find(std::string(name));
  return at == values_.end() ? std::string(otherwise) : at->second;
}

StatusOr<std::int64_t> Arguments::NumberOr(std::string_view name, std::int64_t otherwise,
                                           std::int64_t low, std::int64_t high) const {
  if (!Has(name)) return otherwise;
  const std::string text = Text(name);
  const auto number = ParseNumber<std::int64_t>(text);
  if (!number) return Bad(Concat("--", name, " is not a number: ", text));
  if (*number < low || *number > high) {
    return Bad(Concat("--", name, " must be between ", low, " and ", high, ", not ", text));
  }
  return *number;
}

StatusOr<bool> Arguments::BoolOr(std::string_view name, bool otherwise) const {
  if (!Has(name)) return otherwise;
  const std::string text = Lower(Text(name));
  if (text == "true") return true;
  if (text == "false") return false;
  return Bad(Concat("--", name, " must be true or false, not ", Text(name)));
}

Status Arguments::ExactlyOne(std::string_view one, std::string_view other) const {
  if (Has(one) != Has(other)) return Status();
  if (Has(one)) return Bad(Concat("give --", one, " or --", other, ", not both"));
  return Bad(Concat("give --", one, " or --", other));
}

std::string Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

std::vector<std::string> SplitList(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    std::string part = Trim(text.substr(begin, end - begin));
    if (!part.empty()) parts.push_back(std::move(part));
    begin = end + 1;
  }
  return parts;
}

}  // namespace comet::cli
