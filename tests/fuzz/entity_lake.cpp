#include "fuzz/entity_lake.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <map>

#include "connectors/salla/catalogue.hpp"
#include "fuzz/fuzz_target.hpp"
#include "load/bronze_schema.hpp"
#include "load/loader.hpp"
#include "transform/transformer.hpp"
#include "warehouse/books/books_schema.hpp"
#include "warehouse/books/row_cells.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kStart = 1'771'200'000'000'000;
constexpr int64_t kFirstStore = 77;
// Entities of several inputs meet in a store: versions of one id, and lines of one order.
constexpr int64_t kStores = 24;

struct SilverTable {
  std::string stream;
  std::string bronze;
  std::string silver;
  std::string id;
};
// Where each entity of BRONZE must be, or in quarantine of the model.
const std::vector<SilverTable>& silver_tables() {
  static const std::vector<SilverTable> all = {
      {"orders", "bronze_orders", "silver_orders", "order_id"},
      {"customers", "bronze_customers", "silver_customers", "customer_id"},
      {"products", "bronze_products", "silver_products", "product_id"},
      {"invoices", "bronze_invoices", "silver_invoices", "invoice_id"},
      {"transactions", "bronze_transactions", "silver_transactions", "transaction_id"},
      {"shipments", "bronze_shipments", "silver_shipments", "shipment_id"},
      {"order_histories", "bronze_order_histories", "silver_order_status_history",
       "order_history_id"},
      {"coupons", "bronze_coupons", "silver_coupons", "coupon_id"},
      {"abandoned_carts", "bronze_abandoned_carts", "silver_abandoned_carts", "abandoned_cart_id"},
      {"reviews", "bronze_reviews", "silver_reviews", "review_id"},
      {"categories", "bronze_categories", "silver_categories", "category_id"},
      {"brands", "bronze_brands", "silver_brands", "brand_id"},
      {"branches", "bronze_branches", "silver_branches", "branch_id"},
      // Of lines only those of the newest complete set.
      {"order_items", "", "silver_order_items", "order_item_id"},
      {"product_variants", "", "silver_product_variants", "product_variant_id"}};
  return all;
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "'" : ", '") + text + "'";
  return list;
}

}  // namespace

EntityLake::EntityLake()
    : folder_(fs::temp_directory_path() / fmt::format("falaj-fuzz-{}", ::getpid())),
      clock_(UtcTime(Micros(kStart))) {
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  auto landing = landing::Landing::open(files_, clock_, (folder_ / "landing").string());
  expect(landing.ok(), "a landing opens");
  landing_ = std::make_unique<landing::Landing>(std::move(*landing));
  warehouse::LakeOptions options;
  options.directory = (folder_ / "lake").string();
  options.clock = &clock_;
  options.threads = 1;
  options.memory_limit_bytes = 512U << 20U;
  auto opened = warehouse::open_duckdb_file(options);
  expect(opened.ok(), opened.ok() ? "" : opened.error().to_text());
  warehouse_ = std::move(*opened);
  auto tables = warehouse::ops_schema();
  for (auto& table : load::bronze_schema(connectors::salla::catalogue()))
    tables.push_back(std::move(table));
  for (auto& table : transform::ModelRegistry::built_in().definitions())
    tables.push_back(std::move(table));
  const auto made = warehouse_->create_tables(tables);
  expect(made.ok(), made.ok() ? "" : made.error().to_text());
  auto session = warehouse_->open_session();
  expect(session.ok(), session.ok() ? "" : session.error().to_text());
  session_ = std::move(*session);
}

EntityLake::~EntityLake() {
  session_.reset();
  warehouse_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string EntityLake::take(const std::vector<EntityInput>& inputs) {
  clock_.advance(Micros(3'600'000'000));
  ids_.clear();
  for (const auto step : {0, 1, 2, 3}) {
    auto problem = step == 0   ? load(inputs)
                   : step == 1 ? build()
                   : step == 2 ? check_rows()
                               : check_controls(inputs);
    if (!problem.empty()) return problem;
  }
  return "";
}

landing::SealedPackage EntityLake::package_of(const EntityInput& input) {
  const auto number = ++packages_;
  landing::PageRecord page;
  page.stream = input.spec->stream;
  page.shape = shape_of(*input.spec);
  page.source = "list";
  page.request = "/" + input.spec->stream;
  page.parent_id = has_parent(*input.spec) ? 418'149'270 + number : 0;
  page.fetched_at = UtcTime(Micros(kStart + number * 1'000'000));
  page.body = landing::PageBody(std::string(input.body));
  landing::SealedPackage sealed;
  sealed.manifest.identity = {PackageId(fmt::format("01KDVDNA00DK9ZK0N{:09}", number)), RunId("R1"),
                              StoreId(kFirstStore + number % kStores), input.spec->stream};
  sealed.manifest.pages = 1;
  sealed.manifest.raw_bytes = static_cast<int64_t>(page.body.size());
  sealed.manifest.first_fetched_at = page.fetched_at;
  sealed.manifest.last_fetched_at = page.fetched_at;
  sealed.pages.push_back(std::move(page));
  ids_.push_back(sealed.manifest.identity.package_id.value());
  return sealed;
}

std::string EntityLake::load(const std::vector<EntityInput>& inputs) {
  std::vector<landing::SealedPackage> packages;
  for (const auto& input : inputs) packages.push_back(package_of(input));
  load::LoaderOptions options;
  options.specs = connectors::salla::catalogue();
  options.run_id = "R1";
  options.decode_threads = 1;
  options.attempts = 1;
  options.batch_packages = 1000;
  auto loader = load::Loader::create(*warehouse_, *landing_, clock_, std::move(options));
  if (!loader.ok()) return loader.error().to_text();
  const auto loaded = (*loader)->load(std::move(packages));
  if (!loaded.ok()) return "loading: " + loaded.error().to_text();
  if (loaded->packages_loaded != static_cast<int64_t>(inputs.size()))
    return fmt::format("{} packages of {} were loaded", loaded->packages_loaded, inputs.size());
  int64_t quarantined = 0;
  for (const auto& table : loaded->tables) {
    quarantined += table.quarantined;
    if (table.fetched != table.loaded + table.unchanged + table.quarantined)
      return fmt::format("the books of {} do not balance", table.table);
    const auto rows = session_->query(fmt::format(
        "SELECT COUNT(*) FROM BRONZE.{} WHERE package_id IN ({})", table.table, quoted_list(ids_)));
    if (!rows.ok()) return rows.error().to_text();
    if (rows->rows[0][0] != std::to_string(table.loaded))
      return fmt::format("{} has {} rows, the books say {}", table.table,
                         rows->rows[0][0].value_or(""), table.loaded);
  }
  // One that is open already, from an answer before, is counted and not kept again.
  const auto kept = session_->query(fmt::format(
      "SELECT SUM(CASE WHEN package_id IN ({0}) THEN 1 ELSE 0 END), SUM(CASE WHEN package_id NOT "
      "IN "
      "({0}) AND resolved_at IS NULL THEN 1 ELSE 0 END) FROM SILVER.quarantine WHERE model IS NULL",
      quoted_list(ids_)));
  if (!kept.ok()) return kept.error().to_text();
  const auto records = warehouse::number(kept->rows[0][0]);
  const bool has_older = warehouse::number(kept->rows[0][1]) > 0;
  if (records == quarantined || (records < quarantined && has_older)) return "";
  return fmt::format("{} records are in quarantine, the books say {}", records, quarantined);
}

std::string EntityLake::build() {
  transform::TransformOptions options;
  options.run_id = "R1";
  options.attempts = 1;
  transform::Transformer transformer(*session_, clock_);
  const auto built = transformer.run(options);
  if (!built.ok()) return "building: " + built.error().to_text();
  for (const auto& failure : built->failures)
    return fmt::format("model {} fails: {}", failure.model, failure.error);
  return "";
}

std::string EntityLake::missing(const std::string& what, const std::string& sql) {
  const auto counted = session_->query(sql);
  if (!counted.ok()) return what + ": " + counted.error().to_text();
  const auto count = counted->rows.at(0).at(0).value_or("NULL");
  return count == "0" ? "" : fmt::format("{}: {}", what, count);
}

// Whatever BRONZE has is in SILVER, and what is alive there in GOLD, or in quarantine of the model.
std::string EntityLake::check_rows() {
  const std::string outside =
      "NOT EXISTS (SELECT 1 FROM SILVER.quarantine q WHERE q.model = '{0}' AND q.store_id = "
      "b.store_id AND q.entity_id = b.{1} AND q.resolved_at IS NULL)";
  for (const auto& table : silver_tables()) {
    if (table.bronze.empty()) continue;
    auto problem = missing(
        fmt::format("entities of {} that {} lacks", table.bronze, table.silver),
        fmt::format("SELECT COUNT(*) FROM BRONZE.{} b WHERE NOT EXISTS (SELECT 1 FROM SILVER.{} s "
                    "WHERE s.store_id = b.store_id AND s.{} = b.{}) AND ",
                    table.bronze, table.silver, table.id, table.id) +
            fmt::format(fmt::runtime(outside), table.silver, table.id));
    if (!problem.empty()) return problem;
  }
  auto problem = missing(
      "orders of silver that gold lacks",
      "SELECT COUNT(*) FROM SILVER.silver_orders b WHERE NOT b.is_deleted AND NOT EXISTS (SELECT 1 "
      "FROM GOLD.gold_fact_orders s WHERE s.store_id = b.store_id AND s.order_id = b.order_id) "
      "AND " +
          fmt::format(fmt::runtime(outside), "gold_fact_orders", "order_id"));
  if (!problem.empty()) return problem;
  return missing("live orders that mv_daily_sales does not count",
                 "SELECT (SELECT COUNT(*) FROM GOLD.gold_fact_orders) - (SELECT "
                 "COALESCE(SUM(order_count), 0) FROM GOLD.mv_daily_sales)");
}

std::string EntityLake::check_controls(const std::vector<EntityInput>& inputs) {
  std::map<std::string, std::vector<std::string>> wanted;
  for (const auto& input : inputs) {
    if (input.control_id != 0)
      wanted[input.spec->stream].push_back(std::to_string(input.control_id));
  }
  for (const auto& table : silver_tables()) {
    const auto ids = wanted.find(table.stream);
    if (ids == wanted.end()) continue;
    std::string list;
    for (const auto& id : ids->second) list += (list.empty() ? "" : ", ") + id;
    auto problem =
        missing(fmt::format("plain entities beside odd ones that {} lacks", table.silver),
                fmt::format("SELECT {} - COUNT(DISTINCT {}) FROM SILVER.{} WHERE {} IN ({})",
                            ids->second.size(), table.id, table.silver, table.id, list));
    if (!problem.empty()) return problem;
  }
  return "";
}

}  // namespace falaj::fuzz
