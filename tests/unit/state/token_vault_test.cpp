// The token vault: what it keeps, what it refuses, and what an eye on its files would see.
#include "state/token_vault.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "support/temp_dir.hpp"

namespace falaj::state {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

constexpr UtcTime kNow{Micros(1'795'000'000'000'000)};
constexpr const char* kAccess = "access-aaaaaaaa";
constexpr const char* kRefresh = "refresh-rrrrrrrr";

class TokenVaultTest : public ::testing::Test {
 protected:
  TokenVault open(VaultKeyPlace key = {}) {
    auto vault = TokenVault::open(home(), key);
    EXPECT_TRUE(vault.ok()) << (vault.ok() ? "" : vault.error().to_text());
    return std::move(vault).value();
  }
  static VaultStore store(int64_t id, const std::string& name) {
    VaultStore made;
    made.id = StoreId(id);
    made.name = name;
    made.title = "متجر";
    made.plan = "pro";
    made.added_at = kNow;
    return made;
  }
  static StoreTokens tokens(const std::string& suffix = "") {
    return {Secret(kAccess + suffix), Secret(kRefresh + suffix), kNow, kNow + hours(24 * 14),
            "orders.read offline_access"};
  }
  // Runs SQL behind the vault's back.
  void meddle(const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open((dir_ / "state/vault.db").c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
  }
  std::string all_files() {
    std::string text;
    for (const auto& entry : fs::directory_iterator(dir_ / "state"))
      text += test::read_text_file(entry.path());
    return text;
  }
  static unsigned mode(const fs::path& path) {
    struct stat info {};
    ::stat(path.c_str(), &info);
    return info.st_mode & 0777;
  }
  std::string home() const { return dir_.path().string(); }
  test::TempDir dir_;
};

TEST_F(TokenVaultTest, WhatWasPutIsThereAfterOpeningAgain) {
  {
    auto vault = open();
    ASSERT_TRUE(vault.put(store(11, "riyadh"), tokens()).ok());
    ASSERT_TRUE(vault.put(store(12, "jeddah"), {Secret("static"), Secret(), kNow, {}, ""}).ok());
  }
  const auto vault = open();
  const auto listed = vault.list();
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->size(), 2U);
  EXPECT_EQ((*listed)[0].name, "jeddah");
  EXPECT_FALSE((*listed)[0].can_refresh);
  EXPECT_FALSE((*listed)[0].expires_at);
  const auto found = vault.find("riyadh");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->id, StoreId(11));
  EXPECT_EQ(found->title, "متجر");
  EXPECT_TRUE(found->can_refresh);
  EXPECT_EQ(vault.find("11")->name, "riyadh") << "by id";
  EXPECT_EQ(vault.find("12")->name, "jeddah");
  EXPECT_EQ(vault.find("nowhere").error().kind(), ErrorKind::kNotFound);
  const auto read = vault.tokens(StoreId(11));
  ASSERT_TRUE(read.ok()) << read.error().to_text();
  EXPECT_EQ(read->access.expose(), kAccess);
  EXPECT_EQ(read->refresh.expose(), kRefresh);
  EXPECT_EQ(read->expires_at, kNow + hours(24 * 14));
  EXPECT_EQ(read->scopes, "orders.read offline_access");
}

TEST_F(TokenVaultTest, NoFileShowsATokenAndNobodyElseMayReadOne) {
  auto vault = open();
  ASSERT_TRUE(vault.put(store(11, "riyadh"), tokens()).ok());
  const auto text = all_files();
  EXPECT_EQ(text.find(kAccess), std::string::npos);
  EXPECT_EQ(text.find(kRefresh), std::string::npos);
  EXPECT_NE(text.find("riyadh"), std::string::npos) << "the right files were looked at";
  for (const auto& entry : fs::directory_iterator(dir_ / "state"))
    EXPECT_EQ(mode(entry.path()), 0600U) << entry.path();
}

TEST_F(TokenVaultTest, AKeyThatOthersMayReadIsRefused) {
  { ASSERT_TRUE(open().put(store(11, "riyadh"), tokens()).ok()); }
  fs::permissions(dir_ / "state/vault.key", fs::perms::group_read, fs::perm_options::add);
  const auto vault = open();
  EXPECT_TRUE(vault.list().ok()) << "names need no key";
  const auto refused = vault.tokens(StoreId(11));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_NE(refused.error().message().find("chmod 600"), std::string::npos);
}

TEST_F(TokenVaultTest, AMissingKeyIsNeverReplacedByANewOne) {
  { ASSERT_TRUE(open().put(store(11, "riyadh"), tokens()).ok()); }
  const auto key = test::read_text_file(dir_ / "state/vault.key");
  fs::remove(dir_ / "state/vault.key");
  {
    auto vault = open();
    const auto read = vault.tokens(StoreId(11));
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().message().find("missing"), std::string::npos);
    EXPECT_FALSE(vault.put(store(12, "jeddah"), tokens()).ok());
  }
  EXPECT_FALSE(fs::exists(dir_ / "state/vault.key"));
  EXPECT_TRUE(open({Secret(key), ""}).tokens(StoreId(11)).ok()) << "the same key as a variable";
}

TEST_F(TokenVaultTest, TheWrongKeyIsSaidToBeWrong) {
  { ASSERT_TRUE(open().put(store(11, "riyadh"), tokens()).ok()); }
  auto vault = open({VaultKey::random().to_base64(), ""});
  const auto read = vault.tokens(StoreId(11));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_NE(read.error().message().find("another key"), std::string::npos);
  EXPECT_FALSE(vault.put(store(12, "jeddah"), tokens()).ok()) << "nothing is sealed with it";
  const auto garbled = open({Secret("AAAA"), ""}).tokens(StoreId(11));
  ASSERT_FALSE(garbled.ok());
  EXPECT_NE(garbled.error().message().find("is no vault key"), std::string::npos);
  EXPECT_EQ(garbled.error().to_text().find("AAAA"), std::string::npos) << "keys are not shown";
}

TEST_F(TokenVaultTest, RowsCannotBeSwappedAndADamagedOneIsNamed) {
  {
    auto vault = open();
    ASSERT_TRUE(vault.put(store(11, "riyadh"), tokens("-11")).ok());
    ASSERT_TRUE(vault.put(store(12, "jeddah"), tokens("-12")).ok());
  }
  meddle(
      "UPDATE stores SET sealed = (SELECT sealed FROM stores WHERE store_id = 12) "
      "WHERE store_id = 11");
  const auto vault = open();
  const auto swapped = vault.tokens(StoreId(11));
  ASSERT_FALSE(swapped.ok());
  EXPECT_EQ(swapped.error().kind(), ErrorKind::kStorageFailed);
  EXPECT_NE(swapped.error().to_text().find("falaj store remove riyadh"), std::string::npos);
  EXPECT_TRUE(vault.tokens(StoreId(12)).ok()) << "the others are not touched";
  meddle("UPDATE stores SET sealed = substr(sealed, 1, 40) WHERE store_id = 12");
  EXPECT_FALSE(vault.tokens(StoreId(12)).ok());
}

TEST_F(TokenVaultTest, ANameStaysWithItsStore) {
  auto vault = open();
  ASSERT_TRUE(vault.put(store(11, "riyadh"), tokens()).ok());
  ASSERT_TRUE(vault.mark(StoreId(11), StoreState::kBurnt, "used twice").ok());
  EXPECT_EQ(vault.find("riyadh")->state, StoreState::kBurnt);
  ASSERT_TRUE(vault.put(store(11, "riyadh"), tokens("-new")).ok());
  EXPECT_EQ(vault.find("riyadh")->state, StoreState::kActive) << "new tokens heal it";
  EXPECT_EQ(vault.find("riyadh")->state_reason, "");
  EXPECT_EQ(vault.tokens(StoreId(11))->access.expose(), std::string(kAccess) + "-new");
  EXPECT_EQ(vault.put(store(12, "riyadh"), tokens()).error().kind(), ErrorKind::kUsage);
  EXPECT_EQ(vault.put(store(11, "other"), tokens()).error().kind(), ErrorKind::kUsage);
  EXPECT_EQ(vault.list()->size(), 1U);
  ASSERT_TRUE(vault.remove(StoreId(11)).ok());
  EXPECT_TRUE(vault.list()->empty());
}

TEST_F(TokenVaultTest, NamesAreWordsAndNotIds) {
  for (const char* good : {"a", "main-shop", "shop.1", "متجر", "1305146709-b"})
    EXPECT_TRUE(check_store_name(good).ok()) << good;
  for (const char* bad : {"", "12", "-x", "a b", "a\nb", "a'b", "a/b"})
    EXPECT_FALSE(check_store_name(bad).ok()) << bad;
  EXPECT_FALSE(check_store_name(std::string(65, 'a')).ok());
}

TEST_F(TokenVaultTest, ANewKeyOpensEverythingAndTheOldOneNothing) {
  auto vault = open();
  auto other = open();
  ASSERT_TRUE(vault.put(store(11, "riyadh"), tokens()).ok());
  const auto old_key = Secret(test::read_text_file(dir_ / "state/vault.key"));
  ASSERT_TRUE(vault.rekey(std::nullopt).ok());
  EXPECT_NE(test::read_text_file(dir_ / "state/vault.key"), old_key.expose());
  EXPECT_EQ(mode(dir_ / "state/vault.key"), 0600U);
  EXPECT_FALSE(fs::exists(dir_ / "state/vault.key.next"));
  EXPECT_EQ(vault.tokens(StoreId(11))->access.expose(), kAccess);
  EXPECT_EQ(other.tokens(StoreId(11))->access.expose(), kAccess)
      << "a process that had it open reads the new key";
  EXPECT_FALSE(open({old_key, ""}).tokens(StoreId(11)).ok());
}

TEST_F(TokenVaultTest, AKillBetweenSealingAndPuttingTheKeyInPlaceLosesNothing) {
  { ASSERT_TRUE(open().put(store(11, "riyadh"), tokens()).ok()); }
  const auto old_key = test::read_text_file(dir_ / "state/vault.key");
  { ASSERT_TRUE(open().rekey(std::nullopt).ok()); }
  // As it was before the rename.
  fs::rename(dir_ / "state/vault.key", dir_ / "state/vault.key.next");
  std::ofstream(dir_ / "state/vault.key") << old_key;
  fs::permissions(dir_ / "state/vault.key", fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(open().tokens(StoreId(11)).ok());
  EXPECT_FALSE(fs::exists(dir_ / "state/vault.key.next"));
  // A kill before the sealing leaves a key that opens nothing.
  ASSERT_TRUE(VaultKey::random().write_file(dir_ / "state/vault.key.next").ok());
  EXPECT_TRUE(open().tokens(StoreId(11)).ok());
  EXPECT_FALSE(fs::exists(dir_ / "state/vault.key.next"));
}

TEST_F(TokenVaultTest, ASpentRefreshTokenIsKnownForEver) {
  auto vault = open();
  ASSERT_TRUE(vault.put(store(11, "riyadh"), tokens()).ok());
  EXPECT_FALSE(*vault.is_spent(Secret(kRefresh)));
  ASSERT_TRUE(vault.mark(StoreId(11), StoreState::kUnclear, "no answer").ok());
  ASSERT_TRUE(vault.replace_tokens(StoreId(11), tokens("-2"), Secret(kRefresh), kNow).ok());
  auto later = open();
  EXPECT_TRUE(*later.is_spent(Secret(kRefresh)));
  EXPECT_FALSE(*later.is_spent(Secret(std::string(kRefresh) + "-2")));
  EXPECT_EQ(later.find("riyadh")->state, StoreState::kActive);
  EXPECT_EQ(later.tokens(StoreId(11))->refresh.expose(), std::string(kRefresh) + "-2");
  EXPECT_EQ(fingerprint(Secret(kRefresh)).size(), 16U);
}

}  // namespace
}  // namespace falaj::state
