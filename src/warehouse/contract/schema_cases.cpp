#include <fmt/format.h>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

using rows::ColumnType;

Status finds_names_in_any_case(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 3)));
  run.expect_value("SELECT COUNT(Order_ID) FROM bronze.Bronze_Orders", "3");
  run.expect_value("SELECT COUNT(*) FROM BRONZE.BRONZE_ORDERS b WHERE B.STORE_ID = 7", "3");
  FALAJ_TRY(run.session().execute("UPDATE bronze.bronze_orders SET RAW_DATA = 'x'"));
  run.expect_value("SELECT MIN(raw_data) FROM BRONZE.bronze_orders", "x");
  return {};
}

// Words that one dialect or another keeps for itself, as the catalogue has them.
Status takes_common_words_as_names(ContractRun& run) {
  auto schema = std::make_shared<rows::Schema>();
  std::string list;
  for (const char* name : {"name", "status", "type", "date", "value", "year", "month", "comment",
                           "text", "language", "position", "currency", "description", "code"}) {
    schema->columns.push_back({name, ColumnType::kText});
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  TableDefinition table;
  table.schema = "SILVER";
  table.name = "words";
  table.columns = *schema;
  FALAJ_TRY(run.warehouse().create_tables({table}));
  auto batch = std::make_shared<rows::RowBatch>(schema);
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    batch->add_text(i, schema->columns[i].name + "!");
  }
  batch->finish_row();
  FALAJ_TRY(run.session().stage("words_staged", batch));
  FALAJ_TRY(run.session().execute(
      fmt::format("INSERT INTO SILVER.words ({0}) SELECT {0} FROM words_staged", list)));
  for (const auto& column : schema->columns) {
    run.expect_value(fmt::format("SELECT w.{} FROM SILVER.words w", column.name),
                     column.name + "!");
  }
  return {};
}

Status keeps_quoted_names(ContractRun& run) {
  const std::string longest(120, 'n');
  std::vector<std::string> names;
  FALAJ_TRY(run.session().query_each(
      fmt::format(R"(SELECT 1 AS "عدد الطلبات", 2 AS "Mixed Case", 3 AS "a""b", 4 AS "{}")",
                  longest),
      [&](const Table& header) {
        for (const auto& column : header.columns) names.push_back(column.name);
      },
      [](const auto&) { return true; }));
  names.resize(4);
  run.expect_equal(names[0], "عدد الطلبات", "an Arabic name of a result's column");
  run.expect_equal(names[1], "Mixed Case", "a name with a blank");
  run.expect_equal(names[2], "a\"b", "a name with a quote");
  run.expect_equal(names[3], longest, "a name of 120 letters");
  return {};
}

Status adds_columns(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 3)));
  auto wider = orders_definition();
  wider.columns.columns.push_back({"city", ColumnType::kText, true});
  wider.columns.columns.push_back({"weight", ColumnType::kRate});
  FALAJ_TRY(run.warehouse().create_tables({wider, books_definition()}));
  FALAJ_TRY(run.warehouse().create_tables({wider, books_definition()}).while_doing("nothing"));
  run.expect_value(
      "SELECT COUNT(*) FROM BRONZE.bronze_orders WHERE city IS NULL AND weight IS NULL", "3");
  FALAJ_TRY(run.load(orders_batch(10, 1)).while_doing("loading by the old list of columns"));
  FALAJ_TRY(
      run.session().execute("UPDATE BRONZE.bronze_orders SET city = 'Abha' WHERE order_id = 1"));
  FALAJ_TRY(run.warehouse().create_tables({orders_definition()}));
  run.expect_value("SELECT COUNT(city) FROM BRONZE.bronze_orders", "1");
  FALAJ_TRY(run.open());
  run.expect_value("SELECT city FROM BRONZE.bronze_orders WHERE order_id = 1", "Abha");
  run.expect_value("SELECT COUNT(*) FROM BRONZE.bronze_orders", "4");
  return {};
}

// Quantities were whole once.
Status makes_whole_numbers_decimal(ContractRun& run) {
  TableDefinition table;
  table.schema = "SILVER";
  table.name = "pieces";
  table.columns = {{{"line", ColumnType::kBigInt, true}, {"quantity", ColumnType::kBigInt}}};
  FALAJ_TRY(run.warehouse().create_tables({table}));
  FALAJ_TRY(run.session().execute(
      "INSERT INTO SILVER.pieces (line, quantity) SELECT 1, 7 UNION ALL SELECT 2, NULL"));
  table.columns.columns[1].type = ColumnType::kMoney;
  FALAJ_TRY(run.warehouse().create_tables({table}));
  FALAJ_TRY(run.warehouse().create_tables({table}).while_doing("doing it again"));
  auto batch = std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(table.columns));
  batch->set_number(0, 3);
  batch->set_number(1, 15'000);
  batch->finish_row();
  FALAJ_TRY(run.session().append("SILVER.pieces", {}, {batch}));
  run.expect_value("SELECT COUNT(*) FROM SILVER.pieces", "3");
  run.expect_value("SELECT COUNT(*) FROM SILVER.pieces WHERE quantity IS NULL", "1");
  run.expect_value("SELECT CAST(SUM(quantity) AS DECIMAL(18,4)) FROM SILVER.pieces", "8.5000");
  FALAJ_TRY(run.open());
  run.expect_value("SELECT CAST(quantity AS DECIMAL(18,4)) FROM SILVER.pieces WHERE line = 3",
                   "1.5000");
  return {};
}

TableDefinition totals_view() {
  TableDefinition view;
  view.schema = "GOLD";
  view.name = "order_totals";
  view.view_sql =
      "CREATE OR REPLACE VIEW GOLD.order_totals AS SELECT store_id, COUNT(*) AS orders FROM "
      "BRONZE.bronze_orders GROUP BY store_id";
  view.columns = {{{"store_id", ColumnType::kBigInt}, {"orders", ColumnType::kBigInt}}};
  return view;
}

Status makes_views(ContractRun& run) {
  TableDefinition gold;
  gold.schema = "GOLD";
  gold.name = "gold_dim_store";
  gold.columns = {{{"store_key", ColumnType::kBigInt, true}}};
  FALAJ_TRY(run.warehouse().create_tables({gold, totals_view()}));
  FALAJ_TRY(run.warehouse().create_tables({gold, totals_view()}).while_doing("making it again"));
  run.expect_value("SELECT COUNT(*) FROM GOLD.order_totals", "0");
  FALAJ_TRY(run.load(orders_batch(1, 12)));
  run.expect_value("SELECT orders FROM GOLD.order_totals WHERE store_id = 7", "12");
  return {};
}

Status says_what_there_is(ContractRun& run) {
  const auto of = [&](const char* view, const char* what) {
    return fmt::format(
        "SELECT {} FROM information_schema.{} WHERE UPPER(table_catalog) = UPPER('{}') AND "
        "table_schema = 'BRONZE' AND LOWER(table_name) = 'bronze_orders'",
        what, view, run.warehouse().database_name());
  };
  run.expect_value(of("tables", "COUNT(*)"), "1");
  run.expect_value(of("columns", "COUNT(*)"), "8");
  for (const auto& column : orders_definition().columns.columns) {
    run.expect_value(
        of("columns", "is_nullable") + fmt::format(" AND LOWER(column_name) = '{}'", column.name),
        column.required ? "NO" : "YES");
  }
  run.expect_value(of("columns", "ordinal_position") + " AND LOWER(column_name) = 'raw_data'", "3");
  run.expect_value(of("columns",
                      "CAST(numeric_precision AS VARCHAR) || ',' || CAST(numeric_scale "
                      "AS VARCHAR)") +
                       " AND LOWER(column_name) = 'exchange_rate'",
                   "18,8");
  const auto described = run.session().query("DESCRIBE TABLE BRONZE.bronze_orders");
  run.expect(described.ok() && described->rows.size() == 8, "DESCRIBE TABLE lists the columns");
  return {};
}

}  // namespace

std::vector<ContractCase> schema_cases() {
  return {
      {"identifiers", "names are found in any case", finds_names_in_any_case},
      {"identifiers", "the words that records have as names need no quotes",
       takes_common_words_as_names},
      {"identifiers", "names in quotes stay as they are: Arabic, blanks, 120 letters",
       keeps_quoted_names},
      {"evolution", "missing columns are added, rows stay, nothing is dropped", adds_columns},
      {"evolution", "a column of whole numbers becomes one of decimals, its values stay",
       makes_whole_numbers_decimal},
      {"evolution", "views are made once and follow their tables", makes_views},
      {"introspection", "information_schema and DESCRIBE tell tables, columns and NOT NULL",
       says_what_there_is},
  };
}

}  // namespace falaj::warehouse::contract
