// What an operation accepts is checked in one place, for every face alike.
#include "operate/request.hpp"

#include <gtest/gtest.h>

namespace falaj::operate {
namespace {

std::vector<Option> options() {
  return {{.name = "NAME", .help = "who", .is_required = true, .is_positional = true},
          {.name = "orders",
           .type = OptionType::kInteger,
           .help = "how many",
           .default_value = "2000",
           .least = 1,
           .most = 10'000},
          {.name = "plan", .help = "which", .words = {"basic", "pro", "special"}},
          {.name = "for", .type = OptionType::kDuration, .help = "how long", .least = 1},
          {.name = "wait",
           .type = OptionType::kDuration,
           .help = "how long",
           .default_value = "10m",
           .least = 1,
           .most = 86'400},
          {.name = "from", .type = OptionType::kDay, .help = "first day", .needs = {"to"}},
          {.name = "to", .type = OptionType::kDay, .help = "last day"},
          {.name = "all", .type = OptionType::kFlag, .help = "everything", .excludes = {"from"}},
          {.name = "store", .help = "which", .is_repeatable = true},
          {.name = "data", .type = OptionType::kPath, .help = "a file", .must_exist = true}};
}

Request::Given given(Request::Given more) {
  more.try_emplace("NAME", std::vector<std::string>{"riyadh"});
  return more;
}

TEST(Request, HasWhatWasGivenAndDefaults) {
  const auto request = Request::make(
      options(), given({{"plan", {"pro"}}, {"store", {"a", "b"}}, {"for", {"1h30m"}}}));
  ASSERT_TRUE(request.ok()) << request.error().to_text();
  EXPECT_EQ(request->text("NAME"), "riyadh");
  EXPECT_EQ(request->text("plan"), "pro");
  EXPECT_EQ(request->integer("orders"), 2000);
  EXPECT_FALSE(request->has("orders")) << "a default was not given";
  EXPECT_EQ(request->seconds("for"), 5400);
  EXPECT_EQ(request->seconds("wait"), 600);
  EXPECT_EQ(request->texts("store"), (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(request->flag("all"));
  EXPECT_EQ(request->text("from"), "");
  EXPECT_TRUE(request->declares("to"));
  EXPECT_FALSE(request->declares("until"));
}

TEST(Request, RefusesWhatDoesNotFitAndSaysWhatDoes) {
  const struct {
    Request::Given given;
    const char* said;
  } table[] = {
      {given({{"orders", {"many"}}}), "--orders: \"many\" is no number from 1 to 10,000"},
      {given({{"orders", {"0"}}}), "\"0\" is no number from 1 to 10,000"},
      {given({{"orders", {"10001"}}}), "is no number from 1 to 10,000"},
      {given({{"orders", {"5 "}}}), "is no number"},
      {given({{"orders", {"99999999999999999999"}}}), "is no number"},
      {given({{"orders", {""}}}), "is no number"},
      {given({{"plan", {"specal"}}}), "\"specal\" is none of basic, pro, special; did you mean"},
      {given({{"for", {"soon"}}}), "reading --for"},
      {given({{"for", {"0"}}}), "--for takes a duration of 1 second or more, such as 45s"},
      {given({{"wait", {"2d"}}}), "--wait is from 1 s to 86,400 s"},
      {given({{"from", {"2025-02-30"}}, {"to", {"2025-03-01"}}}), "\"2025-02-30\" is no day"},
      {given({{"from", {"1.1.2025"}}, {"to", {"2025-03-01"}}}), "write it as 2026-11-23"},
      {given({{"from", {"2025-01-01"}}}), "--from needs --to"},
      {given({{"from", {"2025-01-01"}}, {"to", {"2025-03-01"}}, {"all", {"true"}}}),
       "--all does not go with --from"},
      {given({{"plan", {"pro", "basic"}}}), "--plan is given more than once"},
      {given({{"data", {"/nowhere/at/all"}}}), "--data: there is no file /nowhere/at/all"},
      {given({{"ordres", {"5"}}}), "there is no option ordres; did you mean \"orders\"?"},
      {{}, "NAME is required"},
  };
  for (const auto& [values, said] : table) {
    const auto request = Request::make(options(), values);
    ASSERT_FALSE(request.ok()) << said;
    EXPECT_EQ(request.error().kind(), ErrorKind::kUsage);
    EXPECT_NE(request.error().to_text().find(said), std::string::npos)
        << request.error().to_text() << " lacks: " << said;
  }
}

TEST(Request, TheSameComesAsJson) {
  const auto json = Json::parse(
      R"({"NAME": "riyadh", "orders": 5, "all": true, "store": ["a", "b"], "plan": null})");
  ASSERT_TRUE(json.ok());
  const auto request = Request::from_json(options(), *json);
  ASSERT_TRUE(request.ok()) << request.error().to_text();
  EXPECT_EQ(request->integer("orders"), 5);
  EXPECT_TRUE(request->flag("all"));
  EXPECT_EQ(request->texts("store").size(), 2U);
  EXPECT_FALSE(request->has("plan"));
  const auto refused = [](const char* text) {
    const auto made = Request::from_json(options(), *Json::parse(text));
    return made.ok() ? "" : made.error().to_text();
  };
  EXPECT_EQ(refused(R"({"NAME": "x", "all": false})"), "");
  EXPECT_NE(refused(R"({"NAME": {"a": 1}})").find("NAME takes a text"), std::string::npos);
  EXPECT_NE(refused(R"({"NAME": "x", "orders": 1.5})").find("orders takes"), std::string::npos);
  EXPECT_NE(refused(R"([1])").find("JSON object"), std::string::npos);
  EXPECT_NE(refused(R"({})").find("NAME is required"), std::string::npos);
}

}  // namespace
}  // namespace falaj::operate
