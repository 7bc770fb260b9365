// One store's API, asked through the request limits that all falaj processes of a machine share: every
// command asks a store through this.
// Shape:    a store whose id is not known yet is asked who it is first; that request counts against
//           its limit too.
// Owns:     its connections and its HTTP client.
// Threads:  confined to one.
// Errors:   those of the client; kAuthFailed: the token opens another store than the one it was kept
//           for.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connectors/salla/salla_source.hpp"
#include "home/home.hpp"
#include "http/client.hpp"
#include "http/curl_transport.hpp"
#include "stores/store_access.hpp"

namespace falaj::stores {

// Of the vault's stores, and of those that this home has read before.
std::optional<StoreId> known_store_id(const home::Home& home, const StoreAccess& access);

class StoreClient {
 public:
  struct Options {
    Clock* clock = nullptr;  // the home's, unless there is one
    http::CurlOptions curl;
    std::optional<int> max_retries;  // else the setting
    std::optional<Micros> deadline;  // on the clock's steady time
    std::function<void()> on_wait;   // the store's limit makes the next request wait
  };
  // `known`: the id under which its limit is shared. `home` must outlive it.
  StoreClient(const home::Home& home, StoreAccess access, std::optional<StoreId> known,
              Options options);
  ~StoreClient();

  // Asks the API who the store is; an answer that cannot be read is asked for again. From here on the
  // store's own limit holds.
  Result<http::ApiResponse> ask_who();
  // After ask_who().
  const extract::StoreInfo& info() const { return info_; }

  http::Client& client() { return *client_; }
  extract::Source& source() { return *source_; }
  int64_t requests_made() const;
  // Of this machine's clock against the store's; nothing while no answer had a Date.
  std::optional<Micros> clock_skew() const;

 private:
  void open(const std::string& store_id);
  // Whether the token is that of the store that it was kept for.
  Status check_identity() const;
  void count_first_request(const http::ApiResponse& answer, Micros sent_at);
  const std::string& name() const { return info_.name.empty() ? access_.name : info_.name; }

  const home::Home& home_;
  StoreAccess access_;
  std::optional<StoreId> known_;
  Options options_;
  Clock& clock_;
  http::CurlTransport transport_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<connectors::salla::SallaSource> source_;
  extract::StoreInfo info_;
  int64_t requests_before_ = 0;  // by the client that asked who the store is
  std::optional<Micros> skew_before_;
};

// Asks the API who a token belongs to.
Result<extract::StoreInfo> ask_store(const home::Home& home, const Secret& token);

}  // namespace falaj::stores
