#include "state/refresh_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/json.hpp"
#include "base/system_error.hpp"

namespace falaj::state {
namespace {

// Two tokens of 5,000 characters, sealed, as base64: Salla's have 80 to 1,200.
constexpr size_t kRoom = 16 * 1024;

std::string purpose_of(StoreId store, const std::string& fingerprint) {
  return fmt::format("falaj answer for store {} to {}", store.value(), fingerprint);
}

int64_t to_seconds(UtcTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

UtcTime from_seconds(int64_t seconds) {
  return UtcTime(std::chrono::seconds(seconds));
}

Json tokens_json(const StoreTokens& tokens) {
  Json json;
  json.set("access", tokens.access.expose());
  json.set("refresh", tokens.refresh.expose());
  json.set("issued_at", to_seconds(tokens.issued_at));
  if (tokens.expires_at) json.set("expires_at", to_seconds(*tokens.expires_at));
  json.set("scopes", tokens.scopes);
  return json;
}

StoreTokens to_tokens(const Json& json) {
  StoreTokens tokens;
  tokens.access = Secret(json["access"].as_string());
  tokens.refresh = Secret(json["refresh"].as_string());
  tokens.issued_at = from_seconds(json["issued_at"].as_int());
  if (json["expires_at"].is_integer())
    tokens.expires_at = from_seconds(json["expires_at"].as_int());
  tokens.scopes = json["scopes"].as_string();
  return tokens;
}

Json entry_json(const Secret& refresh, UtcTime now) {
  Json json;
  json.set("fingerprint", fingerprint(refresh));
  json.set("begun_at", to_iso8601(now));
  return json;
}

}  // namespace

Error RefreshJournal::failed(const char* what) const {
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot {} {}: {}", what, path_, system_text(errno)));
}

Result<RefreshJournal> RefreshJournal::open(const std::string& folder, StoreId store, Clock& clock,
                                            Micros patience, const std::stop_token& stop) {
  auto path = fmt::format("{}/refresh-{}", folder, store.value());
  FALAJ_ASSIGN(auto lock, FileLock::acquire(path, clock, patience, stop));
  return RefreshJournal(std::move(lock), std::move(path), store);
}

Result<std::optional<RefreshJournal::Entry>> RefreshJournal::read(const VaultKey& key) const {
  std::string text(kRoom, '\0');
  const auto got = ::pread(lock_.descriptor(), text.data(), text.size(), 0);
  if (got < 0) return failed("read");
  text.resize(static_cast<size_t>(got));
  text.resize(std::strlen(text.c_str()));
  if (text.empty()) return std::optional<Entry>();
  Entry entry;
  const auto json = Json::parse(text);
  if (!json.ok()) return std::optional(std::move(entry));
  entry.fingerprint = (*json)["fingerprint"].as_string();
  entry.begun_at = (*json)["begun_at"].as_string();
  const auto sealed = (*json)["answer"].as_string();
  if (sealed.empty()) return std::optional(std::move(entry));
  FALAJ_ASSIGN(const auto opened, key.open(sealed, purpose_of(store_, entry.fingerprint))
                                      .while_doing("reading the answer in " + path_));
  // Its error would quote the tokens.
  const auto answer = Json::parse(opened.expose());
  if (!answer.ok()) return Error(ErrorKind::kBug, "a sealed answer is no JSON");
  entry.answer = to_tokens(*answer);
  return std::optional(std::move(entry));
}

// One write of all the room: what an earlier entry left is gone, and blocks that were set aside
// are in use.
Status RefreshJournal::write(const std::string& text) {
  if (text.size() >= kRoom) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("{}: an entry of {} bytes has no room", path_, text.size()));
  }
  std::string page(kRoom, '\0');
  text.copy(page.data(), text.size());
  if (::pwrite(lock_.descriptor(), page.data(), page.size(), 0) !=
          static_cast<ssize_t>(page.size()) ||
      ::fdatasync(lock_.descriptor()) != 0) {
    return failed("write");
  }
  return {};
}

Status RefreshJournal::begin(const Secret& refresh, UtcTime now) {
  struct stat info {};
  if (::fstat(lock_.descriptor(), &info) != 0) return failed("look at");
  const bool is_new = static_cast<size_t>(info.st_size) < kRoom;
  if (is_new) {
    if (const int problem = ::posix_fallocate(lock_.descriptor(), 0, kRoom); problem != 0) {
      errno = problem;
      return failed("set room aside in");
    }
    const UniqueFd folder(
        ::open(path_.substr(0, path_.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (::fsync(lock_.descriptor()) != 0 || ::fsync(folder.get()) != 0) return failed("write");
  }
  return write(entry_json(refresh, now).dump());
}

Status RefreshJournal::keep_answer(const VaultKey& key, const Secret& refresh,
                                   const StoreTokens& answer, UtcTime now) {
  auto json = entry_json(refresh, now);
  json.set("answer",
           key.seal(Secret(tokens_json(answer).dump()), purpose_of(store_, fingerprint(refresh))));
  return write(json.dump());
}

// Not made durable: an entry that comes back names a refresh token that the vault has no more.
Status RefreshJournal::clear() {
  const std::string page(kRoom, '\0');
  if (::pwrite(lock_.descriptor(), page.data(), page.size(), 0) !=
      static_cast<ssize_t>(page.size())) {
    return failed("write");
  }
  return {};
}

}  // namespace falaj::state
