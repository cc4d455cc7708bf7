#include "console/cli/help.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "console/cli/table.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

constexpr std::size_t kLineWidth = 110;

constexpr std::array kCommonOptions{
    Option{'h', "help", Takes::kNothing, Must::kOptional, "Print this, and exit"},
    Option{'n', "namesrvAddr", Takes::kValue, Must::kOptional,
           "Name servers: '192.168.0.1:9876;192.168.0.2:9876'; otherwise $NAMESRV_ADDR"},
    Option{'o', "output", Takes::kValue, Must::kOptional,
           "table (default), or json: one document on stdout"}};

constexpr Option kDryRun{0, "dry-run", Takes::kNothing, Must::kOptional,
                         "Print what would be sent, where, and what would change; send nothing"};
constexpr Option kYes{0, "yes", Takes::kNothing, Must::kOptional,
                      "Do not ask; the same for all commands: MQADMIN_ASSUME_YES=1 in the "
                      "environment, for scripts written for Apache's mqadmin"};

std::string SortKey(const Option& option) {
  std::string key = option.letter != 0 ? std::string(1, option.letter) : std::string(option.name);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return key;
}

std::vector<Option> Sorted(const Command& command) {
  std::vector<Option> options = AllOptions(command);
  std::stable_sort(options.begin(), options.end(),
                   [](const Option& a, const Option& b) { return SortKey(a) < SortKey(b); });
  return options;
}

std::string Short(const Option& option) {
  std::string text = option.letter != 0 ? Concat("-", option.letter) : Concat("--", option.name);
  if (option.takes == Takes::kValue) text += " <arg>";
  return option.must == Must::kRequired ? text : Concat("[", text, "]");
}

std::string Long(const Option& option) {
  std::string text = " ";
  if (option.letter != 0) text += Concat("-", option.letter, ",");
  text += Concat("--", option.name);
  if (option.takes == Takes::kValue) text += " <arg>";
  return text;
}

// Appends words, breaking lines that grow too long; further lines start `indent` blanks in.
void AppendWrapped(std::string* text, std::string_view words, std::size_t indent) {
  std::size_t column =
      text->size() - (text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1);
  bool first = true;
  for (const std::string& word : SplitList(words, ' ')) {
    if (!first && column + 1 + word.size() > kLineWidth) {
      text->append("\n").append(indent, ' ');
      column = indent;
    } else if (!first) {
      text->push_back(' ');
      ++column;
    }
    text->append(word);
    column += word.size();
    first = false;
  }
  text->push_back('\n');
}

}  // namespace

std::vector<Option> AllOptions(const Command& command) {
  std::vector<Option> options(command.options.begin(), command.options.end());
  for (Option common : kCommonOptions) {
    for (const Option& own : command.options) {
      if (own.letter == common.letter) common.letter = 0;
    }
    options.push_back(common);
  }
  if (command.effect != Effect::kReads) options.push_back(kDryRun);
  if (command.effect == Effect::kDangerous) options.push_back(kYes);
  return options;
}

std::string CommandList(std::span<const Command> commands) {
  std::string text = "usage: mqadmin COMMAND [OPTIONS]\n\n";
  for (const Command& command : commands) {
    text += Row("   %-35s %s\n", {std::string(command.name), std::string(command.summary)});
  }
  return text +
         "\n'mqadmin help COMMAND' lists the options of one. Name servers: -n, or NAMESRV_ADDR in "
         "the environment.\n'-o json' or '--output json' prints JSON; commands with an -o of their "
         "own know the long form alone.\nWriting commands have '--dry-run'. What cannot be taken "
         "back is asked first; off a terminal it wants\n'--yes', or MQADMIN_ASSUME_YES=1 in the "
         "environment for scripts written for Apache's mqadmin.\n'mqadmin completion bash' (or "
         "zsh) prints what lets that shell complete words.\nExit codes: 0 done, 1 wrong words or "
         "not confirmed, 2 not reached, 3 no permission, 4 not there,\n5 done in part, 6 "
         "failed.\n";
}

std::string Usage(const Command& command) {
  const std::vector<Option> options = Sorted(command);
  std::string text = Concat("usage: mqadmin ", command.name, " ");
  std::string brief;
  std::size_t widest = 0;
  for (const Option& option : options) {
    brief += Short(option) + " ";
    widest = std::max(widest, Long(option).size());
  }
  AppendWrapped(&text, brief, 7);
  for (const Option& option : options) {
    std::string line = Long(option);
    line.append(widest + 3 - line.size(), ' ');
    AppendWrapped(&line, option.doc, widest + 3);
    text += line;
  }
  if (!command.note.empty()) AppendWrapped(&text, command.note, 0);
  return text + Concat("example: ", command.example, "\n");
}

}  // namespace comet::cli
