#include "console/cli/mqadmin.h"

#include <algorithm>

#include "console/cli/commands.h"
#include "console/cli/completion.h"
#include "console/cli/help.h"
#include "console/cli/not_built_in.h"
#include "console/cli/output.h"
#include "remoting/base/enum_names.h"
#include "sdk/src/admin_calls.h"

namespace comet::cli {
namespace {

ExitCode UnknownCommand(std::string_view name, const Screen& screen) {
  if (const std::string_view what = NotBuiltIn(name); !what.empty()) {
    screen.err << "error: " << name << " is not built in yet: " << what << ".\n";
    return ExitCode::kUsage;
  }
  screen.err << "error: there is no command " << name << ", see mqadmin help.";
  if (const Command* nearest = NearestCommand(name)) {
    screen.err << " Did you mean " << nearest->name << '?';
  }
  screen.err << '\n';
  return ExitCode::kUsage;
}

// The code of an error tells all but this: Status knows nothing of permissions.
ExitCode CodeOf(const Status& status, const client::AdminCalls& admin) {
  const ExitCode code = ExitCodeOf(status);
  return code == ExitCode::kFailed && admin.refused() ? ExitCode::kRefused : code;
}

ExitCode Execute(const Command& command, const Arguments& arguments, const Environment& environment,
                 const Screen& screen, Form form) {
  client::AdminOptions options;
  options.namesrv = SplitList(arguments.TextOr("namesrvAddr", environment.namesrv), ';');
  client::AdminCalls admin(std::move(options));
  Output out(screen.out, form);
  const Consent consent{screen.in, screen.on_terminal,
                        environment.assume_yes || arguments.Has("yes"), arguments.Has("dry-run"),
                        command.effect};
  Context context{admin, out, screen.err, SystemClock(), consent};
  const Status status = command.run(context, arguments);
  const Status written = out.Finish(!status.ok());
  for (const Status* error : {&status, &written}) {
    if (!error->ok()) {
      screen.err << "error: " << command.name << ": " << error->message() << '\n';
    }
  }
  if (!status.ok()) return CodeOf(status, admin);
  if (!written.ok()) return ExitCode::kFailed;
  return context.partial ? ExitCode::kPartial : ExitCode::kOk;
}

StatusOr<Form> FormOf(const Arguments& arguments) {
  const std::string text = arguments.TextOr("output", "table");
  if (EqualIgnoringCase(text, "table")) return Form::kTable;
  if (EqualIgnoringCase(text, "json")) return Form::kJson;
  return Status(Status::Code::kInvalid, "--output must be table or json, not " + text);
}

ExitCode Misused(const Command& command, const Status& error, const Screen& screen) {
  screen.err << "error: " << command.name << ": " << error.message() << '\n'
             << "See 'mqadmin help " << command.name << "'.\n";
  return ExitCode::kUsage;
}

ExitCode Print(const std::string& text, const Screen& screen) {
  screen.out << text << std::flush;
  if (screen.out) return ExitCode::kOk;
  screen.err << "error: the output could not be written\n";
  return ExitCode::kFailed;
}

ExitCode Help(std::span<const std::string_view> words, const Screen& screen) {
  if (words.empty()) return Print(CommandList(Commands()), screen);
  const Command* command = FindCommand(words.front());
  if (command == nullptr) return UnknownCommand(words.front(), screen);
  return Print(Usage(*command), screen);
}

ExitCode Completion(std::span<const std::string_view> words, const Screen& screen) {
  const std::string script =
      words.size() == 1 ? CompletionScript(words.front(), Commands()) : std::string();
  if (!script.empty()) return Print(script, screen);
  screen.err << "error: usage: mqadmin completion bash|zsh\n";
  return ExitCode::kUsage;
}

}  // namespace

ExitCode RunMqadmin(std::span<const std::string_view> words, const Environment& environment,
                    const Screen& screen) {
  if (words.empty()) return Help({}, screen);
  const std::string_view name = words.front();
  const auto rest = words.subspan(1);
  if (name == "help" || name == "-h" || name == "--help") return Help(rest, screen);
  if (name == "completion") return Completion(rest, screen);
  const Command* command = FindCommand(name);
  if (command == nullptr) return UnknownCommand(name, screen);
  const auto arguments = Arguments::Parse(AllOptions(*command), rest);
  const auto asks_for_help = [](std::string_view word) {
    return word == "-h" || word == "--help";
  };
  if (arguments.ok() ? arguments->Has("help")
                     : std::any_of(rest.begin(), rest.end(), asks_for_help)) {
    return Help(words.first(1), screen);
  }
  if (!arguments.ok()) return Misused(*command, arguments.error(), screen);
  const auto form = FormOf(*arguments);
  if (!form.ok()) return Misused(*command, form.error(), screen);
  return Execute(*command, *arguments, environment, screen, *form);
}

}  // namespace comet::cli
