#include "console/cli/completion.h"

#include "console/cli/help.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

constexpr std::string_view kWordsOfOwn = "help completion";

std::string Names(std::span<const Command> commands) {
  std::string names;
  for (const Command& command : commands) names += Concat(command.name, " ");
  return names;
}

std::string BashScript(std::span<const Command> commands) {
  const std::string names = Names(commands);
  std::string script = Concat(
      "# bash completion for mqadmin; made by: mqadmin completion bash\n"
      "_mqadmin() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local words=\"\"\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    words=\"",
      names, kWordsOfOwn,
      "\"\n"
      "  elif [ \"$previous\" = --output ]; then\n"
      "    words=\"table json\"\n"
      "  else\n"
      "    case \"${COMP_WORDS[1]}\" in\n"
      "      help) words=\"",
      names,
      "\" ;;\n"
      "      completion) words=\"bash zsh\" ;;\n");
  for (const Command& command : commands) {
    script += Concat("      ", command.name, ") words=\"");
    for (const Option& option : AllOptions(command)) {
      if (option.letter != 0) script += Concat("-", option.letter, " ");
      script += Concat("--", option.name, " ");
    }
    script.back() = '"';
    script += " ;;\n";
  }
  return script +
         "    esac\n"
         "  fi\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -F _mqadmin mqadmin\n";
}

// Inside single quotes, and inside the brackets or behind the colon where zsh wants the text.
std::string ZshText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

// '(-t --topic)'{-t,--topic}'[doc]:topic:'
std::string ZshOption(const Option& option) {
  const std::string action = option.takes == Takes::kNothing ? ""
                             : option.name == "output"       ? ":form:(table json)"
                                                             : Concat(":", option.name, ":");
  const std::string tail = Concat("'[", ZshText(option.doc), "]", action, "'");
  if (option.letter == 0) return Concat("'--", option.name, "'", tail);
  return Concat("'(-", option.letter, " --", option.name, ")'{-", option.letter, ",--", option.name,
                "}", tail);
}

std::string ZshScript(std::span<const Command> commands) {
  std::string script =
      "#compdef mqadmin\n"
      "# zsh completion for mqadmin; made by: mqadmin completion zsh\n"
      "_mqadmin() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const Command& command : commands) {
    script += Concat("    '", command.name, ":", ZshText(command.summary), "'\n");
  }
  script +=
      "    'help:Lists commands, or the options of one.'\n"
      "    'completion:Prints a completion script.'\n"
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe -t commands 'command' commands\n"
      "    return\n"
      "  fi\n"
      "  local command=\"$words[2]\"\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  case \"$command\" in\n"
      "    help) _describe -t commands 'command' commands ;;\n"
      "    completion) _values 'shell' bash zsh ;;\n";
  for (const Command& command : commands) {
    script += Concat("    ", command.name, ") _arguments");
    for (const Option& option : AllOptions(command)) script += " \\\n      " + ZshOption(option);
    script += " ;;\n";
  }
  return script +
         "  esac\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _mqadmin ]; then\n"
         "  _mqadmin \"$@\"\n"
         "else\n"
         "  compdef _mqadmin mqadmin\n"
         "fi\n";
}

}  // namespace

std::string CompletionScript(std::string_view shell, std::span<const Command> commands) {
  if (shell == "bash") return BashScript(commands);
  if (shell == "zsh") return ZshScript(commands);
  return {};
}

}  // namespace comet::cli
