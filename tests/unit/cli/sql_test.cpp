// `falaj sql` without a warehouse: messages, names, scripts and the shell.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <deque>
#include <memory>

#include "cli/result_writer.hpp"
#include "cli/sql_fault_text.hpp"
#include "cli/sql_names.hpp"
#include "cli/sql_runner.hpp"
#include "cli/sql_shell.hpp"
#include "unit/cli/echo_console.hpp"

namespace falaj::cli {
namespace {

TEST(SqlFaultText, PointsBelowTheWord) {
  const std::string script = "SELECT\n\tforgotten\nFROM t";
  EXPECT_EQ(sql_fault_text("running the query", "Binder Error: no such column\nDid you mean \"x\"?",
                           {script, script.find("forgotten")}),
            "running the query: Binder Error: no such column\nDid you mean \"x\"?\n\n"
            "LINE 2:  forgotten\n"
            "         ^");
  EXPECT_EQ(sql_fault_text("x", "y", {script, std::nullopt}), "x: y");
}

TEST(SqlFaultText, CountsColumnsAsShown) {
  // Five letters and two marks of Arabic; two characters of two columns each; a combining accent.
  for (const std::string before : {"SELECT 'مُتَجر' ", "SELECT '中文' ", "SELECT 'e\xCC\x81' "}) {
    const std::string script = before + "oops";
    const auto text = sql_fault_text("x", "y", {script, before.size()});
    const auto caret = text.substr(text.rfind('\n') + 1);
    const size_t wide = before.find("中") != std::string::npos  ? 14U
                        : before.find("م") != std::string::npos ? 14U
                                                                : 11U;
    EXPECT_EQ(caret, std::string(8 + wide, ' ') + "^") << text;
  }
}

TEST(SqlFaultText, CutsLongLinesAroundThePlace) {
  const std::string script = std::string(500, 'a') + " oops " + std::string(500, 'b');
  const auto text = sql_fault_text("x", "y", {script, 501, 60});
  const auto lines = text.substr(text.find("LINE"));
  const auto end = lines.find('\n');
  EXPECT_LE(end, 60U);
  EXPECT_EQ(lines.substr(lines.rfind('\n') + 1).size() - 1, lines.find("oops"));
  EXPECT_NE(lines.find("..."), std::string::npos);
}

TEST(SqlFaultText, ShowsControlBytesInsteadOfObeyingThem) {
  const auto text = sql_fault_text("x", "said \x1b[2J", {"SELECT '\x1b[2J' y", 7});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(sql_fault_text("x", "y", {"SELECT (1", 9}).find("\n                 ^"),
            std::string::npos);
}

TEST(SqlNames, OfferWhatTheWordMayBecome) {
  const SqlNames names({{"GOLD", "gold_fact_orders", "order_id"},
                        {"GOLD", "gold_fact_orders", "order_status"},
                        {"SILVER", "silver_orders", "order_id"}});
  using Texts = std::vector<std::string>;
  EXPECT_EQ(names.candidates("GOLD.", ""), (Texts{"GOLD.gold_fact_orders"}));
  EXPECT_EQ(names.candidates("gold.GOLD_f", ""), (Texts{"gold.gold_fact_orders"}));
  EXPECT_EQ(names.candidates("silver_orders.o", ""), (Texts{"silver_orders.order_id"}));
  EXPECT_EQ(names.candidates("sil", ""), (Texts{"SILVER.", "silver_orders"}));
  EXPECT_EQ(names.candidates("order_", "SELECT 1 FROM silver_orders WHERE "), (Texts{"order_id"}));
  EXPECT_EQ(names.candidates("sel", ""), (Texts{"select"}));
  EXPECT_EQ(names.candidates("SEL", ""), (Texts{"SELECT"}));
  EXPECT_EQ(names.candidates("nothing_of_that", ""), Texts{});
}

// What is written into an Output.
class Written {
 public:
  Written() : file_(std::tmpfile(), std::fclose), out_(::fileno(file_.get())) {}
  Output& out() { return out_; }
  std::string text() {
    EXPECT_TRUE(out_.flush().ok());
    std::string text(static_cast<size_t>(::lseek(::fileno(file_.get()), 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(::fileno(file_.get()), text.data(), text.size(), 0),
              static_cast<ssize_t>(text.size()));
    return text;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  Output out_;
};

class SqlRun : public ::testing::Test {
 protected:
  int run(const std::string& script, ResultFormat format = ResultFormat::kTable,
          const std::string& parquet = "") {
    Written written;
    SqlRunner runner(console_, written.out(), {.format = format}, "");
    ::testing::internal::CaptureStderr();
    const int status = parquet.empty() ? runner.run(script) : runner.write_parquet(script, parquet);
    err_ = ::testing::internal::GetCapturedStderr();
    out_ = written.text();
    return status;
  }
  EchoConsole console_;
  std::string out_;
  std::string err_;
};

TEST_F(SqlRun, PrintsEachResult) {
  EXPECT_EQ(run("USE x; one; two;"), 0);
  EXPECT_EQ(out_, "said\n----\none\n(1 row)\n\nsaid\n----\ntwo\n(1 row)\n");
}

TEST_F(SqlRun, JsonIsOneDocument) {
  EXPECT_EQ(run("USE x; one", ResultFormat::kJson), 0);
  EXPECT_EQ(Json::parse(out_)->as_array()[0]["said"].as_string(), "one");
  EXPECT_EQ(run("one; USE x; two", ResultFormat::kJson), 0);
  const auto both = Json::parse(out_);
  ASSERT_TRUE(both.ok()) << out_;
  EXPECT_EQ(both->as_array()[1].as_array()[0]["said"].as_string(), "two");
  EXPECT_EQ(run("USE x", ResultFormat::kJson), 0);
  EXPECT_EQ(out_, "[]\n");
}

TEST_F(SqlRun, CsvAndParquetHoldOneResult) {
  EXPECT_EQ(run("one; two", ResultFormat::kCsv), 64);
  EXPECT_TRUE(console_.ran.empty());
  EXPECT_NE(err_.find("--csv holds one result"), std::string::npos) << err_;
  EXPECT_EQ(run("USE x; one", ResultFormat::kCsv), 0);
  EXPECT_EQ(out_, "said\r\none\r\n");
  console_.ran.clear();
  EXPECT_EQ(run("one; two", ResultFormat::kTable, "f"), 64);
  EXPECT_TRUE(console_.ran.empty());
  EXPECT_EQ(run("USE x; one", ResultFormat::kTable, "f"), 0);
  EXPECT_EQ(console_.ran, (std::vector<std::string>{"USE x", "f: one"}));
}

TEST_F(SqlRun, TheFirstFaultEndsIt) {
  EXPECT_EQ(run("one;\n\nbad thing; two"), 64);
  EXPECT_EQ(out_, "said\n----\none\n(1 row)\n");
  EXPECT_EQ(err_,
            "falaj: running statement 2 of 3: it is bad\n\nLINE 3: bad thing; two\n         ^\n");
  EXPECT_EQ(run(" -- nothing\n;"), 64);
}

// Types what it is given.
class Typist final : public terminal::LineEditor {
 public:
  Outcome read(const std::string& prompt, std::string& line) override {
    prompts.push_back(prompt);
    if (lines.empty()) return Outcome::kEnd;
    line = lines.front();
    lines.pop_front();
    return line == "^C" ? Outcome::kInterrupted : Outcome::kLine;
  }
  void remember(const std::string& entry) override { history.push_back(entry); }
  void complete_with(terminal::Completer given) override { completer = std::move(given); }

  std::deque<std::string> lines;
  std::vector<std::string> prompts;
  std::vector<std::string> history;
  terminal::Completer completer;
};

class Shell : public ::testing::Test {
 protected:
  void type(std::deque<std::string> lines) {
    typist_.lines = std::move(lines);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(SqlShell(console_, typist_, {}).run(), 0);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
  }
  EchoConsole console_;
  Typist typist_;
  std::string out_;
  std::string err_;
};

using Texts = std::vector<std::string>;

TEST_F(Shell, StatementsTakeSeveralLines) {
  type({"SELECT 1, -- why", "  'a;", "b';", "", "USE GOLD; two;", "half"});
  EXPECT_EQ(console_.ran, (Texts{"SELECT 1, -- why\n  'a;\nb'", "USE GOLD", "two"}));
  EXPECT_EQ(typist_.prompts,
            (Texts{"DB> ", "DB-> ", "DB-> ", "DB> ", "DB> ", "GOLD> ", "GOLD-> "}));
  EXPECT_EQ(typist_.history, (Texts{"SELECT 1, 'a;\nb';", "USE GOLD; two;"}));
}

TEST_F(Shell, AFaultOrAnInterruptLeavesItGoingOn) {
  type({"bad;", "forget", "^C", "one;", "\\nonsense", "quit", "two;"});
  EXPECT_EQ(console_.ran, (Texts{"bad", "one"}));
  EXPECT_NE(err_.find("LINE 1: bad;\n         ^"), std::string::npos) << err_;
  EXPECT_NE(err_.find("no command \\nonsense"), std::string::npos) << err_;
}

TEST_F(Shell, KnowsTheHabitsOfPsql) {
  type({"\\d", "\\d t;", "\\dt GOLD", "\\dn", "\\dv", "\\l", "\\timing", "\\x", "one;", "\\q"});
  EXPECT_EQ(console_.ran, (Texts{"SHOW TABLES", "DESCRIBE TABLE t", "SHOW TABLES IN SCHEMA GOLD",
                                 "SHOW SCHEMAS", "SHOW VIEWS", "SHOW DATABASES", "one"}));
  EXPECT_NE(out_.find("-[ row 1 ]"), std::string::npos) << out_;
  EXPECT_NE(err_.find("Time: "), std::string::npos) << err_;
}

TEST(TableLayout, NumbersAndDecimalsStandRight) {
  Written written;
  ResultWriter writer(written.out(), ResultStyle{});
  operate::ResultTable table;
  table.columns = {{.name = "n", .is_number = true}, {.name = "sum", .is_decimal = true}};
  writer.header(table);
  EXPECT_TRUE(writer.row({"1", "10.5000"}));
  EXPECT_TRUE(writer.row({"12", std::nullopt}));
  writer.finish();
  EXPECT_EQ(written.text(), " n      sum\n--  -------\n 1  10.5000\n12     NULL\n(2 rows)\n");
}

TEST(VerticalLayout, IsForWhatDoesNotFit) {
  const auto shown = [](ResultStyle style) {
    Written written;
    ResultWriter writer(written.out(), style);
    operate::ResultTable table;
    table.columns = {{.name = "id"}, {.name = "الاسم"}};
    writer.header(table);
    EXPECT_TRUE(writer.row({"1", "متجر الرياض الكبير"}));
    EXPECT_TRUE(writer.row({std::nullopt, "x"}));
    writer.finish();
    return written.text();
  };
  const std::string vertical =
      "-[ row 1 ]------------------------------\nid    | 1\nالاسم | متجر الرياض الكبير\n"
      "-[ row 2 ]------------------------------\nid    | NULL\nالاسم | x\n(2 rows)\n";
  // The table takes 4 + 2 + 18 columns.
  EXPECT_EQ(shown({.width = 23}), vertical);
  EXPECT_EQ(shown({.width = 24}).find("row 1"), std::string::npos);
  EXPECT_EQ(shown({}).find("row 1"), std::string::npos);
  EXPECT_EQ(shown({.layout = Layout::kVertical}), vertical);
  EXPECT_EQ(shown({.layout = Layout::kTable, .width = 3}).find("row 1"), std::string::npos);
}

}  // namespace
}  // namespace falaj::cli
