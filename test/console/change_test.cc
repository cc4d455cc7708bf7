#include "console/cli/change.h"

#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/src/admin_calls.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;

std::vector<std::string> Fields(const std::vector<Difference>& differences) {
  std::vector<std::string> fields;
  for (const Difference& one : differences) fields.push_back(one.field);
  return fields;
}

TEST(DifferencesOf, NamesWhatChangesComesAndGoes) {
  const auto differences = DifferencesOf(Parsed(R"({"a":1,"b":2,"in":{"x":1,"y":2}})"),
                                         Parsed(R"({"a":1,"b":3,"c":4,"in":{"x":1,"z":5}})"));
  EXPECT_EQ(Fields(differences), (std::vector<std::string>{"b", "c", "in.z", "in.y"}));
  EXPECT_EQ(differences[0].before, Json(std::int64_t{2}));
  EXPECT_EQ(differences[0].after, Json(std::int64_t{3}));
  EXPECT_TRUE(differences[1].before.IsNull());
  EXPECT_TRUE(differences[3].after.IsNull());
}

TEST(DifferencesOf, ListEveryFieldOfWhatIsNewOrGone) {
  EXPECT_EQ(Fields(DifferencesOf(Json(), Parsed(R"({"a":1,"in":{"x":1}})"))),
            (std::vector<std::string>{"a", "in.x"}));
  EXPECT_EQ(Fields(DifferencesOf(Parsed(R"({"a":1})"), Json())), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(DifferencesOf(Json(), Json()).empty());
}

class CarryOutTest : public testing::Test {
 protected:
  CarryOutTest() : admin_({}) {}

  Step Makes(const std::string& where, Status outcome = {}) {
    Step step{"UPDATE_X", where, "thing t"};
    step.differences = DifferencesOf(Parsed(R"({"a":1})"), Parsed(R"({"a":2})"));
    step.send = [this, where, code = outcome.code()]() -> StatusOr<std::string> {
      sent_.push_back(where);
      if (code != Status::Code::kOk) return Status(code, where + " failed");
      return where + " done\n";
    };
    return step;
  }
  Status CarryOut(const std::vector<Step>& steps, Form form = Form::kTable) {
    std::istringstream in(typed_);
    const Consent consent{in, on_terminal_, yes_, dry_run_, effect_};
    Output output(out_, form);
    Context context{admin_, output, err_, SystemClock(), consent};
    Status status = cli::CarryOut(context, steps, "t");
    EXPECT_TRUE(output.Finish(!status.ok()).ok());
    partial_ = context.partial;
    return status;
  }

  client::AdminCalls admin_;
  std::ostringstream out_, err_;
  std::string typed_;
  bool on_terminal_ = false, yes_ = false, dry_run_ = false, partial_ = false;
  Effect effect_ = Effect::kWrites;
  std::vector<std::string> sent_;
};

TEST_F(CarryOutTest, ShowsTheDifferenceOnStderrAndThenSends) {
  EXPECT_TRUE(CarryOut({Makes("h:1")}).ok());
  EXPECT_EQ(err_.str(), "h:1: UPDATE_X thing t\n  a: 1 -> 2\n");
  EXPECT_EQ(out_.str(), "h:1 done\n");
}

TEST_F(CarryOutTest, SendsNothingInADryRun) {
  dry_run_ = true;
  effect_ = Effect::kDangerous;
  EXPECT_TRUE(CarryOut({Makes("h:1")}).ok());
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(out_.str(), "h:1: UPDATE_X thing t\n  a: 1 -> 2\nNothing was sent: --dry-run.\n");
}

TEST_F(CarryOutTest, ADryRunHasADocument) {
  dry_run_ = true;
  EXPECT_TRUE(CarryOut({Makes("h:1")}, Form::kJson).ok());
  EXPECT_EQ(out_.str(),
            "{\"dryRun\":true,\"changes\":[{\"request\":\"UPDATE_X\",\"where\":\"h:1\",\"what\":"
            "\"thing t\",\"differences\":[{\"field\":\"a\",\"before\":1,\"after\":2}]}]}\n");
}

TEST_F(CarryOutTest, OneFailureOfSeveralIsPartial) {
  EXPECT_TRUE(
      CarryOut({Makes("h:1", Status(Status::Code::kIo, "x")), Makes("h:2")}, Form::kJson).ok());
  EXPECT_TRUE(partial_);
  EXPECT_THAT(err_.str(), HasSubstr("error: h:1 failed\n"));
  EXPECT_THAT(out_.str(), HasSubstr(R"("ok":false,"error":"h:1 failed"})"));
}

TEST_F(CarryOutTest, OnlyFailuresAreAFailure) {
  const Status status = CarryOut({Makes("h:1", Status(Status::Code::kTimeout, "x")),
                                  Makes("h:2", Status(Status::Code::kIo, "x"))});
  EXPECT_EQ(status.code(), Status::Code::kTimeout);
  EXPECT_THAT(err_.str(), HasSubstr("error: h:2 failed\n"));
}

TEST_F(CarryOutTest, WhatNeedsTheStepsBeforeItIsNotSentAfterAFailure) {
  Step last = Makes("h:3");
  last.after_success = true;
  EXPECT_TRUE(CarryOut({Makes("h:1", Status(Status::Code::kIo, "x")), Makes("h:2"), last}).ok());
  EXPECT_EQ(sent_, (std::vector<std::string>{"h:1", "h:2"}));
}

TEST_F(CarryOutTest, DangerOffATerminalWantsYes) {
  effect_ = Effect::kDangerous;
  const Status status = CarryOut({Makes("h:1")});
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kUsage);
  EXPECT_THAT(status.message(), HasSubstr("--yes"));
  EXPECT_TRUE(sent_.empty());
  yes_ = true;
  EXPECT_TRUE(CarryOut({Makes("h:1")}).ok());
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(CarryOutTest, DangerOnATerminalWantsTheName) {
  effect_ = Effect::kDangerous;
  on_terminal_ = true;
  for (const auto* wrong : {"", "y\n", "tt\n"}) {
    typed_ = wrong;
    EXPECT_EQ(ExitCodeOf(CarryOut({Makes("h:1")})), ExitCode::kUsage) << wrong;
  }
  EXPECT_TRUE(sent_.empty());
  typed_ = "t\n";
  EXPECT_TRUE(CarryOut({Makes("h:1")}).ok());
  EXPECT_EQ(sent_.size(), 1U);
}

}  // namespace
}  // namespace comet::cli
