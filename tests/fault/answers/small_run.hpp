// A store of twelve orders and a home for it: one full run takes some forty requests and a third of a
// second, so that a fault can be tried at many places.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {

// With kRetries, a request is sent 1 + kRetries times before falaj gives up.
constexpr int64_t kRetries = 2;

inline std::vector<std::string> small_store() {
  return {"--seed",     "9", "--orders", "12",        "--customers",    "7",
          "--products", "6", "--plan",   "unlimited", "--orders-shape", "light"};
}

class SmallRun {
 public:
  explicit SmallRun(const std::string& base_url, int in_flight = 1, double timeout_secs = 60,
                    double time_scale = 1)
      : falaj_((dir_ / "home").string(), base_url) {
    std::filesystem::create_directories(falaj_.home());
    // Four list pages; the one-file warehouse, since a fault in an answer does not reach it and it
    // opens in a tenth of the time. Kills and disks are tried with the DuckLake.
    std::ofstream(falaj_.home() + "/falaj.toml")
        << "[extract]\nmax_in_flight = " << in_flight
        << "\npage_size = 4\nmax_retries = " << kRetries
        << "\nretry_delay_secs = 0\nrate_limit_delay_secs = 0\ntimeout_secs = " << timeout_secs
        << "\n"
        << "[warehouse]\ntype = \"duckdb\"\n"
        << "[test]\ntime_scale = " << time_scale << "\n";
    falaj_.leave_out_other_lists();
  }

  Finished run() const { return falaj_.run({"run", "--json"}); }
  const Falaj& falaj() const { return falaj_; }

 private:
  TempDir dir_;
  Falaj falaj_;
};

inline Json report_of(const Finished& finished) {
  auto parsed = Json::parse(finished.out);
  return parsed.ok() ? *parsed : Json();
}

inline int64_t quarantined(const Json& report) {
  int64_t count = 0;
  for (const auto& stream : report["streams"].as_array()) count += stream["quarantined"].as_int();
  return count;
}

}  // namespace falaj::test
