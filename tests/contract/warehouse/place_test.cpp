// The lake's folder is moved, and read by a process that may not write to it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "base/clock.hpp"
#include "state/database_copy.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;
constexpr const char* kCount = "SELECT COUNT(*) FROM OPS.numbers";
// Enough rows for a Parquet file: fewer stay in the catalog.
constexpr const char* kWrite = "INSERT INTO OPS.numbers SELECT range FROM range(1000)";

LakeOptions options_of(const fs::path& lake, Clock& clock, bool is_read_only) {
  LakeOptions options;
  options.directory = lake.string();
  options.threads = 1;
  options.memory_limit_bytes = 256U << 20U;
  options.clock = &clock;
  options.is_read_only = is_read_only;
  options.copy_catalog = state::copy_database;
  return options;
}

Status write(const fs::path& lake) {
  SystemClock clock;
  FALAJ_ASSIGN(auto warehouse, open_lake(options_of(lake, clock, false)));
  rows::Schema schema;
  schema.columns.push_back({.name = "range", .type = rows::ColumnType::kBigInt});
  TableDefinition table;
  table.schema = "OPS";
  table.name = "numbers";
  table.columns = schema;
  FALAJ_TRY(warehouse->create_tables({table}));
  FALAJ_ASSIGN(auto session, warehouse->open_session());
  FALAJ_TRY(session->execute(kWrite));
  return {};
}

Result<int64_t> count(const fs::path& lake) {
  SystemClock clock;
  FALAJ_ASSIGN(auto warehouse, open_lake(options_of(lake, clock, true)));
  FALAJ_ASSIGN(auto session, warehouse->open_session());
  FALAJ_ASSIGN(const auto table, session->query(kCount));
  return table.scalar_int();
}

// In a process of a user without any rights. Nothing of DuckDB may have been started before: its
// threads do not come along.
int64_t count_as_nobody(const fs::path& lake) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(99);
    const auto counted = count(lake);
    if (!counted.ok()) std::fprintf(stderr, "%s\n", counted.error().to_text().c_str());
    const int64_t answer = counted.ok() ? *counted : -1;
    ::_exit(::write(ends[1], &answer, sizeof answer) == sizeof answer ? 0 : 98);
  }
  ::close(ends[1]);
  int64_t answer = -2;
  EXPECT_EQ(::read(ends[0], &answer, sizeof answer), static_cast<ssize_t>(sizeof answer));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return answer;
}

// The same in a process of its own, so that this one has no threads.
void do_apart(const std::function<Status()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto done = work();
    if (!done.ok()) std::fprintf(stderr, "%s\n", done.error().to_text().c_str());
    ::_exit(done.ok() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(LakePlace, ALakeMayBeMovedAndSaysNowhereWhereItIs) {
  const test::TempDir dir;
  const auto first = dir / "first";
  do_apart([&] { return write(first); });
  EXPECT_EQ(test::read_text_file(first / "catalog.sqlite").find(dir.path().string()),
            std::string::npos);
  const auto second = dir / "it's [2] #?% متجر";
  fs::rename(first, second);
  do_apart([&]() -> Status {
    FALAJ_ASSIGN(const auto before, count(second));
    EXPECT_EQ(before, 1000);
    FALAJ_TRY(write(second));
    FALAJ_ASSIGN(const auto after, count(second));
    EXPECT_EQ(after, 2000);
    return testing::Test::HasFailure() ? Status(Error(ErrorKind::kBug, "see above")) : Status();
  });
  fs::create_directory_symlink(second, dir / "link");
  do_apart([&]() -> Status {
    FALAJ_ASSIGN(const auto counted, count(dir / "link"));
    return counted == 2000 ? Status() : Status(Error(ErrorKind::kBug, std::to_string(counted)));
  });
}

TEST(LakePlace, AReaderWithoutRightsReadsACopyWhateverTheWriterDoes) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs another user";
  const test::TempDir dir;
  fs::permissions(dir.path(), fs::perms(0755));
  const auto lake = dir / "lake";
  do_apart([&] { return write(lake); });
  EXPECT_EQ(count_as_nobody(lake), 1000);
  EXPECT_FALSE(fs::exists(lake / "catalog.sqlite-wal")) << "nothing is written beside it";

  // A writer that commits again and again, with a log that comes and goes.
  constexpr int kWrites = 8;
  const pid_t writer = ::fork();
  if (writer == 0) {
    Status done;
    for (int i = 0; i < kWrites && done.ok(); ++i) done = write(lake);
    ::_exit(done.ok() ? 0 : 1);
  }
  int status = 0;
  int64_t last = 1000;
  while (::waitpid(writer, &status, WNOHANG) == 0 && !HasFailure()) {
    const auto counted = count_as_nobody(lake);
    EXPECT_GE(counted, last);
    EXPECT_EQ(counted % 1000, 0) << "whole commits";
    last = counted;
  }
  EXPECT_EQ(status, 0);
  EXPECT_EQ(count_as_nobody(lake), 1000 * (kWrites + 1));
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with("falaj-reader-")) << entry.path();
}

}  // namespace
}  // namespace falaj::warehouse
