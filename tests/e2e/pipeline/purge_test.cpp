// Two stores in one home: one is taken out, is killed while it is, and the other is left as if it had
// always been alone. And a stopped run, whose rows are those of the books.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/unique_fd.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

// All of gold but for what says in which commit and when it was written.
const std::vector<std::string> kGold = {
    "SELECT * EXCLUDE (loaded_at, change_seq) FROM GOLD.gold_fact_orders ORDER BY order_key",
    "SELECT * EXCLUDE (loaded_at, change_seq) FROM GOLD.gold_fact_order_items ORDER BY "
    "order_item_key",
    "SELECT * EXCLUDE (change_seq) FROM GOLD.gold_dim_payment_method ORDER BY 1",
    "SELECT * EXCLUDE (change_seq) FROM GOLD.gold_dim_shipping_method ORDER BY 1",
    "SELECT * EXCLUDE (change_seq) FROM GOLD.gold_dim_store ORDER BY 1",
    "SELECT * EXCLUDE (change_seq) FROM GOLD.gold_dim_products ORDER BY ALL",
    "SELECT * EXCLUDE (change_seq) FROM GOLD.mv_daily_sales ORDER BY ALL",
    "SELECT COUNT(*), MIN(year), MAX(year) FROM GOLD.gold_dim_date",
    "SELECT store_id, stream, COUNT(*) FROM SILVER.quarantine GROUP BY ALL ORDER BY ALL"};

std::vector<std::string> gold_of(const Falaj& falaj) {
  std::vector<std::string> gold;
  for (const auto& query : kGold) gold.push_back(falaj.csv(query));
  return gold;
}

std::string dir_of(const TempDir& dir, const std::string& folder) {
  return (dir / folder).string();
}

// How many files there are; folders may go meanwhile.
int64_t files_in(const std::string& folder) {
  using Walk = std::filesystem::recursive_directory_iterator;
  int64_t files = 0;
  std::error_code error;
  for (Walk at(folder, error); !error && at != Walk(); at.increment(error)) {
    std::error_code gone;
    files += at->is_regular_file(gone) ? 1 : 0;
  }
  return files;
}

// What the books say: tables that count sets of lines have no rows of streams.
int64_t rows_in_books(const Falaj& falaj) {
  return std::stoll(falaj.value("SELECT SUM(loaded) FROM OPS.load_packages WHERE NOT is_set"));
}

// The same without the books: what stands in bronze.
int64_t rows_in_bronze(const Falaj& falaj) {
  std::string sum;
  for (const auto& table :
       falaj.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'BRONZE' "
                 "AND table_name LIKE 'bronze\\_%' ESCAPE '\\' AND table_name NOT LIKE '%\\_sets' "
                 "ESCAPE '\\'")) {
    sum += fmt::format("{}(SELECT COUNT(*) FROM BRONZE.{})", sum.empty() ? "SELECT " : " + ",
                       table.as_object()[0].second.as_string());
  }
  return std::stoll(falaj.value(sum));
}

TEST(Purge, OneOfTwoStoresGoesAndTheOtherIsAsIfItHadBeenAlone) {
  TempDir dir;
  SimStore store({"--stores", "2", "--orders", "60", "--customers", "20", "--products", "10",
                  "--plan", "unlimited", "--orders-shape", "expanded"});
  std::ofstream(dir / "both") << "one sim-token-1\ntwo sim-token-2\n";
  std::ofstream(dir / "second") << "two sim-token-2\n";
  Falaj alone(dir / "alone", store.base_url(), "");
  ASSERT_EQ(alone.run({"store", "add", "--from", (dir / "second").string()}).status, 0);
  alone.run_ok();
  Falaj falaj(dir / "home", store.base_url(), "");
  ASSERT_EQ(falaj.run({"store", "add", "--from", (dir / "both").string()}).status, 0);
  falaj.run_ok();
  const auto orders = falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders");

  const auto typo = falaj.run({"store", "purge", "onee", "--yes"});
  EXPECT_EQ(typo.status, 69);
  EXPECT_NE(typo.err.find("did you mean \"one\"?"), std::string::npos) << typo.err;
  EXPECT_EQ(falaj.run({"store", "purge", "one"}).status, 64) << "nobody can be asked";
  {
    const UniqueFd lock(::open((dir / "home/falaj.lock").c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
    EXPECT_EQ(falaj.run({"store", "purge", "one", "--yes"}).status, 75) << "a run holds the home";
  }
  const auto counted = falaj.run({"store", "purge", "one", "--dry-run", "--json"});
  ASSERT_EQ(counted.status, 0) << counted.err;
  const auto found = *Json::parse(counted.out);
  EXPECT_GT(found["rows"].as_int(), 500);
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), orders);

  // Killed when its first package is gone, and when its first row is.
  for (const auto* folder : {"home/landing", "home/lake"}) {
    const auto before = files_in(dir_of(dir, folder));
    auto purge = falaj.start({"store", "purge", "one", "--yes", "--with-token"});
    ASSERT_TRUE(purge.ok());
    while (!purge->has_ended() && files_in(dir_of(dir, folder)) == before)
      std::this_thread::sleep_for(1ms);
    purge->send_signal(SIGKILL);
    purge->wait();
  }
  // By its id, which the books still know: the name goes with the tokens.
  const auto purged = falaj.run({"store", "purge", "1305146709", "--yes", "--with-token"});
  EXPECT_TRUE(purged.status == 0 || purged.err.find("there is no store") != std::string::npos)
      << purged.err;
  EXPECT_EQ(gold_of(falaj), gold_of(alone));
  EXPECT_EQ(falaj.value("SELECT COUNT(DISTINCT store_id) FROM BRONZE.bronze_orders"), "1");
  falaj.run_ok();
  EXPECT_EQ(gold_of(falaj), gold_of(alone)) << "nothing comes back from landing";
}

TEST(Says, AWaitIsSeenInTheLogAndByStatusAndAStoppedRunHasTheRowsOfItsBooks) {
  TempDir dir;
  SimStore store({"--orders", "60", "--customers", "120", "--products", "40", "--plan", "unlimited",
                  "--orders-shape", "light"});
  Falaj falaj(dir / "home", store.base_url());
  // From the 100th request on the store asks for ten minutes of patience.
  store.post("/_sim/faults",
             R"({"action": "status", "status": 429, "nth": 100, "times": 100000,
                 "headers": {"Retry-After": "600"}})");
  auto run = falaj.start({"run"});
  ASSERT_TRUE(run.ok());
  store.wait_for_requests(100, *run);
  // The same home under another name, so that what this one says goes to another file.
  const Falaj watcher(falaj.home() + "/", store.base_url());
  Finished status;
  const auto give_up = std::chrono::steady_clock::now() + 120s;
  const auto is_seen = [&] {
    status = watcher.run({"status"});
    return status.out.find("  waiting ") != std::string::npos &&
           read_text_file(falaj.stderr_path()).find("waiting ") != std::string::npos;
  };
  while (!is_seen() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(100ms);
  EXPECT_NE(status.out.find("s for the quota of "), std::string::npos) << status.out;
  const auto log = read_text_file(falaj.stderr_path());
  EXPECT_NE(log.find("WARN  waiting "), std::string::npos) << log;
  const auto rows_of_newest = [&] {
    const auto shown = *Json::parse(watcher.run({"status", "--json"}).out);
    return shown["runs"].as_array()[0]["rows_loaded"].as_int();
  };
  run->send_signal(SIGTERM);
  EXPECT_EQ(run->wait().status, 75);
  EXPECT_EQ(rows_of_newest(), rows_in_books(falaj));

  // Taken up again it waits too, but first loads what had landed, and is stopped with that.
  run = falaj.start({"run"});
  ASSERT_TRUE(run.ok());
  while ((rows_of_newest() <= 100 || !is_seen()) && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(200ms);
  EXPECT_FALSE(run->has_ended());
  run->send_signal(SIGTERM);
  EXPECT_EQ(run->wait().status, 75);
  const auto stopped = *Json::parse(watcher.run({"status", "--json"}).out);
  const auto run_id = stopped["runs"].as_array()[0]["run_id"].as_string();
  EXPECT_EQ(stopped["runs"].as_array()[0]["status"].as_string(), "stopped");
  EXPECT_GT(rows_of_newest(), 100);
  EXPECT_EQ(rows_of_newest(), rows_in_books(falaj));
  EXPECT_EQ(rows_of_newest(), rows_in_bronze(falaj));
  // What is a row was settled when it was loaded: a list that is not read any more changes nothing.
  std::ofstream(falaj.home() + "/catalogue.toml")
      << "[streams.product_variants]\nenabled = false\n";
  store.post("/_sim/faults", R"({"clear": true})");
  // Who shares the quota would wait for the ten minutes that the store asked for.
  falaj.set_environment("FALAJ_QUOTA_DIR", (dir / "another").string());
  const auto resumed = falaj.run_ok();
  EXPECT_EQ(resumed["run_id"].as_string(), run_id);
  EXPECT_EQ(resumed["rows_loaded"].as_int(), rows_in_books(falaj));
  EXPECT_EQ(resumed["rows_loaded"].as_int(), rows_in_bronze(falaj));
  EXPECT_EQ(rows_of_newest(), rows_in_books(falaj));
  EXPECT_EQ(falaj.csv("SELECT DISTINCT table_name FROM OPS.load_packages WHERE is_set ORDER BY 1"),
            "table_name\r\nbronze_order_item_sets\r\nbronze_product_variant_sets\r\n");
}

}  // namespace
}  // namespace falaj::test
