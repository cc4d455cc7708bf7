// Every hand-made request of the recordings, answered by our servers as by Apache's.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "test/golden/replay/differences.h"
#include "test/golden/replay/play.h"

namespace comet::golden {

void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << "code " << outcome.code << ", remark " << outcome.remark.value_or("(none)") << ", ext ";
  if (!outcome.ext) *out << "(none)";
  if (outcome.ext) *out << testing::PrintToString(*outcome.ext);
  *out << (outcome.has_body ? ", a body" : ", no body");
}

namespace {

struct Scenario {
  std::string version, name;
};

void PrintTo(const Scenario& scenario, std::ostream* out) {
  *out << scenario.version << " " << scenario.name;
}

std::vector<Scenario> AllScenarios() {
  std::vector<Scenario> all;
  for (const std::string version : {"4.9.7", "5.3.3"}) {
    for (const auto& [name, code] : ScenariosOf(version)) {
      all.push_back({version, name});
    }
  }
  return all;
}

std::string CaseName(const testing::TestParamInfo<Scenario>& info) {
  auto name = info.param.version + "_" + info.param.name;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

const GoldenFrame* RecordedReply(const std::string& version, const std::string& scenario,
                                 std::int32_t opaque) {
  for (const auto* talk : ConversationsOf(version, scenario)) {
    if (const auto* reply = talk->RecordedReply(opaque)) return reply;
  }
  return nullptr;
}

// What our reply to a request has to be; nothing when Apache's gave none.
std::optional<Outcome> Expected(const std::string& version, const std::string& scenario,
                                const GoldenFrame& request) {
  if (FindNotBuilt(request.code) != nullptr) {
    return Outcome{3, Concat(" request type ", request.code, " not supported"), std::nullopt,
                   false};
  }
  if (const auto* difference = FindDifference(version, scenario)) return difference->outcome();
  if (version == "4.9.7" && FindNewer(scenario) != nullptr) {
    return Expected("5.3.3", scenario, request);
  }
  const auto* recorded = RecordedReply(version, scenario, request.opaque);
  if (recorded == nullptr) return std::nullopt;
  return OutcomeOf(*recorded);
}

// The binary header cannot say that it has fields but none of them is set.
void ForgetEmptyFields(Outcome* outcome) {
  if (outcome->ext && outcome->ext->empty()) outcome->ext.reset();
}

void CheckReply(const Scenario& scenario, const Conversation& talk, const GoldenFrame& request) {
  SCOPED_TRACE(request.Name());
  const auto* reply = talk.ReplyTo(request.opaque);
  auto expected = Expected(scenario.version, scenario.name, request);
  if (request.broken || (request.flag & wire::kFlagOneway) != 0) expected.reset();
  ASSERT_EQ(reply != nullptr, expected.has_value());
  if (reply == nullptr) return;
  EXPECT_EQ(static_cast<int>(reply->form), request.header_type) << "a reply has its request's form";
  auto outcome = OutcomeOf(*reply);
  if (reply->form == wire::HeaderForm::kBinary) {
    ForgetEmptyFields(&outcome);
    ForgetEmptyFields(&*expected);
  }
  EXPECT_EQ(outcome, *expected);
}

std::multiset<std::int32_t> NoticeCodes(const Conversation& talk) {
  std::multiset<std::int32_t> codes;
  for (const auto& reply : talk.replies) {
    if (!reply.is_reply()) codes.insert(reply.code);
  }
  return codes;
}

std::multiset<std::int32_t> RecordedNoticeCodes(const Conversation& talk) {
  std::multiset<std::int32_t> codes;
  for (const auto& frame : talk.recorded) {
    if (!frame.is_reply()) codes.insert(frame.code);
  }
  return codes;
}

class Replay : public testing::TestWithParam<Scenario> {};

TEST_P(Replay, IsAnsweredAsApacheDid) {
  const auto& scenario = GetParam();
  for (const auto* talk : ConversationsOf(scenario.version, scenario.name)) {
    bool broken = false;
    for (const auto& request : talk->requests) {
      CheckReply(scenario, *talk, request);
      broken = broken || request.broken;
    }
    EXPECT_EQ(talk->closed, broken) << "a frame that is broken closes its connection";
    EXPECT_EQ(NoticeCodes(*talk), RecordedNoticeCodes(*talk));
  }
}

std::string PrintTables() {
  std::ostringstream out;
  for (const auto& row : Differences()) {
    const auto from = row.from == Difference::From::kBoth  ? "both"
                      : row.from == Difference::From::k497 ? "4.9.7"
                                                           : "5.3.3";
    out << "| " << row.scenario << " | " << from << " | " << row.code << " | "
        << (row.remark.empty() ? "" : Concat("`", row.remark, "`")) << " | " << row.reason
        << " |\n";
  }
  out << "\n";
  for (const auto& row : AnsweredAsNewer()) {
    out << "| " << row.scenario << " | " << row.reason << " |\n";
  }
  out << "\n";
  for (const auto& row : CodesNotBuilt()) {
    out << "| " << row.code << " " << row.name << " | " << row.reason << " |\n";
  }
  return out.str();
}

TEST(Differences, AreThoseOfTheReadme) {
  std::ifstream file(COMET_SOURCE_DIR "/test/golden/replay/README.md");
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  std::istringstream rows(PrintTables());
  for (std::string row; std::getline(rows, row);) {
    EXPECT_NE(readme.find(row + "\n"), std::string::npos) << "missing:\n" << row;
  }
  const auto lines = [](const std::string& text) {
    std::istringstream in(text);
    std::int64_t count = 0;
    for (std::string line; std::getline(in, line);) count += line.starts_with("| ") ? 1 : 0;
    return count;
  };
  EXPECT_EQ(lines(readme), lines(PrintTables()) + 3) << "three heads and these rows:\n"
                                                     << PrintTables();
}

std::vector<Outcome> RecordedOutcomes(const std::string& version, std::string_view scenario) {
  std::vector<Outcome> all;
  for (const auto& frame : ReadGoldenFrames("raw-" + version)) {
    const bool wanted = frame.scenario == scenario && !frame.to_server && frame.is_reply();
    if (wanted) all.push_back(OutcomeOf(frame));
  }
  return all;
}

// A row that no longer says anything new has to go.
TEST(Differences, DifferFromTheRecording) {
  for (const std::string version : {"4.9.7", "5.3.3"}) {
    for (const auto& row : Differences()) {
      if (!row.Holds(version)) continue;
      const auto recorded = RecordedOutcomes(version, row.scenario);
      ASSERT_EQ(recorded.size(), 1) << row.scenario;
      EXPECT_NE(recorded.front(), row.outcome()) << row.scenario;
    }
  }
  for (const auto& row : AnsweredAsNewer()) {
    EXPECT_NE(RecordedOutcomes("4.9.7", row.scenario), RecordedOutcomes("5.3.3", row.scenario))
        << row.scenario;
  }
}

INSTANTIATE_TEST_SUITE_P(Raw, Replay, testing::ValuesIn(AllScenarios()), CaseName);

}  // namespace
}  // namespace comet::golden
