#include "console/cli/change.h"

#include <istream>
#include <ostream>

#include "remoting/base/json_writer.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

std::string JsonText(const Json& value) {
  std::string text;
  AppendJson(&text, value, JsonStyle::kFastjson);
  return text;
}

Json Null() {
  return Json();
}

Json Member(const Json& document, std::string_view name) {
  const Json* value = document.Find(name);
  return value == nullptr ? Null() : *value;
}

void Compare(const std::string& prefix, const Json& before, const Json& after,
             std::vector<Difference>* differences) {
  if (before == after) return;
  const Json::Object* old_members = before.AsObject();
  const Json::Object* new_members = after.AsObject();
  const bool inner =
      (old_members != nullptr || before.IsNull()) && (new_members != nullptr || after.IsNull());
  if (!inner) {
    differences->push_back({prefix, before, after});
    return;
  }
  const auto name_of = [&](const Json::Member& member) {
    const std::string* key = member.key.AsString();
    const std::string name = key != nullptr ? *key : JsonText(member.key);
    return prefix.empty() ? name : Concat(prefix, ".", name);
  };
  if (new_members != nullptr) {
    for (const Json::Member& member : *new_members) {
      const std::string* key = member.key.AsString();
      Compare(name_of(member), key != nullptr ? Member(before, *key) : Null(), member.value,
              differences);
    }
  }
  if (old_members == nullptr) return;
  for (const Json::Member& member : *old_members) {
    const std::string* key = member.key.AsString();
    if (key != nullptr && after.Find(*key) != nullptr) continue;
    Compare(name_of(member), member.value, Null(), differences);
  }
}

std::string StepText(const Step& step) {
  std::string text = Concat(step.where, ": ", step.request, " ", step.what, "\n");
  if (!step.differences) return text;
  if (step.differences->empty()) text += "  nothing changes\n";
  for (const Difference& one : *step.differences) {
    if (one.before.IsNull()) {
      text += Concat("  + ", one.field, ": ", JsonText(one.after), "\n");
    } else if (one.after.IsNull()) {
      text += Concat("  - ", one.field, ": ", JsonText(one.before), "\n");
    } else {
      text +=
          Concat("  ", one.field, ": ", JsonText(one.before), " -> ", JsonText(one.after), "\n");
    }
  }
  return text;
}

Json DifferencesJson(const Step& step) {
  if (!step.differences) return Null();
  Json::Array list;
  for (const Difference& one : *step.differences) {
    list.push_back(Record(
        {{"field", one.field}, {"before", Cell("", one.before)}, {"after", Cell("", one.after)}}));
  }
  return Json(std::move(list));
}

void Rehearse(Context& context, const std::vector<Step>& steps) {
  context.out.Set("dryRun", Json(true), "");
  for (const Step& step : steps) {
    context.out.Append("changes",
                       Record({{"request", step.request},
                               {"where", step.where},
                               {"what", step.what},
                               {"differences", Cell("", DifferencesJson(step))}}),
                       StepText(step));
  }
  context.out.Say("Nothing was sent: --dry-run.\n");
}

Status Ask(Context& context, std::string_view name) {
  const Consent& consent = context.consent;
  if (consent.effect != Effect::kDangerous || consent.given) return {};
  if (!consent.on_terminal) {
    return Status(Status::Code::kInvalid,
                  "this cannot be taken back, and nobody is there to be asked: give --yes (or set "
                  "MQADMIN_ASSUME_YES=1) to do it, --dry-run to see what it would do");
  }
  context.err << "This cannot be taken back. Type " << (name.empty() ? "y" : name)
              << " to go on: " << std::flush;
  std::string answer;
  std::getline(consent.in, answer);
  if (Trim(answer) == (name.empty() ? "y" : name)) return {};
  return Status(Status::Code::kInvalid, "not confirmed, nothing was sent");
}

void Report(Context& context, const Step& step, const StatusOr<std::string>& done) {
  Json result = Record(
      {{"request", step.request}, {"where", step.where}, {"what", step.what}, {"ok", done.ok()}});
  if (!done.ok()) {
    result.AsObject()->push_back({Json(std::string("error")), Json(done.error().message())});
  }
  context.out.Append("results", std::move(result), done.ok() ? *done : "");
}

}  // namespace

std::vector<Difference> DifferencesOf(const Json& before, const Json& after) {
  std::vector<Difference> differences;
  Compare("", before, after, &differences);
  return differences;
}

Status CarryOut(Context& context, const std::vector<Step>& steps, std::string_view name) {
  if (context.consent.dry_run) {
    Rehearse(context, steps);
    return {};
  }
  const bool dangerous = context.consent.effect == Effect::kDangerous;
  for (const Step& step : steps) {
    if (step.differences || dangerous) context.err << StepText(step);
  }
  context.err.flush();
  COMET_TRY(Ask(context, name));
  std::vector<Status> failures;
  std::size_t attempts = 0;
  for (const Step& step : steps) {
    if (step.after_success && !failures.empty()) continue;
    StatusOr<std::string> done = step.send();
    Report(context, step, done);
    ++attempts;
    if (!done.ok()) failures.push_back(done.TakeError());
  }
  return context.Summarize(std::move(failures), attempts);
}

}  // namespace comet::cli
