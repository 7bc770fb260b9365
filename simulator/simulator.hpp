// salla-sim's program: answers requests as the Salla Merchant API would, for one or more simulated
// stores, and lets tests look inside and meddle (/_sim/...).
// Threads:  confined to one: give the server one thread and no workers.
// Errors:   create() returns kUsage or kInvalidConfig for options that do not fit.
// Facts:    salla-api.md sections 1 to 4; docs/salla-sim.md says what is imitated how
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http_server/server.hpp"
#include "simulator/quirks.hpp"

namespace falaj::simulator {

struct SimOptions {
  std::string token = "sim-token";
  uint64_t seed = 1;
  uint64_t orders = 1000;
  uint64_t customers = 400;
  uint64_t products = 120;
  std::string dataset;           // parquet instead of the three above
  std::string plan = "special";  // basic | plus | pro | special | unlimited
  int stores = 1;
  double time_scale = 1.0;
  bool is_expanded = false;                 // orders-shape
  std::optional<UtcTime> now;               // else the machine's
  std::string scopes;                       // space separated; empty: all
  int64_t token_lifetime_secs = 1'209'600;  // 0: for ever
  Quirks quirks;
  size_t page_cache_bytes = 384 * 1024 * 1024;
};

class Simulator {
 public:
  static Result<std::unique_ptr<Simulator>> create(SimOptions options);
  virtual ~Simulator() = default;

  virtual http_server::Response handle(const http_server::Request& request) = 0;
  // Where the counters find what is in flight, and links their port.
  virtual void set_server(const http_server::Server* server) = 0;
};

}  // namespace falaj::simulator
