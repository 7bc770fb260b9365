// A console without a warehouse behind it.
// Threads:  confined to one test. Errors: those it is told to make.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operate/reports.hpp"
#include "operate/sql_console.hpp"

namespace falaj::cli {

// Answers each statement with one row: the statement itself; "bad" fails at its second byte.
class EchoConsole final : public operate::SqlConsole {
 public:
  sql::Lexis lexis() const override { return {}; }
  bool gives_rows(std::string_view statement) const override {
    return !statement.starts_with("USE");
  }
  Status run(std::string_view statement, const HeaderSink& on_header,
             const RowSink& on_row) override {
    ran.emplace_back(statement);
    fault_.reset();
    if (statement.starts_with("bad")) {
      fault_ = operate::SqlFault{"it is bad", 1};
      return Error(ErrorKind::kUsage, "it is bad");
    }
    if (!gives_rows(statement)) {
      place = statement.substr(4);
      return {};
    }
    operate::ResultTable table;
    table.columns.push_back({.name = "said"});
    if (on_header) on_header(table);
    on_row({std::string(statement)});
    return {};
  }
  Result<int64_t> write_parquet(std::string_view statement, const std::string& path) override {
    ran.push_back(path + ": " + std::string(statement));
    return 1;
  }
  const std::optional<operate::SqlFault>& fault() const override { return fault_; }
  std::string where() const override { return place; }
  void cancel() override {}

  std::vector<std::string> ran;
  std::string place = "DB";

 private:
  std::optional<operate::SqlFault> fault_;
};

}  // namespace falaj::cli
