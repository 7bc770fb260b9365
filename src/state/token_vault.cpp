#include "state/token_vault.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/closest.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "base/system_error.hpp"
#include "state/file_lock.hpp"
#include "state/sqlite.hpp"

namespace falaj::state {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFingerprintDigits = 16;
constexpr size_t kNameBytesMax = 64;
constexpr const char* kKeyCheck = "falaj vault";

constexpr const char* kSchema[] = {
    "CREATE TABLE IF NOT EXISTS vault (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), "
    "key_check TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS stores (store_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, "
    "title TEXT NOT NULL, plan TEXT NOT NULL, origin TEXT NOT NULL, state TEXT NOT NULL, "
    "state_reason TEXT NOT NULL, can_refresh INTEGER NOT NULL, added_at INTEGER NOT NULL, "
    "issued_at INTEGER NOT NULL, expires_at INTEGER, scopes TEXT NOT NULL, sealed TEXT NOT NULL) "
    "STRICT",
    "CREATE TABLE IF NOT EXISTS spent_tokens (fingerprint TEXT PRIMARY KEY, store_id INTEGER NOT "
    "NULL, spent_at INTEGER NOT NULL) STRICT"};
constexpr int kSchemaVersion = 1;

constexpr const char* kColumns =
    "SELECT store_id, name, title, plan, origin, state, state_reason, can_refresh, added_at, "
    "issued_at, expires_at, scopes FROM stores ";

std::string seconds_text(UtcTime time) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

UtcTime from_seconds(const std::optional<std::string>& text) {
  return UtcTime(std::chrono::seconds(std::atoll(text.value_or("0").c_str())));
}

StoreOrigin parse_origin(const std::string& text) {
  for (const auto origin : {StoreOrigin::kAuthorized, StoreOrigin::kInstalled}) {
    if (to_string(origin) == text) return origin;
  }
  return StoreOrigin::kStaticToken;
}

StoreState parse_state(const std::string& text) {
  for (const auto state : {StoreState::kUnclear, StoreState::kBurnt, StoreState::kUninstalled}) {
    if (to_string(state) == text) return state;
  }
  return StoreState::kActive;
}

VaultStore to_store(const Sqlite::Row& row) {
  VaultStore store;
  store.id = StoreId(std::atoll(row[0].value_or("0").c_str()));
  store.name = row[1].value_or("");
  store.title = row[2].value_or("");
  store.plan = row[3].value_or("");
  store.origin = parse_origin(row[4].value_or(""));
  store.state = parse_state(row[5].value_or(""));
  store.state_reason = row[6].value_or("");
  store.can_refresh = row[7].value_or("0") == "1";
  store.added_at = from_seconds(row[8]);
  store.issued_at = from_seconds(row[9]);
  if (row[10]) store.expires_at = from_seconds(row[10]);
  store.scopes = row[11].value_or("");
  return store;
}

// A row opens for its own store only.
std::string purpose_of(StoreId id) {
  return fmt::format("falaj tokens of store {}", id.value());
}

std::string seal_tokens(const VaultKey& key, StoreId id, const StoreTokens& tokens) {
  Json json;
  json.set("access", tokens.access.expose());
  json.set("refresh", tokens.refresh.expose());
  return key.seal(Secret(json.dump()), purpose_of(id));
}

// The database holds no secret in the clear; it is its owner's business even so. SQLite gives
// its other files the mode of this one.
Status make_private_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  struct stat info {};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot open the token vault {}: {}", path, system_text(errno)));
  }
  if ((info.st_mode & 077) != 0) {
    log_warn("others than its owner may read the token vault {} (mode {:04o}): chmod 600 {}", path,
             static_cast<unsigned>(info.st_mode & 07777), path);
  }
  return {};
}

// Undone when it goes, unless committed.
class Transaction {
 public:
  Transaction(Sqlite& database, const char* how) : database_(database), begun_(run(how)) {}
  ~Transaction() {
    // The error that ended the work tells more than one of undoing it.
    if (begun_.ok() && !is_done_) static_cast<void>(run("ROLLBACK").ok());
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Status begun() const { return begun_; }
  Status commit() {
    FALAJ_TRY(run("COMMIT"));
    is_done_ = true;
    return {};
  }

 private:
  Status run(const char* sql) {
    FALAJ_TRY(database_.run(sql));
    return {};
  }
  Sqlite& database_;
  bool is_done_ = false;
  Status begun_;
};

}  // namespace

std::string_view to_string(StoreOrigin origin) {
  switch (origin) {
    case StoreOrigin::kStaticToken: return "static token";
    case StoreOrigin::kAuthorized: return "authorized";
    case StoreOrigin::kInstalled: return "installed";
  }
  return "";
}

std::string_view to_string(StoreState state) {
  switch (state) {
    case StoreState::kActive: return "active";
    case StoreState::kUnclear: return "unclear";
    case StoreState::kBurnt: return "burnt";
    case StoreState::kUninstalled: return "uninstalled";
  }
  return "";
}

std::string fingerprint(const Secret& token) {
  return to_hex(sha256("falaj token\n" + token.expose())).substr(0, kFingerprintDigits);
}

Status check_store_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
  };
  const bool is_number = name.find_first_not_of("0123456789") == std::string::npos;
  if (!name.empty() && name.size() <= kNameBytesMax && !is_number && name[0] != '-' &&
      std::all_of(name.begin(), name.end(), fits)) {
    return {};
  }
  return Error(ErrorKind::kUsage,
               fmt::format("\"{}\" is no name for a store: 1 to {} letters, digits, '.', '_' and "
                           "'-', not digits alone, such as main-shop",
                           excerpt(name, 80), kNameBytesMax));
}

struct TokenVault::Core {
  std::string folder;
  VaultKeyPlace place;
  mutable Sqlite database;

  std::string key_file() const { return place.file.empty() ? folder + "/vault.key" : place.file; }
  std::string next_key_file() const { return key_file() + ".next"; }

  Result<VaultKey> read_key() const {
    if (!place.text.empty()) return VaultKey::from_base64(place.text, "FALAJ_VAULT_KEY");
    auto key = VaultKey::read_file(key_file());
    if (key.ok() || key.error().kind() != ErrorKind::kNotFound) return key;
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("the key of the token vault is missing: {}; put it back from your "
                             "backup, or set FALAJ_VAULT_KEY. If it is lost, the tokens are: move "
                             "{}/vault.db aside and add the stores again",
                             key_file(), folder));
  }

  Result<std::optional<std::string>> key_check() const {
    FALAJ_ASSIGN(const auto rows, database.run("SELECT key_check FROM vault"));
    return rows.empty() ? std::optional<std::string>() : rows[0][0];
  }

  // The key that the vault is sealed with now: another process may have changed it.
  Result<VaultKey> current_key() const {
    FALAJ_ASSIGN(const auto check, key_check());
    FALAJ_ASSIGN(auto key, read_key());
    if (check && !key.open(*check, kKeyCheck).ok()) {
      // Between sealing with a new key and putting its file in place.
      auto next = VaultKey::read_file(next_key_file());
      if (place.text.empty() && next.ok() && next->open(*check, kKeyCheck).ok()) return next;
      return Error(
          ErrorKind::kInvalidConfig,
          fmt::format("the token vault {}/vault.db was sealed with another key than {}: "
                      "use the key that it was made with",
                      folder, place.text.empty() ? key_file() : "the one in FALAJ_VAULT_KEY"));
    }
    return key;
  }

  Status prepare();
  Status bring_up_to_date();
  Status finish_rekeying(const std::string& check);
};

Status TokenVault::Core::bring_up_to_date() {
  FALAJ_ASSIGN(const auto rows, database.run("PRAGMA user_version"));
  const auto version = std::atoll(rows[0][0].value_or("0").c_str());
  if (version == kSchemaVersion) return {};
  if (version > kSchemaVersion) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("{}/vault.db was written by a newer falaj (schema {}, this one knows "
                             "{}); use that falaj or another home",
                             folder, version, kSchemaVersion));
  }
  Transaction making(database, "BEGIN IMMEDIATE");
  FALAJ_TRY(making.begun());
  for (const auto* sql : kSchema) FALAJ_TRY(database.run(sql));
  FALAJ_TRY(database.run(fmt::format("PRAGMA user_version = {}", kSchemaVersion)));
  return making.commit();
}

// Called under vault.lock.
Status TokenVault::Core::prepare() {
  FALAJ_TRY(bring_up_to_date());
  FALAJ_ASSIGN(const auto check, key_check());
  if (check) return finish_rekeying(*check);
  auto key = read_key();
  if (!key.ok()) {
    std::error_code ignored;
    if (!place.text.empty() || fs::exists(key_file(), ignored)) return std::move(key).error();
    FALAJ_TRY(VaultKey::random().write_file(key_file()));
    key = read_key();
  }
  FALAJ_ASSIGN(const auto made, std::move(key));
  FALAJ_TRY(database.run("INSERT INTO vault (only_row, key_check) VALUES (1, ?1)",
                         {made.seal(Secret(kKeyCheck), kKeyCheck)}));
  return {};
}

// A process that was killed between sealing with the new key and putting its file in place.
Status TokenVault::Core::finish_rekeying(const std::string& check) {
  if (!place.text.empty()) return {};
  const auto next = VaultKey::read_file(next_key_file());
  if (!next.ok()) return {};
  std::error_code problem;
  if (next->open(check, kKeyCheck).ok()) {
    fs::rename(next_key_file(), key_file(), problem);
  } else {
    fs::remove(next_key_file(), problem);
  }
  if (!problem) return {};
  return Error(ErrorKind::kStorageFailed, fmt::format("cannot replace the vault key {}: {}",
                                                      key_file(), system_text(problem)));
}

TokenVault::TokenVault(std::unique_ptr<Core> core) : core_(std::move(core)) {}
TokenVault::TokenVault(TokenVault&&) noexcept = default;
TokenVault& TokenVault::operator=(TokenVault&&) noexcept = default;
TokenVault::~TokenVault() = default;

bool TokenVault::exists(const std::string& home) {
  std::error_code ignored;
  return fs::exists(home + "/state/vault.db", ignored);
}

Result<TokenVault> TokenVault::open(const std::string& home, const VaultKeyPlace& key) {
  const auto folder = home + "/state";
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot make {}: {}", folder, system_text(problem)));
  }
  const auto path = folder + "/vault.db";
  FALAJ_TRY(make_private_file(path));
  FALAJ_ASSIGN(const auto lock, FileLock::acquire(folder + "/vault.lock"));
  FALAJ_ASSIGN(auto database, Sqlite::open(path));
  auto core = std::make_unique<Core>(Core{folder, key, std::move(database)});
  FALAJ_TRY(core->prepare().while_doing("opening the token vault"));
  return TokenVault(std::move(core));
}

Result<std::vector<VaultStore>> TokenVault::list() const {
  FALAJ_ASSIGN(const auto rows, core_->database.run(std::string(kColumns) + "ORDER BY name"));
  std::vector<VaultStore> stores;
  for (const auto& row : rows) stores.push_back(to_store(row));
  return stores;
}

Result<VaultStore> TokenVault::find(const std::string& name_or_id) const {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run(std::string(kColumns) + "WHERE name = ?1 OR "
                                                           "CAST(store_id AS TEXT) = ?1",
                                   {name_or_id}));
  if (!rows.empty()) return to_store(rows[0]);
  FALAJ_ASSIGN(const auto stores, list());
  std::vector<std::string> names;
  for (const auto& store : stores) names.push_back(store.name);
  return Error(ErrorKind::kNotFound,
               fmt::format("there is no store \"{}\" in this home{}; `falaj store list` shows them",
                           excerpt(name_or_id, 80), did_you_mean(name_or_id, names)));
}

Result<std::optional<VaultStore>> TokenVault::find(StoreId id) const {
  FALAJ_ASSIGN(const auto rows, core_->database.run(std::string(kColumns) + "WHERE store_id = ?1",
                                                    {std::to_string(id.value())}));
  if (rows.empty()) return std::optional<VaultStore>();
  return std::optional(to_store(rows[0]));
}

Result<StoreTokens> TokenVault::tokens(StoreId id) const {
  // Key and row of one moment.
  const Transaction reading(core_->database, "BEGIN");
  FALAJ_TRY(reading.begun());
  FALAJ_ASSIGN(const auto key, core_->current_key());
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT sealed, issued_at, expires_at, scopes, name FROM stores "
                                   "WHERE store_id = ?1",
                                   {std::to_string(id.value())}));
  if (rows.empty()) {
    return Error(ErrorKind::kNotFound,
                 fmt::format("the store {} is in this home no more", id.value()));
  }
  const auto& row = rows[0];
  const auto name = row[4].value_or("");
  FALAJ_ASSIGN(const auto text, key.open(row[0].value_or(""), purpose_of(id))
                                    .while_doing(fmt::format(
                                        "reading the tokens of the store {} ({}); if its row is "
                                        "damaged: `falaj store remove {}` and add it again",
                                        name, id.value(), name)));
  // Its error would quote the tokens.
  const auto json = Json::parse(text.expose());
  if (!json.ok()) return Error(ErrorKind::kBug, "sealed tokens are no JSON");
  StoreTokens tokens;
  tokens.access = Secret((*json)["access"].as_string());
  tokens.refresh = Secret((*json)["refresh"].as_string());
  tokens.issued_at = from_seconds(row[1]);
  if (row[2]) tokens.expires_at = from_seconds(row[2]);
  tokens.scopes = row[3].value_or("");
  return tokens;
}

Status TokenVault::put(const VaultStore& store, const StoreTokens& tokens) {
  FALAJ_TRY(check_store_name(store.name));
  FALAJ_ASSIGN(const auto lock, FileLock::acquire(core_->folder + "/vault.lock"));
  FALAJ_ASSIGN(const auto key, core_->current_key());
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT store_id, name FROM stores WHERE name = ?1 OR store_id "
                                   "= ?2",
                                   {store.name, std::to_string(store.id.value())}));
  for (const auto& row : rows) {
    const auto id = std::atoll(row[0].value_or("0").c_str());
    if (id == store.id.value() && row[1] == store.name) continue;
    return Error(ErrorKind::kUsage,
                 id == store.id.value()
                     ? fmt::format("the token belongs to the store {}, which is here as \"{}\": "
                                   "use that name, or `falaj store remove {}` first",
                                   id, row[1].value_or(""), row[1].value_or(""))
                     : fmt::format("\"{}\" is the name of another store ({}), and the token "
                                   "belongs to {}: choose another name",
                                   store.name, id, store.id.value()));
  }
  FALAJ_TRY(core_->database.run(
      "INSERT INTO stores (store_id, name, title, plan, origin, state, state_reason, can_refresh, "
      "added_at, issued_at, expires_at, scopes, sealed) VALUES (?1, ?2, ?3, ?4, ?5, 'active', '', "
      "?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (store_id) DO UPDATE SET title = ?3, plan = ?4, "
      "origin = ?5, state = 'active', state_reason = '', can_refresh = ?6, issued_at = ?8, "
      "expires_at = ?9, scopes = ?10, sealed = ?11",
      {std::to_string(store.id.value()), store.name, store.title, store.plan,
       std::string(to_string(store.origin)), tokens.refresh.empty() ? "0" : "1",
       seconds_text(store.added_at), seconds_text(tokens.issued_at),
       tokens.expires_at ? std::optional(seconds_text(*tokens.expires_at)) : std::nullopt,
       tokens.scopes, seal_tokens(key, store.id, tokens)}));
  return {};
}

Status TokenVault::replace_tokens(StoreId id, const StoreTokens& tokens, const Secret& spent,
                                  UtcTime now) {
  FALAJ_ASSIGN(const auto lock, FileLock::acquire(core_->folder + "/vault.lock"));
  FALAJ_ASSIGN(const auto key, core_->current_key());
  Transaction replacing(core_->database, "BEGIN IMMEDIATE");
  FALAJ_TRY(replacing.begun());
  FALAJ_TRY(core_->database.run(
      "UPDATE stores SET state = 'active', state_reason = '', can_refresh = ?2, issued_at = ?3, "
      "expires_at = ?4, scopes = ?5, sealed = ?6 WHERE store_id = ?1",
      {std::to_string(id.value()), tokens.refresh.empty() ? "0" : "1",
       seconds_text(tokens.issued_at),
       tokens.expires_at ? std::optional(seconds_text(*tokens.expires_at)) : std::nullopt,
       tokens.scopes, seal_tokens(key, id, tokens)}));
  FALAJ_TRY(core_->database.run(
      "INSERT OR IGNORE INTO spent_tokens (fingerprint, store_id, spent_at) VALUES (?1, ?2, ?3)",
      {fingerprint(spent), std::to_string(id.value()), seconds_text(now)}));
  return replacing.commit();
}

Status TokenVault::describe(StoreId id, const std::string& title, const std::string& plan) {
  FALAJ_TRY(core_->database.run("UPDATE stores SET title = ?2, plan = ?3 WHERE store_id = ?1",
                                {std::to_string(id.value()), title, plan}));
  return {};
}

Status TokenVault::mark(StoreId id, StoreState state, const std::string& reason) {
  FALAJ_TRY(
      core_->database.run("UPDATE stores SET state = ?2, state_reason = ?3 WHERE store_id = ?1",
                          {std::to_string(id.value()), std::string(to_string(state)), reason}));
  return {};
}

Status TokenVault::remove(StoreId id) {
  FALAJ_TRY(
      core_->database.run("DELETE FROM stores WHERE store_id = ?1", {std::to_string(id.value())}));
  return {};
}

Result<bool> TokenVault::is_spent(const Secret& refresh) const {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT 1 FROM spent_tokens WHERE fingerprint = ?1",
                                   {fingerprint(refresh)}));
  return !rows.empty();
}

Result<VaultKey> TokenVault::key() const {
  return core_->current_key();
}

Status TokenVault::rekey(const std::optional<VaultKey>& next) {
  FALAJ_ASSIGN(const auto lock, FileLock::acquire(core_->folder + "/vault.lock"));
  FALAJ_ASSIGN(const auto old_key, core_->current_key());
  const bool has_file = core_->place.text.empty();
  if (!has_file && !next) {
    return Error(ErrorKind::kUsage,
                 "the key comes from FALAJ_VAULT_KEY: name the variable that holds the new one "
                 "with --new-key-env");
  }
  const auto new_key = next ? *next : VaultKey::random();
  FALAJ_ASSIGN(const auto rows, core_->database.run("SELECT store_id, sealed FROM stores"));
  if (has_file) FALAJ_TRY(new_key.write_file(core_->next_key_file()));
  Transaction sealing(core_->database, "BEGIN IMMEDIATE");
  FALAJ_TRY(sealing.begun());
  for (const auto& row : rows) {
    const StoreId id(std::atoll(row[0].value_or("0").c_str()));
    FALAJ_ASSIGN(const auto text,
                 old_key.open(row[1].value_or(""), purpose_of(id))
                     .while_doing(fmt::format("sealing the store {} again", id.value())));
    FALAJ_TRY(core_->database.run("UPDATE stores SET sealed = ?2 WHERE store_id = ?1",
                                  {row[0], new_key.seal(text, purpose_of(id))}));
  }
  const auto check = new_key.seal(Secret(kKeyCheck), kKeyCheck);
  FALAJ_TRY(core_->database.run("UPDATE vault SET key_check = ?1", {check}));
  FALAJ_TRY(sealing.commit());
  return has_file ? core_->finish_rekeying(check) : Status();
}

}  // namespace falaj::state
