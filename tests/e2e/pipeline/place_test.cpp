// The place that falaj runs in: homes that move, readers without the right to write, output that
// does not arrive, settings as people write them.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOrders = "SELECT COUNT(*) AS n FROM GOLD.gold_fact_orders";

// "falaj-reader-PID-...", of processes that have ended.
std::set<std::string> reader_folders() {
  constexpr std::string_view kPrefix = "falaj-reader-";
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path())) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    if (!fs::exists("/proc/" + std::to_string(std::atoi(name.c_str() + kPrefix.size()))))
      folders.insert(name);
  }
  return folders;
}

class Place : public testing::Test {
 protected:
  Place() {
    falaj_->leave_out_other_lists();
    fs::permissions(dir_.path(), fs::perms(0755));
  }

  // The same home by another path.
  void go_to(const fs::path& home) {
    falaj_ = std::make_unique<Falaj>(home.string(), store_.base_url());
    falaj_->set_environment("FALAJ_QUOTA_DIR", (dir_ / "quota").string());
  }
  std::string nobodys_count() {
    const auto read = falaj_->run_as_nobody({"sql", "--csv", kOrders});
    EXPECT_EQ(read.status, 0) << read.err;
    return read.out;
  }

  TempDir dir_;
  SimStore store_{{"--seed", "9", "--orders", "60", "--customers", "30", "--products", "10",
                   "--plan", "unlimited", "--orders-shape", "light"}};
  std::unique_ptr<Falaj> falaj_ =
      std::make_unique<Falaj>((dir_ / "home").string(), store_.base_url());
};

// Files of the home that hold the text.
std::string files_with(const fs::path& home, const std::string& text) {
  std::string found;
  for (const auto& entry : fs::recursive_directory_iterator(home)) {
    if (entry.is_regular_file() && read_text_file(entry.path()).find(text) != std::string::npos)
      found += entry.path().string() + " ";
  }
  return found;
}

TEST_F(Place, AHomeMayBeMovedAtAnyMoment) {
  // Killed half-way, renamed to what paths may look like, and gone on with.
  auto child = falaj_->start({"run", "--quiet"});
  ASSERT_TRUE(child.ok());
  store_.wait_for_requests(70, *child);
  child->send_signal(SIGKILL);
  child->wait();
  const auto odd = dir_ / "home of 'the shop' [1] #?% متجر";
  fs::rename(falaj_->home(), odd);
  go_to(odd);
  falaj_->run_ok();
  expect_gold_equals_truth(*falaj_, store_);
  const auto one_run = 60 * 2 + 20;  // details and items of each order, and the lists
  EXPECT_LE(store_.requests(), one_run + 30) << "what had landed was not asked for again";
  EXPECT_EQ(files_with(odd, dir_.path().string()), "") << "nothing says where the home is";

  // A backup restored elsewhere, reached by a symlink.
  const auto restored = dir_ / "restored";
  fs::copy(odd, restored, fs::copy_options::recursive);
  fs::remove_all(odd);
  fs::create_directory_symlink("restored", dir_ / "link");
  go_to(dir_ / "link");
  EXPECT_EQ(falaj_->value(kOrders), "60");
  EXPECT_EQ(falaj_->run({"status", "--live"}).status, 0);
  const auto again = falaj_->run_ok();
  EXPECT_EQ(again["rows_loaded"].as_int(), 0) << again.dump();
  store_.post("/_sim/mutate", R"({"create":5,"change":10,"seed":3})");
  falaj_->run_ok();
  expect_gold_equals_truth(*falaj_, store_);
  go_to(restored);
  EXPECT_EQ(falaj_->run_ok()["rows_loaded"].as_int(), 0);
  const auto checked = falaj_->run({"check"});
  EXPECT_EQ(checked.status, 0) << checked.out;
  for (const char* part : {"folders: may be written to", "takes a transaction",
                           "orders that are "
                           "not here yet take about"})
    EXPECT_NE(checked.out.find(part), std::string::npos) << part << "\n" << checked.out;
  for (const auto& entry : fs::recursive_directory_iterator(restored)) {
    const auto name = entry.path().filename().string();
    EXPECT_EQ(name.find("probe"), std::string::npos) << entry.path();
    EXPECT_EQ(name.find("falaj_check"), std::string::npos) << entry.path();
  }
}

TEST_F(Place, AReaderNeedsNoRightToWrite) {
  // Those that readers killed by somebody else have left.
  const auto folders_before = reader_folders();
  if (::geteuid() != 0) GTEST_SKIP() << "needs another user";
  falaj_->run_ok();
  // A new home is its owner's alone.
  for (const auto& entry : fs::recursive_directory_iterator(falaj_->home())) {
    if (entry.path().filename() == "catalogue.toml") continue;  // the test's own
    struct stat info {};
    ASSERT_EQ(::lstat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077U, 0U) << entry.path();
  }
  fs::permissions(falaj_->home(), fs::perms(0700));
  const auto closed = falaj_->run_as_nobody({"sql", kOrders});
  EXPECT_EQ(closed.status, 77) << closed.err;
  EXPECT_EQ(closed.err.find("aside"), std::string::npos) << closed.err;
  EXPECT_EQ(falaj_->run_as_nobody({"status"}).status, 77);

  // home.group opens it; nobody is the group here.
  falaj_->set_environment("FALAJ_HOME_GROUP", "65534");
  store_.post("/_sim/mutate", R"({"create":3,"seed":4})");
  falaj_->run_ok();
  EXPECT_EQ(nobodys_count(), "n\r\n63\r\n");
  for (const auto& command : std::vector<std::vector<std::string>>{
           {"status"}, {"status", "--live"}, {"coverage"}, {"coverage", "--json"}}) {
    const auto read = falaj_->run_as_nobody(command);
    EXPECT_EQ(read.status, 0) << command[0] << ": " << read.err;
    EXPECT_EQ(read.err, "") << command[0];
  }
  const auto checked = falaj_->run_as_nobody({"check"});
  EXPECT_EQ(checked.status, 74) << checked.out;
  EXPECT_NE(checked.out.find("cannot make a file in " + falaj_->home()), std::string::npos)
      << checked.out;
  const auto refused = falaj_->run_as_nobody({"run"});
  EXPECT_EQ(refused.status, 74) << refused.err;
  EXPECT_EQ(refused.err.find("aside"), std::string::npos) << refused.err;

  // A log that a kill left, and one whose index a backup left out.
  std::ofstream(falaj_->home() + "/lake/catalog.sqlite-wal", std::ios::app);
  fs::remove(falaj_->home() + "/lake/catalog.sqlite-shm");
  EXPECT_EQ(nobodys_count(), "n\r\n63\r\n");

  // While a run writes: always an answer, never less than before.
  store_.post("/_sim/mutate", R"({"create":40,"change":20,"seed":5})");
  auto run = falaj_->start({"run", "--quiet"});
  ASSERT_TRUE(run.ok());
  int64_t last = 63;
  while (!run->has_ended() && !HasFailure()) {
    const auto count = std::atoll(nobodys_count().substr(3).c_str());
    EXPECT_GE(count, last);
    last = count;
  }
  EXPECT_EQ(run->wait().status, 0);
  EXPECT_EQ(nobodys_count(), "n\r\n103\r\n");
  EXPECT_EQ(reader_folders(), folders_before);
}

TEST_F(Place, AReadOnlyMountIsEnoughToRead) {
  falaj_->run_ok();
  auto child = falaj_->start_apart("mount --bind '" + falaj_->home() + "' '" + falaj_->home() +
                                       "' && mount -o remount,bind,ro '" + falaj_->home() + "'",
                                   {"sql", "--csv", kOrders});
  ASSERT_TRUE(child.ok());
  const auto out = child->read_rest();
  const auto status = child->wait().status;
  const auto said = read_text_file(falaj_->stderr_path());
  if (status == 1 && said.find("unshare") != std::string::npos) GTEST_SKIP() << said;
  EXPECT_EQ(status, 0) << said;
  EXPECT_EQ(out, "n\r\n60\r\n");
}

TEST_F(Place, OutputThatDoesNotArriveIs74AndAReaderThatGoesIsNoError) {
  falaj_->run_ok({"--depth", "summary"});
  for (const std::string command :
       {"sql --csv 'SELECT * FROM BRONZE.bronze_orders'", "sql --json 'SELECT 1'", "sql 'SELECT 1'",
        "status", "coverage --json", "config", "--help", "run --depth summary --quiet"}) {
    const auto full = falaj_->run_shell("\"$0\" " + command + " > /dev/full");
    EXPECT_EQ(full.status, 74) << command << full.err;
    EXPECT_NE(full.err.find("No space left"), std::string::npos) << command << full.err;
  }
  const auto closed = falaj_->run_shell("\"$0\" status >&-");
  EXPECT_EQ(closed.status, 74) << closed.err;
  const auto cut = falaj_->run_shell(
      "\"$0\" sql --csv 'SELECT * FROM range(3000000)' | head -n 2; exit ${PIPESTATUS[0]}");
  EXPECT_EQ(cut.status, 128 + SIGPIPE);
  EXPECT_EQ(cut.out, "range\r\n0\r\n");
  EXPECT_EQ(cut.err, "") << "no word of it";
}

TEST_F(Place, SettingsMayBeWrittenAsPeopleWriteThem) {
  std::ofstream(dir_ / ".env")
      << "\xEF\xBB\xBF# of the shop\r\nexport LOG_LEVEL='Error' # quiet\r\n";
  falaj_->set_environment("SALLA_API_TOKEN", " \"Bearer sim-token\"\r\n");
  falaj_->set_environment("SALLA_API_BASE_URL", store_.base_url() + "/ ");
  const auto report = falaj_->run_ok({"run", "--for", "1h30m"});
  EXPECT_EQ(falaj_->value(kOrders), "60");
  EXPECT_EQ(falaj_->run({"run", "--for", "soon"}).status, 64);

  std::ofstream(dir_ / "token") << "\xEF\xBB\xBF# of the shop\r\nBearer sim-token # until May\r\n";
  const std::vector<std::string> add = {"store", "add", "shop", "--token-file",
                                        (dir_ / "token").string()};
  EXPECT_EQ(falaj_->run(add).status, 0);
  const auto asked = store_.requests();
  for (const std::string token : {"sim-token\r\nX-Other: yes", "sim token", "sim-\x01token"}) {
    std::ofstream(dir_ / "token") << token;
    falaj_->set_environment("SALLA_API_TOKEN", token);
    for (const auto& arguments : {std::vector<std::string>{"run"}, add}) {
      const auto refused = falaj_->run(arguments);
      EXPECT_EQ(refused.status, 78) << refused.err;
      EXPECT_EQ(refused.err.find("sim"), std::string::npos) << refused.err;
    }
    falaj_->set_environment("SALLA_API_TOKEN", "sim-token");
    const auto refused = falaj_->run(add);
    EXPECT_EQ(refused.status, 78) << refused.err;
  }
  EXPECT_EQ(store_.requests(), asked) << "nothing was sent";
}

}  // namespace
}  // namespace falaj::test
