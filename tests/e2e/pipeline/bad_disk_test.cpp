// Disks that are full or may not be written to, keys that others may read, lists that never end: a
// clear error with its exit status, and nothing lost for the run after it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/long_tests.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> small_store() {
  return {"--seed",     "5",  "--orders", "150",       "--customers",    "60",
          "--products", "20", "--plan",   "unlimited", "--orders-shape", "light"};
}

bool can_mount() {
  auto probe = ChildProcess::start(
      {.command = {"/usr/bin/unshare", "--user", "--map-root-user", "--mount", "true"}});
  return probe.ok() && probe->wait().status == 0;
}

class BadDisk : public testing::Test {
 protected:
  // A run that sees `folder` on a file system of its own with so much more room than it takes, and
  // leaves in it what it wrote.
  Finished run_with_room(const std::string& folder, int64_t room_kb) {
    const auto small = (dir_ / "small").string();
    const auto setup =
        "mkdir -p '" + small + "' && kb=$(( $(du -sk '" + folder + "' | cut -f1) + " +
        std::to_string(room_kb) + " )) && mount -t tmpfs -o size=${kb}k none '" + small +
        "' && cp -a '" + folder + "/.' '" + small + "' && mkdir '" + small +
        "'.out && mount --bind '" + folder + "' '" + small + "'.out && mount --bind '" + small +
        "' '" + folder + "' && { \"$0\" \"$@\"; ended=$?; cd '" + small +
        "'.out && find . -mindepth 1 -delete && cp -a '" + folder + "/.' . ; exit $ended; }";
    auto child = falaj_.start_apart(setup, {"run", "--quiet"});
    EXPECT_TRUE(child.ok());
    Finished finished;
    finished.status = child->wait().status;
    finished.err = read_text_file(falaj_.stderr_path());
    fs::remove(small + ".out");
    return finished;
  }

  TempDir dir_;
  SimStore store_{small_store()};
  Falaj falaj_{(dir_ / "home").string(), store_.base_url()};
};

TEST_F(BadDisk, AFullLakeIs74AndWithRoomTheRunGoesOn) {
  if (!can_mount()) GTEST_SKIP() << "no user namespaces here";
  ASSERT_EQ(falaj_.run({"init"}).status, 0);
  const auto lake = falaj_.home() + "/lake";
  fs::create_directories(lake);
  bool was_full = false;
  // From no room at all to enough for nearly everything: full while it is made, loaded, modelled.
  std::vector<int64_t> rooms = {32, 900, 2'500};
  for (int64_t room = 200; is_long() && room < 6'000; room += 400) rooms.push_back(room);
  for (const int64_t room_kb : rooms) {
    SCOPED_TRACE(std::to_string(room_kb) + " KB of room");
    const auto finished = run_with_room(lake, room_kb);
    if (finished.status != 0) {
      was_full = true;
      EXPECT_EQ(finished.status, 74) << finished.err;
      EXPECT_NE(finished.err.find("warehouse"), std::string::npos) << finished.err;
      EXPECT_NE(finished.err.find("o space left"), std::string::npos) << finished.err;
      EXPECT_NE(finished.err.find("make room"), std::string::npos)
          << "what to do next: " << finished.err;
    }
    // What that run loaded stays, what it could not is loaded by the next one.
    falaj_.run_ok();
    expect_gold_equals_truth(falaj_, store_);
    store_.post("/_sim/mutate",
                R"({"create":40,"change":60,"delete":3,"seed":)" + std::to_string(room_kb) + "}");
  }
  EXPECT_TRUE(was_full);
}

TEST_F(BadDisk, AHomeThatMayNotBeWrittenToIs74AndNamesIt) {
  if (!can_mount()) GTEST_SKIP() << "no user namespaces here";
  falaj_.run_ok();
  const auto asked = store_.requests();
  auto child = falaj_.start_apart("mount --bind '" + falaj_.home() + "' '" + falaj_.home() +
                                      "' && mount -o remount,bind,ro '" + falaj_.home() + "'",
                                  {"run", "--quiet"});
  ASSERT_TRUE(child.ok());
  EXPECT_EQ(child->wait().status, 74);
  const auto text = read_text_file(falaj_.stderr_path());
  EXPECT_NE(text.find(falaj_.home()), std::string::npos) << text;
  EXPECT_NE(text.find("Read-only"), std::string::npos) << text;
  EXPECT_EQ(store_.requests(), asked) << "it was found before the store was asked";
  falaj_.run_ok();
  expect_gold_equals_truth(falaj_, store_);
}

TEST_F(BadDisk, AKeyThatOthersMayReadIs78AndIsNotUsed) {
  const auto key = dir_ / "vault.key";
  falaj_.set_environment("FALAJ_VAULT_KEY_FILE", key.string());
  std::ofstream(dir_ / "token") << "sim-token\n";
  const std::vector<std::string> add = {"store", "add", "shop", "--token-file",
                                        (dir_ / "token").string()};
  ASSERT_EQ(falaj_.run(add).status, 0);
  ASSERT_TRUE(fs::exists(key));
  EXPECT_EQ(fs::status(key).permissions() & fs::perms::others_all, fs::perms::none);
  fs::permissions(key, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  const auto asked = store_.requests();
  const auto refused = falaj_.run({"run"});
  EXPECT_EQ(refused.status, 78) << refused.err;
  EXPECT_NE(refused.err.find(key.string()), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("chmod 600"), std::string::npos) << refused.err;
  EXPECT_EQ(store_.requests(), asked);
  fs::permissions(key, fs::perms::owner_read | fs::perms::owner_write);
  falaj_.run_ok();
  expect_gold_equals_truth(falaj_, store_);
}

TEST_F(BadDisk, ACursorThatRepeatsEndsTheListWithANote) {
  store_.post("/_sim/faults",
              R"({"match": "/products/trashed", "action": "set", "pointer": "/cursor/next",)"
              R"( "value": 7, "times": 1000})");
  const auto report = falaj_.run_ok();
  EXPECT_NE(report["notes"].dump().find("gives cursor 7 twice"), std::string::npos)
      << report["notes"].dump();
  EXPECT_NE(report["notes"].dump().find("the next run asks again"), std::string::npos);
  EXPECT_LE(store_.get("/_sim/faults")["rules"].as_array().at(0)["struck"].as_int(), 2);
  expect_gold_equals_truth(falaj_, store_);
  const auto trashed = store_.get("/_sim/truth")["streams"]["products_trashed"].as_int();
  store_.post("/_sim/faults", R"({"clear": true})");
  const auto next = falaj_.run_ok();
  EXPECT_EQ(next["notes"].dump().find("cursor"), std::string::npos) << next["notes"].dump();
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_products_trashed"),
            std::to_string(trashed));
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_deletions"), "0");
}

}  // namespace
}  // namespace falaj::test
