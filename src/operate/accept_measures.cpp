#include "operate/accept_measures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rows/row_batch.hpp"

namespace falaj::operate {
namespace {

constexpr const char* kStaged = "measured_staged";
constexpr int64_t kBatchRows = 10'000;
constexpr int kRoundTrips = 11;

warehouse::TableDefinition measured_table() {
  using rows::ColumnType;
  warehouse::TableDefinition table;
  table.schema = "BRONZE";
  table.name = "measured_orders";
  table.columns = {{{"store_id", ColumnType::kBigInt, true},
                    {"order_id", ColumnType::kBigInt, true},
                    {"status", ColumnType::kText},
                    {"total_amount", ColumnType::kMoney},
                    {"created_at", ColumnType::kTimestamp},
                    {"raw_data", ColumnType::kText}}};
  table.holds_long_text = true;
  table.comment = "what falaj accept measures with";
  return table;
}

// Texts of a kilobyte that differ, as raw orders do.
std::shared_ptr<rows::RowBatch> batch_of(int64_t first, int64_t count) {
  constexpr int64_t kMicrosADay = 86'400'000'000;
  constexpr size_t kRawBytes = 1000;
  auto batch =
      std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(measured_table().columns));
  for (int64_t id = first; id < first + count; ++id) {
    batch->set_number(0, 1);
    batch->set_number(1, id);
    batch->add_text(2, id % 7 == 0 ? "canceled" : "completed");
    batch->set_number(3, id * 10'000);
    batch->set_number(4, id % 1000 * kMicrosADay);
    std::string raw =
        fmt::format("{{\"id\":{},\"reference_id\":\"{}\",\"notes\":\"", id, id * 7919);
    for (uint64_t state = static_cast<uint64_t>(id); raw.size() < kRawBytes;) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      raw += fmt::format("{:x} ", state >> 40U);
    }
    batch->add_text(5, raw + "\"}");
    batch->finish_row();
  }
  return batch;
}

double ms(Micros duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// The median time of `work`.
Result<double> median_of(Clock& clock, const std::function<Status()>& work) {
  std::vector<double> times;
  for (int i = 0; i < kRoundTrips; ++i) {
    const auto since = clock.steady_now();
    FALAJ_TRY(work());
    times.push_back(ms(clock.steady_now() - since));
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

Status load_rows(warehouse::Session& session, Clock& clock, int64_t rows) {
  const auto load = [&](warehouse::Session& inside) -> Status {
    for (int64_t first = 1; first <= rows; first += kBatchRows) {
      FALAJ_TRY(inside.stage(kStaged, batch_of(first, std::min(kBatchRows, rows - first + 1))));
    }
    FALAJ_TRY(inside.execute(
        fmt::format("INSERT INTO BRONZE.measured_orders (store_id, order_id, status, "
                    "total_amount, created_at, raw_data) SELECT store_id, order_id, status, "
                    "total_amount, created_at, raw_data FROM {}",
                    kStaged)));
    return inside.drop_staged(kStaged);
  };
  return warehouse::in_transaction(session, clock, 1, load);
}

Status read_rows(warehouse::Session& session, int64_t expected) {
  int64_t rows = 0;
  FALAJ_TRY(
      session.query_each("SELECT order_id, total_amount, created_at, raw_data FROM "
                         "BRONZE.measured_orders",
                         {}, [&](const auto&) { return ++rows > 0; }));
  if (rows == expected) return {};
  return Error(ErrorKind::kRowsRejected,
               fmt::format("{} rows were loaded, {} were read", expected, rows));
}

}  // namespace

Result<std::vector<Measure>> measure(warehouse::Warehouse& warehouse, Clock& clock, int64_t rows) {
  std::vector<Measure> measures;
  FALAJ_TRY(warehouse.create_tables({measured_table()}));
  auto since = clock.steady_now();
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  session->tag_statements({.task = "accept"});
  FALAJ_TRY(session->query("SELECT 1"));
  measures.push_back({"a session and its first answer", ms(clock.steady_now() - since), "ms"});
  FALAJ_TRY(session->declare(kStaged, measured_table().columns));
  const auto ask = [&]() -> Status {
    FALAJ_TRY(session->query("SELECT 1"));
    return {};
  };
  FALAJ_ASSIGN(const double round_trip, median_of(clock, ask));
  measures.push_back({"a statement, median", round_trip, "ms"});
  const auto turn = [&]() -> Status {
    FALAJ_TRY(session->begin());
    return session->commit();
  };
  FALAJ_ASSIGN(const double empty, median_of(clock, turn));
  measures.push_back({"a transaction that writes nothing, median", empty, "ms"});

  const auto before = warehouse.usage();
  since = clock.steady_now();
  FALAJ_TRY(load_rows(*session, clock, rows).while_doing("loading rows to measure"));
  const double load_ms = std::max(ms(clock.steady_now() - since), 0.001);
  const auto after = warehouse.usage();
  const auto count = static_cast<double>(rows);
  measures.push_back({fmt::format("{} rows with 1 KB of text each, loaded", rows),
                      count * 1000 / load_ms, "rows/s"});
  if (after.statements > before.statements) {
    measures.push_back({"statements of that load",
                        static_cast<double>(after.statements - before.statements), "statements"});
    measures.push_back(
        {"bytes uploaded for it", static_cast<double>(after.bytes - before.bytes), "bytes"});
  }
  since = clock.steady_now();
  FALAJ_TRY(read_rows(*session, rows).while_doing("reading rows to measure"));
  const double read_ms = std::max(ms(clock.steady_now() - since), 0.001);
  measures.push_back({"the same rows, read", count * 1000 / read_ms, "rows/s"});
  FALAJ_TRY(session->execute("DROP TABLE BRONZE.measured_orders"));
  return measures;
}

}  // namespace falaj::operate
