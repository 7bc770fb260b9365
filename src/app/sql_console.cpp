#include "app/sql_console.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "app/open_warehouse.hpp"
#include "app/program_files.hpp"
#include "app/snowflake_access.hpp"
#include "home/home.hpp"
#include "home/interrupt.hpp"
#include "home/interrupt_scope.hpp"
#include "warehouse/snowflake/snowflake_console.hpp"

namespace falaj::app {
namespace {

namespace fs = std::filesystem;

Error storage_error(const std::string& doing, const std::string& path) {
  return Error(ErrorKind::kStorageFailed,
               fmt::format("{} {}: {}", doing, path, std::strerror(errno)));
}

// Where the file is written before it takes its name.
Result<std::string> partial_file(const std::string& file) {
  std::error_code problem;
  const auto path = fs::absolute(file, problem).lexically_normal();
  const auto status = fs::status(path, problem);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return Error(ErrorKind::kUsage,
                 fmt::format("--parquet takes a file, and {} is none: a Parquet file cannot be "
                             "written into a pipe or a folder",
                             file));
  }
  if (!fs::is_directory(path.parent_path(), problem)) {
    return Error(ErrorKind::kStorageFailed, fmt::format("writing {}: there is no folder {}", file,
                                                        path.parent_path().string()));
  }
  return fmt::format("{}.{}.part", path.string(), ::getpid());
}

Status make_durable(const std::string& partial, const std::string& file) {
  const int handle = ::open(partial.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return storage_error("opening", partial);
  const bool is_synced = ::fsync(handle) == 0;
  const Error problem = storage_error("writing", file);
  ::close(handle);
  if (!is_synced) return problem;
  if (::rename(partial.c_str(), file.c_str()) != 0) return storage_error("writing", file);
  return {};
}

class HomeConsole final : public warehouse::Console {
 public:
  HomeConsole(std::stop_token stop, std::unique_ptr<warehouse::Console> console,
              std::string partial, bool is_shell)
      : stop_(std::move(stop)),
        console_(std::move(console)),
        partial_(std::move(partial)),
        is_shell_(is_shell) {
    // Pressed between two statements it means nothing; while one runs, interruptibly() takes it.
    if (is_shell_) ::signal(SIGINT, SIG_IGN);
  }

  sql::Lexis lexis() const override { return console_->lexis(); }
  bool gives_rows(std::string_view statement) const override {
    return console_->gives_rows(statement);
  }
  const std::optional<warehouse::ConsoleFault>& fault() const override { return console_->fault(); }
  std::string where() const override { return console_->where(); }
  void cancel() override { console_->cancel(); }

  Status run(std::string_view statement, const HeaderSink& on_header,
             const RowSink& on_row) override {
    return interruptibly([&] { return console_->run(statement, on_header, on_row); });
  }

  Result<int64_t> write_parquet(std::string_view statement, const std::string& path) override {
    int64_t rows = 0;
    Status done = interruptibly([&]() -> Status {
      FALAJ_ASSIGN(rows, console_->write_parquet(statement, partial_));
      return make_durable(partial_, path);
    });
    if (done.ok()) return rows;
    std::error_code ignored;
    fs::remove(partial_, ignored);
    return std::move(done).error().while_doing("writing " + path);
  }

 private:
  template <typename Work>
  Status interruptibly(Work work) {
    std::optional<home::InterruptScope> scope;
    std::optional<std::stop_callback<std::function<void()>>> once;
    const std::function<void()> stop = [this] { console_->cancel(); };
    if (is_shell_) {
      scope.emplace(stop);
    } else {
      once.emplace(stop_, stop);
    }
    return work();
  }

  std::stop_token stop_;
  std::unique_ptr<warehouse::Console> console_;
  std::string partial_;
  bool is_shell_;
};

}  // namespace

Result<std::unique_ptr<operate::SqlConsole>> open_sql_console(const home::Home& home,
                                                              const operate::SqlRequest& request) {
  if (!warehouse_exists(home)) {
    return Error(
        ErrorKind::kNotFound,
        fmt::format("there is no warehouse in {} yet; `falaj run` makes it", home.paths().root));
  }
  std::string partial;
  if (!request.parquet.empty()) {
    FALAJ_ASSIGN(partial, partial_file(request.parquet));
  }
  std::unique_ptr<warehouse::Console> console;
  if (uses_snowflake(home.settings())) {
    auto account = snowflake_options(home, true);
    account.tag = {.dag = "sql", .task = "query"};
    FALAJ_ASSIGN(console, warehouse::open_snowflake_console(account));
  } else {
    auto options = lake_options(home, true);
    options.writable_file = partial;
    FALAJ_ASSIGN(console, home.settings().warehouse_type == "duckdb"
                              ? warehouse::open_duckdb_file_console(options)
                              : warehouse::open_lake_console(options));
  }
  return std::unique_ptr<operate::SqlConsole>(std::make_unique<HomeConsole>(
      home.stop(), std::move(console), std::move(partial), request.is_shell));
}

}  // namespace falaj::app
