// A console on the lake or the DuckDB file. See the port (warehouse/console.hpp).
// Facts:    names without a schema are looked for in the schema in use, then in GOLD, SILVER,
//           BRONZE, OPS and the others.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "warehouse/console.hpp"
#include "warehouse/duckdb/duck_session.hpp"
#include "warehouse/duckdb/lake_statement.hpp"

namespace falaj::warehouse {

class DuckConsole final : public Console {
 public:
  static Result<std::unique_ptr<DuckConsole>> create(std::string database,
                                                     std::unique_ptr<Warehouse> warehouse,
                                                     std::unique_ptr<DuckSession> session);

  sql::Lexis lexis() const override { return {}; }
  bool gives_rows(std::string_view statement) const override;
  Status run(std::string_view statement, const HeaderSink& on_header,
             const RowSink& on_row) override;
  Result<int64_t> write_parquet(std::string_view statement, const std::string& path) override;
  const std::optional<ConsoleFault>& fault() const override { return fault_; }
  std::string where() const override;
  void cancel() override { session_->cancel(); }

 private:
  DuckConsole(std::string database, std::unique_ptr<Warehouse> warehouse,
              std::unique_ptr<DuckSession> session);

  Status prepare();
  Result<LakeStatement> read(std::string_view statement);
  Status use(const LakeStatement& statement);
  Status check_schema(const LakeStatement& statement);
  Error refused(ErrorKind kind, std::string text, size_t at);
  Status noted(Status status, const sql::Rewritten& query);
  std::string oldest_state();
  // As the warehouse spells it; empty if there is none.
  std::string known_schema(std::string_view name) const;

  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<DuckSession> session_;
  LakePlace place_;
  std::vector<std::string> schemas_;
  std::optional<ConsoleFault> fault_;
};

}  // namespace falaj::warehouse
