#include "operate/demo.hpp"

#include <cstdlib>

#include "base/child_process.hpp"
#include "base/counted.hpp"
#include "home/demo_mark.hpp"
#include "home/home.hpp"
#include "home/program_files.hpp"
#include "home/secret_keeping.hpp"
#include "operate/home_console.hpp"
#include "operate/run_operation.hpp"
#include "warehouse/books/row_cells.hpp"

namespace falaj::operate {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMonths =
    "SELECT SUBSTR(CAST(full_date AS VARCHAR), 1, 7) || CASE WHEN MIN(CASE WHEN is_complete THEN 1 "
    "ELSE 0 END) = 0 THEN ' *' ELSE '' END AS month, currency, "
    "CAST(SUM(daily_revenue) AS DECIMAL(18,2)) AS revenue, CAST(SUM(order_count) AS BIGINT) AS "
    "orders "
    "FROM GOLD.mv_daily_sales GROUP BY SUBSTR(CAST(full_date AS VARCHAR), 1, 7), currency ORDER BY "
    "2, 1";

Result<ChildProcess> start_store(const DemoRequest& request) {
  ChildProcess::Options options;
  options.withheld = home::secret_variables();
  options.command = {(home::program_directory() / "salla-sim").string(),
                     "serve",
                     "--port",
                     "0",
                     "--plan",
                     request.plan,
                     "--seed",
                     "7"};
  if (request.dataset.empty()) {
    // A twentieth as many products and a third as many customers as orders: a small shop.
    const auto share = [&](int64_t part) {
      return std::to_string(std::max<int64_t>(1, request.orders / part));
    };
    for (const auto& word :
         {std::string("--orders"), std::to_string(request.orders), std::string("--customers"),
          share(3), std::string("--products"), share(20)}) {
      options.command.push_back(word);
    }
  } else {
    options.command.insert(options.command.end(), {"--dataset", request.dataset});
  }
  return ChildProcess::start(std::move(options)).while_doing("starting the simulated store");
}

// A warehouse that other homes share must hold no store yet.
Status claim_account(warehouse::Opener& opener) {
  if (!opener.is_remote()) return {};
  const auto opened = opener.open(true, {.dag = "demo"});
  if (!opened.ok()) return {};  // the run says why
  FALAJ_ASSIGN(auto session, (*opened)->open_session());
  const auto stores = session->query("SELECT COUNT(DISTINCT store_id) FROM OPS.load_packages");
  // No such table: nothing was ever loaded.
  if (!stores.ok() || stores->scalar_int() == 0) return {};
  return Error(ErrorKind::kUsage,
               fmt::format("{} in Snowflake holds {} already, and a simulated one does not belong "
                           "beside it: set SNOWFLAKE_DATABASE to a database for the demo",
                           (*opened)->database_name(), counted(stores->scalar_int(), "store")));
}

// A simulated store does not belong beside real ones.
Status claim_home(const home::Home& home, warehouse::Opener& opener) {
  if (state::TokenVault::exists(home.paths().root)) {
    return Error(ErrorKind::kUsage,
                 fmt::format("the home {} has stores of its own: give the demo another home with "
                             "--home DIR",
                             home.paths().root));
  }
  if (home::is_demo_home(home.paths().root)) return {};
  if (opener.has_embedded()) {
    return Error(ErrorKind::kUsage,
                 fmt::format("the home {} has a warehouse that no demo made: give the demo a home "
                             "of its own with --home DIR",
                             home.paths().root));
  }
  FALAJ_TRY(claim_account(opener));
  return home::mark_demo_home(home.paths().root);
}

}  // namespace

Result<DemoReport> demo(const home::Home& home, const OpenerOf& opener_of,
                        const DemoRequest& request, const ProgressSink& progress) {
  FALAJ_TRY(claim_home(home, *opener_of(home)));
  FALAJ_ASSIGN(auto store, start_store(request));
  FALAJ_ASSIGN(const auto line,
               store.read_line(120s).while_doing("waiting for the simulated store"));
  const auto at = line.find("http://");
  if (at == std::string::npos) {
    return Error(ErrorKind::kUnavailable,
                 "the simulated store did not say where it listens: " + line);
  }
  DemoReport report;
  report.store_url = line.substr(at);
  auto settings = home.settings();
  settings.api_base_url = report.store_url;
  settings.api_token = Secret("sim-token");
  if (std::getenv("FALAJ_QUOTA_DIR") == nullptr)
    settings.quota_directory = home.paths().state() + "/quota";
  const auto simulated_home = home.with_settings(std::move(settings));
  const auto opener = opener_of(simulated_home);
  RunRequest simulated;
  simulated.is_demo = true;
  FALAJ_ASSIGN(report.first, run_home(simulated_home, *opener, simulated, progress));
  FALAJ_ASSIGN(report.second, run_home(simulated_home, *opener, simulated, progress));
  FALAJ_ASSIGN(auto console, open_sql_console(simulated_home, *opener, {}));
  FALAJ_TRY(console->run(kMonths, {}, [&](const std::vector<std::optional<std::string>>& cells) {
    report.months.push_back({cells[0].value_or(""), cells[2].value_or("0"), cells[1].value_or(""),
                             warehouse::number(cells[3])});
    return true;
  }));
  return report;
}

}  // namespace falaj::operate
