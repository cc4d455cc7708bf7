#include "console/cli/mqadmin.h"

#include <algorithm>

#include "console/cli/commands.h"
#include "console/cli/help.h"
#include "sdk/src/admin_calls.h"

namespace comet::cli {
namespace {

ExitCode UnknownCommand(std::string_view name, const Screen& screen) {
  screen.err << "error: there is no command " << name << ", see mqadmin help.";
  if (const Command* nearest = NearestCommand(name)) {
    screen.err << " Did you mean " << nearest->name << '?';
  }
  screen.err << '\n';
  return ExitCode::kUsage;
}

ExitCode Help(std::span<const std::string_view> words, const Screen& screen) {
  if (words.empty()) {
    screen.out << CommandList(Commands());
    return ExitCode::kOk;
  }
  const Command* command = FindCommand(words.front());
  if (command == nullptr) return UnknownCommand(words.front(), screen);
  screen.out << Usage(*command);
  return ExitCode::kOk;
}

ExitCode Execute(const Command& command, const Arguments& arguments, const std::string& namesrv,
                 const Screen& screen) {
  client::AdminOptions options;
  options.namesrv = SplitList(arguments.TextOr("namesrvAddr", namesrv), ';');
  client::AdminCalls admin(std::move(options));
  Context context{admin, screen.out, screen.err, SystemClock()};
  const Status status = command.run(context, arguments);
  screen.out.flush();
  if (!status.ok()) {
    screen.err << "error: " << command.name << ": " << status.message() << '\n';
    return ExitCodeOf(status);
  }
  return context.partial ? ExitCode::kPartial : ExitCode::kOk;
}

}  // namespace

ExitCode RunMqadmin(std::span<const std::string_view> words, const std::string& namesrv,
                    const Screen& screen) {
  if (words.empty()) return Help({}, screen);
  const std::string_view name = words.front();
  const auto rest = words.subspan(1);
  if (name == "help" || name == "-h" || name == "--help") return Help(rest, screen);
  const Command* command = FindCommand(name);
  if (command == nullptr) return UnknownCommand(name, screen);
  if (std::find_if(rest.begin(), rest.end(), [](std::string_view word) {
        return word == "-h" || word == "--help";
      }) != rest.end()) {
    return Help(words.first(1), screen);
  }
  const auto arguments = Arguments::Parse(AllOptions(*command), rest);
  if (!arguments.ok()) {
    screen.err << "error: " << command->name << ": " << arguments.error().message() << '\n'
               << "See 'mqadmin help " << command->name << "'.\n";
    return ExitCode::kUsage;
  }
  return Execute(*command, *arguments, namesrv, screen);
}

}  // namespace comet::cli
