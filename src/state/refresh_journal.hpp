// What must survive a process that refreshes a store's tokens: that a refresh was begun, and the
// answer to it. One file a store, which is its lock too, with room for the answer set aside before
// anything is sent: a full disk cannot lose tokens that have arrived.
// Shape:    <folder>/refresh-<store id>; a line of JSON, then zeros.
// Owns:     the lock, as long as it lives. The kernel frees it when the process ends.
// Threads:  confined to one.
// Errors:   kConflict when another process holds the lock for longer than patience; kStorageFailed
//           (disk full before anything was sent, disk failed); kCancelled.
// Facts:    docs/decisions/0008-refreshing-tokens.md
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "state/file_lock.hpp"
#include "state/token_vault.hpp"

namespace falaj::state {

class RefreshJournal {
 public:
  struct Entry {
    std::string fingerprint;  // of the refresh token that was to be sent
    std::string begun_at;
    std::optional<StoreTokens> answer;
  };

  // Waits for the lock.
  static Result<RefreshJournal> open(const std::string& folder, StoreId store, Clock& clock,
                                     Micros patience, const std::stop_token& stop);

  // Nothing: no refresh is open. An entry that is damaged counts as begun, its token unknown.
  Result<std::optional<Entry>> read(const VaultKey& key) const;
  // Durable, room for the answer included, when this returns.
  Status begin(const Secret& refresh, UtcTime now);
  // Durable when this returns.
  Status keep_answer(const VaultKey& key, const Secret& refresh, const StoreTokens& answer,
                     UtcTime now);
  Status clear();

 private:
  RefreshJournal(FileLock lock, std::string path, StoreId store)
      : lock_(std::move(lock)), path_(std::move(path)), store_(store) {}
  Status write(const std::string& text);
  Error failed(const char* what) const;

  FileLock lock_;
  std::string path_;
  StoreId store_;
};

}  // namespace falaj::state
