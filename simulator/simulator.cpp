#include "simulator/simulator.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <set>

#include "base/json.hpp"
#include "simulator/accounts.hpp"
#include "simulator/answers.hpp"
#include "simulator/api.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/control.hpp"
#include "simulator/dataset_source.hpp"
#include "simulator/generated_source.hpp"
#include "simulator/php_answer.hpp"
#include "simulator/row_filters.hpp"
#include "simulator/spoilt_answer.hpp"
#include "simulator/token_book.hpp"

namespace falaj::simulator {
namespace {

using http_server::Request;
using http_server::Response;

constexpr std::string_view kApiRoot = "/admin/v2";
constexpr int64_t kCustomersLimit = 500;
constexpr std::chrono::minutes kCustomersWindow{10};

struct Plan {
  std::string_view name;
  int64_t requests_a_minute;  // 0: no limit at all
};
constexpr std::array kPlans = {Plan{"basic", 60}, Plan{"plus", 120}, Plan{"pro", 360},
                               Plan{"special", 720}, Plan{"unlimited", 0}};

std::string store_token(const std::string& token, int number, int stores) {
  return stores == 1 ? token : fmt::format("{}-{}", token, number);
}

class SallaSimulator final : public Simulator {
 public:
  SallaSimulator(SimOptions options, UtcTime start)
      : options_(std::move(options)),
        clock_(start, options_.time_scale),
        tokens_(options_.token_lifetime_secs),
        cache_(options_.page_cache_bytes),
        customers_quota_(kCustomersLimit, kCustomersWindow, false) {
    size_t at = 0;
    while (at < options_.scopes.size()) {
      const auto end = std::min(options_.scopes.find_first_of(" ,", at), options_.scopes.size());
      if (end > at) scopes_.insert(options_.scopes.substr(at, end - at));
      at = end + 1;
    }
  }

  Status open_stores() {
    const Plan* plan = nullptr;
    for (const auto& known : kPlans) {
      if (known.name == options_.plan) plan = &known;
    }
    if (plan == nullptr) {
      return Error(ErrorKind::kUsage,
                   fmt::format("plan '{}' is not one of basic, plus, pro, special, unlimited",
                               options_.plan));
    }
    is_unlimited_ = plan->requests_a_minute == 0;
    const auto now = clock_.now();
    for (int number = 1; number <= options_.stores; ++number) {
      FALAJ_ASSIGN(auto source, make_source(number));
      auto slot = std::make_unique<StoreSlot>(number, std::move(source), options_.quirks,
                                              fmt::format("falaj-{}.example.sa", number));
      slot->plan = options_.plan;
      slot->is_expanded = options_.is_expanded;
      if (!is_unlimited_) {
        slot->quota = std::make_unique<Quota>(plan->requests_a_minute, std::chrono::seconds(60),
                                              options_.quirks[Quirk::kSlowTail]);
      }
      tokens_.add(
          static_cast<size_t>(number - 1), store_token(options_.token, number, options_.stores),
          store_token("sim-refresh", number, options_.stores), local_seconds(now) - kRiyadhOffset);
      slots_.push_back(std::move(slot));
    }
    return {};
  }

  void set_server(const http_server::Server* server) override { server_ = server; }

  Response handle(const Request& request) override {
    if (request.path.starts_with("/_sim/")) {
      return control(request, {.slots = slots_,
                               .counters = counters_,
                               .faults = faults_,
                               .tokens = tokens_,
                               .accounts = accounts(),
                               .clock = clock_,
                               .webhooks = webhooks_,
                               .customers_quota = customers_quota_,
                               .quirks = options_.quirks,
                               .server = server_});
    }
    auto response = answer(request);
    response.headers.emplace_back("Date", clock_.http_date());
    return response;
  }

 private:
  Result<std::unique_ptr<EntitySource>> make_source(int number) const {
    if (!options_.dataset.empty()) {
      return read_dataset({.file = options_.dataset,
                           .seed = options_.seed + static_cast<uint64_t>(number) - 1,
                           .has_permuted_ids = options_.quirks[Quirk::kPermutedIds]});
    }
    GeneratedOptions made;
    made.seed = options_.seed + static_cast<uint64_t>(number) - 1;
    made.orders = options_.orders;
    made.customers = options_.customers;
    made.products = options_.products;
    // The newest order is of yesterday, so that a store is the same all day long.
    made.last_day = local_seconds(clock_.now()) / kDaySeconds - 1;
    made.has_permuted_ids = options_.quirks[Quirk::kPermutedIds];
    return make_generated_source(made);
  }

  Accounts accounts() {
    return {.tokens = tokens_,
            .stores = slots_.size(),
            .scopes = options_.scopes,
            .now = now_seconds()};
  }

  int64_t now_seconds() const { return local_seconds(clock_.now()) - kRiyadhOffset; }

  Response answer(const Request& request) {
    std::string_view path = request.path;
    // Of accounts.salla.sa, which has it at its root; the API's address has it too.
    const bool is_user_info = path == "/oauth2/user/info";
    const bool is_api = is_user_info || path.starts_with(kApiRoot);
    if (is_api && !is_user_info) path.remove_prefix(kApiRoot.size());
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    const bool is_accounts = path == "/oauth2/token" || path == "/oauth2/auth";
    int64_t id = 0;
    const auto* route = is_api ? find_route(path, id) : nullptr;
    const auto endpoint =
        fmt::format("{} {}", request.method,
                    is_accounts                         ? path
                    : route != nullptr                  ? route->pattern
                    : is_api && Webhooks::is_path(path) ? path
                                                        : std::string_view("(unknown)"));
    uint32_t store = 0;
    const auto opened = store_of_token(request);
    const auto* fault =
        faults_.strike(path, request.target, opened ? static_cast<uint32_t>(*opened + 1) : 0);
    Response response;
    if (is_accounts) {
      const auto accounts = this->accounts();
      response = path == "/oauth2/auth" ? accounts.authorize(request) : accounts.token(request);
    } else if (!is_api) {
      response = error_answer(404, "404", "Not Found");
    } else if (fault != nullptr && fault->action == FaultAction::kOtherPage) {
      response = api_answer(other_request(*fault, request), path, id, route, store);
    } else {
      response = api_answer(request, path, id, route, store);
    }
    const bool is_whole = fault == nullptr || spoil(*fault, response);
    counters_.count(store, endpoint, request.method, request.target,
                    is_whole ? response.status : 0);
    return response;
  }

  std::optional<size_t> store_of_token(const Request& request) const {
    const auto bearer = request.header("Authorization").value_or("");
    const bool has_bearer = bearer.starts_with("Bearer ");
    return tokens_.store_of(has_bearer ? bearer.substr(7) : "", now_seconds());
  }

  // Tells the number of the store that the token opens.
  Response api_answer(const Request& request, std::string_view path, int64_t id,
                      const ApiRoute* route, uint32_t& number) {
    const auto store = store_of_token(request);
    if (!store) return error_answer(401, "\"Unauthorized\"", "The access token is invalid");
    auto& slot = *slots_[*store];
    number = static_cast<uint32_t>(*store + 1);
    std::vector<std::pair<std::string, std::string>> limits;
    if (auto refused = spend_quota(slot, path.starts_with("/customers"), limits)) {
      return std::move(*refused);
    }
    Response response;
    if (Webhooks::is_path(path)) {
      // Bodies name their store's hooks; scopes are webhooks.read and .read_write.
      const ApiRoute hooks{path, "webhooks.read", nullptr, "", false};
      auto refused = check_scope(hooks);
      response =
          refused ? std::move(*refused) : webhooks_.answer(request, path, slot, options_.quirks);
    } else if (route == nullptr) {
      response = error_answer(404, "404", "The requested resource was not found");
    } else if (request.method != "GET" && request.method != "HEAD") {
      response = error_answer(405, "\"method_not_allowed\"", "Method Not Allowed");
    } else if (auto refused = check_scope(*route)) {
      response = std::move(*refused);
    } else if (auto unknown = check_filters(request, *route)) {
      response = std::move(*unknown);
    } else {
      ApiCall call{.request = request,
                   .path = path,
                   .id = id,
                   .slot = slot,
                   .quirks = options_.quirks,
                   .base_url = base_url(),
                   .now = local_seconds(clock_.now())};
      auto other = filtered_list(call, *route);
      if (!other) other = slot.extra.answer(call, *route);
      response = other ? std::move(*other) : cached(call, *route);
      if (response.status == 200) add_quirks(call, response);
    }
    response.headers.insert(response.headers.end(), limits.begin(), limits.end());
    return response;
  }

  // What a quirk makes of any answer, whoever wrote it.
  void add_quirks(const ApiCall& call, Response& response) const {
    const auto& quirks = options_.quirks;
    if (!quirks[Quirk::kPagedLists] && !has_php_quirks(quirks)) return;
    if (response.shared_body) response.body = *response.shared_body;
    response.shared_body.reset();
    if (quirks[Quirk::kPagedLists]) {
      page_whole_list(response.body, call.request, call.base_url + std::string(call.path), quirks);
    }
    make_php_answer(response.body, quirks);
  }

  std::string base_url() const {
    if (options_.quirks[Quirk::kHttpLinks]) return "http://api.salla.dev/admin/v2";
    return fmt::format("http://127.0.0.1:{}/admin/v2", server_ != nullptr ? server_->port() : 0);
  }

  Response cached(ApiCall& call, const ApiRoute& route) {
    if (!route.is_list || options_.page_cache_bytes == 0) return route.handler(call);
    const auto key = fmt::format("{}{}", call.slot.store.number(), call.request.target);
    const auto version = call.slot.store.version();
    auto page = cache_.find(key, version);
    if (!page) {
      auto response = route.handler(call);
      if (response.status != 200) return response;
      page = std::make_shared<const std::string>(std::move(response.body));
      cache_.keep(key, version, page);
    }
    auto response = json_answer(200, "");
    response.shared_body = std::move(page);
    return response;
  }

  std::optional<Response> check_scope(const ApiRoute& route) const {
    if (route.scope.empty() || scopes_.empty() || scopes_.contains(std::string(route.scope)) ||
        scopes_.contains(std::string(route.scope) + "_write")) {
      return std::nullopt;
    }
    const int status = options_.quirks[Quirk::kMissingScopeIs401] ? 401 : 403;
    return error_answer(
        status, status == 401 ? "\"Unauthorized\"" : "\"forbidden\"",
        fmt::format("The access token should have access to one of those scopes: {}", route.scope));
  }

  std::optional<Response> check_filters(const Request& request, const ApiRoute& route) const {
    if (options_.quirks[Quirk::kIgnoredFilters]) return std::nullopt;
    const auto known = fmt::format(" {} ", route.filters);
    for (const auto& [name, value] : request.query) {
      const auto bare = name.substr(0, name.find('['));
      if (known.find(fmt::format(" {} ", bare)) == std::string::npos) {
        return invalid_field(bare, "The field is unknown.");
      }
    }
    return std::nullopt;
  }

  // The store's quota, and for customers the one of all stores together; counted only if both
  // allow.
  std::optional<Response> spend_quota(StoreSlot& slot, bool is_customers,
                                      std::vector<std::pair<std::string, std::string>>& headers) {
    if (!slot.quota) return std::nullopt;
    const auto now = clock_.now();
    const bool has_second = is_customers && options_.quirks[Quirk::kCustomersBucket];
    auto verdict = slot.quota->look(now);
    if (has_second && verdict.is_allowed) {
      const auto second = customers_quota_.look(now);
      if (!second.is_allowed) {
        verdict = second;
        customers_quota_.count_refusal();
      }
    }
    if (options_.quirks[Quirk::kRateHeaders]) {
      headers.emplace_back("X-RateLimit-Limit", std::to_string(verdict.limit));
      headers.emplace_back("X-RateLimit-Remaining", std::to_string(verdict.remaining));
      headers.emplace_back("X-RateLimit-Reset", std::to_string(verdict.reset));
    }
    if (verdict.is_allowed) {
      slot.quota->take(now);
      if (has_second) customers_quota_.take(now);
      return std::nullopt;
    }
    slot.quota->count_refusal();
    auto refused = error_answer(429, "\"too_many_requests\"", "Too Many Attempts.");
    refused.headers.insert(refused.headers.end(), headers.begin(), headers.end());
    if (options_.quirks[Quirk::kRetryAfter]) {
      refused.headers.emplace_back("Retry-After", std::to_string(verdict.retry_after));
    }
    return refused;
  }

  SimOptions options_;
  SimClock clock_;
  Webhooks webhooks_{options_.time_scale};
  TokenBook tokens_;
  PageCache cache_;
  Quota customers_quota_;
  bool is_unlimited_ = false;
  std::set<std::string> scopes_;
  std::vector<std::unique_ptr<StoreSlot>> slots_;
  RequestCounters counters_;
  FaultRules faults_;
  const http_server::Server* server_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Simulator>> Simulator::create(SimOptions options) {
  if (options.stores < 1 || options.stores > 1000) {
    return Error(ErrorKind::kUsage, "--stores is from 1 to 1000");
  }
  if (!(options.time_scale > 0)) return Error(ErrorKind::kUsage, "--time-scale is above 0");
  constexpr uint64_t kMost = 100'000'000;
  if (options.orders > kMost || options.customers > kMost || options.products > 1'000'000) {
    return Error(ErrorKind::kUsage,
                 "--orders and --customers are at most 100,000,000, --products 1,000,000");
  }
  const auto start =
      options.now.value_or(std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now()));
  auto simulator = std::make_unique<SallaSimulator>(std::move(options), start);
  FALAJ_TRY(simulator->open_stores());
  return std::unique_ptr<Simulator>(std::move(simulator));
}

}  // namespace falaj::simulator
