#include "operate/quota.hpp"

#include <algorithm>

#include "home/home.hpp"
#include "http/quota_state.hpp"
#include "state/shared_record.hpp"
#include "state/token_vault.hpp"
#include "stores/quota_books.hpp"

namespace falaj::operate {
namespace {

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

// A copy of the record in a file, and how many use it; all zero where there is none yet.
template <typename Record>
struct Look {
  Record record;
  int64_t clients = 0;
};

template <typename Record>
Result<Look<Record>> look(const std::string& path) {
  Look<Record> seen;
  auto file = state::SharedRecord::open_existing(path);
  if (!file.ok() && file.error().kind() == ErrorKind::kNotFound) return seen;
  if (!file.ok()) return std::move(file).error();
  file->lock();
  seen.record = *static_cast<const Record*>(file->data());
  file->unlock();
  for (size_t member = 0; member < state::SharedRecord::kMembers; ++member)
    seen.clients += file->is_alive(member) ? 1 : 0;
  return seen;
}

Result<StoreQuota> store_quota(const home::Home& home, Micros now,
                               const state::StoreRecord& store) {
  FALAJ_ASSIGN(const auto seen,
               look<http::QuotaRecord>(stores::quota_file(home, std::to_string(store.store_id))));
  const auto state = http::quota_state(seen.record, now);
  StoreQuota quota;
  quota.store_id = store.store_id;
  quota.name = store.name;
  quota.limit = state.limit;
  quota.remaining = state.remaining;
  quota.changes = state.used[static_cast<size_t>(http::Share::kChanges)];
  quota.deepening = state.used[static_cast<size_t>(http::Share::kDeepening)];
  quota.backfill = state.used[static_cast<size_t>(http::Share::kBackfill)];
  quota.used_by_others = state.used_by_others;
  quota.in_flight = state.in_flight;
  quota.clients = seen.clients;
  quota.window_ends_in = seconds(state.window_ends_in);
  quota.waits_for = seconds(state.waits_for);
  if (state.last_answer) quota.last_answer_ago = seconds(*state.last_answer);
  return quota;
}

// Those of the token vault, and those that were read with a token of the environment.
Result<std::vector<state::StoreRecord>> stores_of(const home::Home& home) {
  std::vector<state::StoreRecord> stores;
  if (state::TokenVault::exists(home.paths().root)) {
    FALAJ_ASSIGN(const auto vault,
                 state::TokenVault::open(home.paths().root, home.vault_key_place()));
    FALAJ_ASSIGN(const auto kept, vault.list());
    for (const auto& store : kept) stores.push_back({store.id.value(), store.name, store.plan});
  }
  if (!home.has_state()) return stores;
  FALAJ_ASSIGN(auto state, state::StateStore::open_to_read(home.paths().root));
  FALAJ_ASSIGN(const auto seen, state.stores());
  for (const auto& store : seen) {
    const bool is_kept = std::any_of(stores.begin(), stores.end(), [&](const auto& known) {
      return known.store_id == store.store_id;
    });
    if (!is_kept) stores.push_back(store);
  }
  return stores;
}

}  // namespace

Result<QuotaReport> show_quota(const home::Home& home) {
  const auto now = home.clock().shared_now();
  QuotaReport report;
  FALAJ_ASSIGN(const auto stores, stores_of(home));
  for (const auto& store : stores) {
    FALAJ_ASSIGN(auto quota, store_quota(home, now, store));
    report.stores.push_back(std::move(quota));
  }
  FALAJ_ASSIGN(const auto customers, look<http::SpanRecord>(stores::quota_file(home, "")));
  const auto span = http::span_state(customers.record, now);
  report.customers_used = span.used;
  report.customers_limit = span.limit;
  report.customers_wait = seconds(span.waits_for);
  return report;
}

}  // namespace falaj::operate
