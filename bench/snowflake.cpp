// Loads the orders that a home has landed into a Snowflake database, the way a run does it: Parquet,
// PUT, COPY, COMMIT. Prints a JSON object; decoding the pages is not in its time.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"
#include "landing/landing.hpp"
#include "load/bronze_schema.hpp"
#include "load/decoded_package.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

namespace falaj::bench {
namespace {

constexpr const char* kTable = "bronze_orders";
// Raw text of a transaction, as in a run.
constexpr int64_t kBatchBytes = int64_t{64} << 20;

struct Options {
  std::string home;
  std::string driver;
  std::string host;
  std::string database;
  int64_t rows = 100'000;
};

struct Outcome {
  int64_t rows = 0;
  int64_t raw_bytes = 0;
  Micros loading{0};
};

Result<std::vector<landing::PageRecord>> pages_of(const landing::Landing& landing,
                                                  const PackageId& id) {
  FALAJ_ASSIGN(auto reader, landing.open_package(id));
  std::vector<landing::PageRecord> pages;
  for (;;) {
    FALAJ_ASSIGN(auto page, reader->next());
    if (!page) return pages;
    pages.push_back(std::move(*page));
  }
}

std::vector<std::shared_ptr<const rows::RowBatch>> orders_of(const load::DecodedPackage& package) {
  std::vector<std::shared_ptr<const rows::RowBatch>> batches;
  for (const auto& part : package.parts) {
    for (size_t i = 0; i < package.plans->size(); ++i) {
      if ((*package.plans)[i].table != kTable || part->tables[i].rows.row_count() == 0) continue;
      batches.emplace_back(part, &part->tables[i].rows);
    }
  }
  return batches;
}

Status load_some(warehouse::Session& session, Clock& clock,
                 const std::vector<std::shared_ptr<const rows::RowBatch>>& batches,
                 Outcome& outcome) {
  const auto since = clock.steady_now();
  FALAJ_TRY(warehouse::in_transaction(session, clock, 1, [&](warehouse::Session& inside) {
    return inside.append(std::string("BRONZE.") + kTable, {{"load_seq", "1"}}, batches);
  }));
  outcome.loading += clock.steady_now() - since;
  for (const auto& batch : batches) {
    outcome.rows += static_cast<int64_t>(batch->row_count());
    outcome.raw_bytes += static_cast<int64_t>(batch->bytes());
  }
  return {};
}

Result<Outcome> run(const Options& options) {
  SystemClock clock;
  landing::PosixFileStore files;
  FALAJ_ASSIGN(auto landing, landing::Landing::open(files, clock, options.home + "/landing"));
  const auto specs = connectors::salla::tables_of(connectors::salla::built_in_streams());
  const load::PackageDecoder decoder(specs);
  warehouse::SnowflakeOptions snowflake;
  snowflake.driver_path = options.driver;
  snowflake.account = "fakesnow";
  snowflake.host = options.host;
  snowflake.user = "falaj";
  snowflake.password = Secret("fakesnow");
  snowflake.database = options.database;
  snowflake.staging_directory = options.home + "/state/upload";
  snowflake.memory_limit_bytes = uint64_t{96} << 20U;
  snowflake.clock = &clock;
  FALAJ_ASSIGN(auto warehouse, warehouse::open_snowflake(snowflake));
  FALAJ_TRY(warehouse->create_tables(load::load_schema(specs)));
  FALAJ_ASSIGN(auto session, warehouse->open_session());
  FALAJ_ASSIGN(const auto landed, landing.list());
  std::vector<landing::Manifest> packages;
  for (const auto& manifest : landed.packages) {
    if (manifest.identity.stream == "orders") packages.push_back(manifest);
  }
  if (packages.empty()) return Error(ErrorKind::kUsage, "no orders have landed in " + options.home);
  Outcome outcome;
  std::vector<std::shared_ptr<const rows::RowBatch>> batch;
  int64_t rows = 0;
  int64_t bytes = 0;
  for (size_t i = 0; rows < options.rows; i = (i + 1) % packages.size()) {
    FALAJ_ASSIGN(auto pages, pages_of(landing, packages[i].identity.package_id));
    FALAJ_ASSIGN(const auto package, decoder.decode(packages[i], pages, 2));
    for (auto& orders : orders_of(package)) {
      rows += static_cast<int64_t>(orders->row_count());
      batch.push_back(std::move(orders));
    }
    bytes += packages[i].raw_bytes;
    const bool is_last = rows >= options.rows;
    const bool is_full = bytes + packages[(i + 1) % packages.size()].raw_bytes > kBatchBytes;
    if (!is_last && !is_full) continue;
    FALAJ_TRY(load_some(*session, clock, batch, outcome));
    batch.clear();
    bytes = 0;
  }
  return outcome;
}

}  // namespace
}  // namespace falaj::bench

int main(int argc, char** argv) {
  falaj::bench::Options options;
  CLI::App app("loads landed orders into Snowflake");
  app.add_option("--home", options.home)->required();
  app.add_option("--driver", options.driver)->required();
  app.add_option("--host", options.host)->required();
  app.add_option("--database", options.database)->required();
  app.add_option("--rows", options.rows);
  CLI11_PARSE(app, argc, argv);
  const auto outcome = falaj::bench::run(options);
  if (!outcome.ok()) {
    fmt::print(stderr, "bench-snowflake: {}\n", outcome.error().to_text());
    return falaj::exit_code(outcome.error().kind());
  }
  falaj::Json report;
  report.set("rows", outcome->rows);
  report.set("raw_bytes", outcome->raw_bytes);
  report.set("seconds", std::chrono::duration<double>(outcome->loading).count());
  fmt::print("{}\n", report.dump());
  return 0;
}
