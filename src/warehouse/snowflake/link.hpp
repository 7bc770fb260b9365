// A signed-in connection with the temporary tables and the stage that were made in it, and the pool
// of those that no session uses: signing in and making tables costs seconds of an account.
// Owns:     the connection; a link that is not given back logs out.
// Threads:  LinkPool is safe; a link belongs to one session.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/ulid.hpp"
#include "rows/schema.hpp"
#include "warehouse/snowflake/driver.hpp"

namespace falaj::warehouse {

struct Link {
  struct Table {
    rows::Schema columns;
    bool has_rows = false;
    bool is_stale = false;  // nobody wants its rows any more
  };

  std::unique_ptr<DriverConnection> connection;
  std::string name;  // of its stage and files
  bool has_stage = false;
  int uploads = 0;
  std::map<std::string, Table, std::less<>> tables;  // temporary ones
};

class LinkPool {
 public:
  LinkPool(std::shared_ptr<DriverDatabase> database, const Clock& clock)
      : database_(std::move(database)), clock_(clock), ids_(clock, UlidGenerator::random_seed()) {}

  // An idle one, or a new one. Its tables hold no rows that anybody wants.
  Result<std::unique_ptr<Link>> take();
  // Only one that is in order and has no transaction open.
  void give_back(std::unique_ptr<Link> link);

 private:
  struct Idle {
    std::unique_ptr<Link> link;
    Micros since;
  };

  std::shared_ptr<DriverDatabase> database_;
  const Clock& clock_;
  UlidGenerator ids_;
  std::mutex mutex_;
  std::vector<Idle> idle_;
};

}  // namespace falaj::warehouse
