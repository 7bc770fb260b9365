// The Snowflake driver, a library with the ADBC C ABI that is loaded when it is first needed.
// It brings a Go runtime: the process must not fork without exec afterwards, and the library is
// never closed. A driver that has panicked answers nothing any more; the process then ends with a
// message and exit status 75, so that whoever supervises it starts it again.
// Shape:    one Driver a process; a DriverDatabase is a set of options; each DriverConnection is
//           one Snowflake session.
// Owns:     a connection its session (logged out when it goes); a result its stream.
// Threads:  Driver and DriverDatabase are safe; a connection belongs to one thread at a time,
//           cancel() is safe from any other.
// Errors:   see snowflake_error.hpp; kInvalidConfig when the library is missing or unfit.
// Facts:    adbc-driver-snowflake 1.11.0.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

struct DriverTable;
struct StatementHandle;
struct StreamHandle;

// What a query yields, read in constant memory.
class DriverResult {
 public:
  explicit DriverResult(std::unique_ptr<StreamHandle> stream);
  ~DriverResult();
  DriverResult(DriverResult&&) noexcept;
  DriverResult& operator=(DriverResult&&) noexcept;

  const std::vector<Table::ColumnInfo>& columns() const;
  // The next row's cells; false after the last.
  Result<bool> next(std::vector<std::optional<std::string>>& cells);

 private:
  std::unique_ptr<StreamHandle> stream_;
};

class DriverConnection {
 public:
  ~DriverConnection();
  DriverConnection(const DriverConnection&) = delete;
  DriverConnection& operator=(const DriverConnection&) = delete;

  // The result must go before the next statement.
  Result<DriverResult> query(const std::string& sql, const std::string& query_tag);
  // PUT: the driver transfers the files itself.
  Status put(const std::string& sql, const std::string& query_tag);
  // Stops what runs: it returns kCancelled, and Snowflake is told. Without effect when idle.
  void cancel();

 private:
  friend class DriverDatabase;
  struct Handle;
  explicit DriverConnection(std::unique_ptr<Handle> handle);
  Result<std::unique_ptr<StatementHandle>> prepare(const std::string& sql,
                                                   const std::string& query_tag);

  std::unique_ptr<Handle> handle_;
};

class DriverDatabase {
 public:
  // `options` as the driver names them; see snowflake_options.hpp.
  static Result<std::shared_ptr<DriverDatabase>> open(
      const std::string& library, const std::map<std::string, std::string>& options);
  ~DriverDatabase();
  DriverDatabase(const DriverDatabase&) = delete;
  DriverDatabase& operator=(const DriverDatabase&) = delete;

  // Logs in; may be called from several threads.
  Result<std::unique_ptr<DriverConnection>> connect();

 private:
  struct Handle;
  explicit DriverDatabase(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

// "libadbc_driver_snowflake.so"
std::string_view driver_file_name();

}  // namespace falaj::warehouse
