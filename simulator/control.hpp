// The control API under /_sim/: for tests and people, never for falaj.
// Shape:    docs/salla-sim.md, "Control". JSON in, JSON out; 422 says what was wrong.
// Threads:  confined to one.
#pragma once

#include <memory>
#include <vector>

#include "http_server/server.hpp"
#include "simulator/accounts.hpp"
#include "simulator/api.hpp"
#include "simulator/fault_rules.hpp"
#include "simulator/request_counters.hpp"
#include "simulator/sim_clock.hpp"
#include "simulator/token_book.hpp"
#include "simulator/webhooks.hpp"

namespace falaj::simulator {

// What the control API may touch.
struct ControlledParts {
  std::vector<std::unique_ptr<StoreSlot>>& slots;
  RequestCounters& counters;
  FaultRules& faults;
  TokenBook& tokens;
  Accounts accounts;
  SimClock& clock;
  Webhooks& webhooks;
  Quota& customers_quota;
  const Quirks& quirks;
  const http_server::Server* server;
};

http_server::Response control(const http_server::Request& request, ControlledParts parts);

}  // namespace falaj::simulator
