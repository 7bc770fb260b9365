#include "warehouse/stoppable.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace falaj::warehouse {
namespace {

// A statement that was about to begin misses the first call: cancelling an idle session does nothing.
constexpr auto kAgainAfter = std::chrono::milliseconds(50);

Error stopped() {
  return {ErrorKind::kCancelled,
          "asked to stop: the warehouse has what was committed, and nothing of the rest"};
}

class StoppableSession;

// Cancels what runs, again and again once the grace is over.
class Stopper {
 public:
  Stopper(std::stop_token stop, std::chrono::milliseconds grace)
      : stop_(std::move(stop)),
        grace_(grace),
        thread_([this](const std::stop_token& end) { watch(end); }) {}
  ~Stopper() {
    thread_.request_stop();
    thread_.join();
  }

  bool is_over() const { return is_over_; }
  void add(StoppableSession* session) {
    const std::lock_guard lock(mutex_);
    sessions_.insert(session);
  }
  void remove(StoppableSession* session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
  }

 private:
  void watch(const std::stop_token& end);

  std::stop_token stop_;
  std::chrono::milliseconds grace_;
  std::atomic<bool> is_over_{false};
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<StoppableSession*> sessions_;
  std::jthread thread_;  // last: it uses all of the above
};

class StoppableSession final : public Session {
 public:
  StoppableSession(std::unique_ptr<Session> inner, std::shared_ptr<Stopper> stopper)
      : inner_(std::move(inner)), stopper_(std::move(stopper)) {
    stopper_->add(this);
  }
  ~StoppableSession() override { stopper_->remove(this); }
  StoppableSession(const StoppableSession&) = delete;
  StoppableSession& operator=(const StoppableSession&) = delete;

  void tag_statements(const StatementTag& tag) override { inner_->tag_statements(tag); }
  int64_t entities_at_once() const override { return inner_->entities_at_once(); }
  bool take_more_memory() override { return inner_->take_more_memory(); }
  Result<int64_t> execute(std::string_view sql) override {
    return unless_stopped<Result<int64_t>>([&] { return inner_->execute(sql); });
  }
  Result<Table> query(std::string_view sql) override {
    return unless_stopped<Result<Table>>([&] { return inner_->query(sql); });
  }
  Status query_each(
      std::string_view sql, const std::function<void(const Table&)>& on_header,
      const std::function<bool(const std::vector<std::optional<std::string>>&)>& on_row) override {
    return unless_stopped<Status>([&] { return inner_->query_each(sql, on_header, on_row); });
  }
  Status stage(std::string_view name, std::shared_ptr<const rows::RowBatch> batch) override {
    return unless_stopped<Status>([&] { return inner_->stage(name, std::move(batch)); });
  }
  // Never refused: what was offered must not outlive its rows.
  Status drop_staged(std::string_view name) override { return inner_->drop_staged(name); }
  Status append(std::string_view table, const std::map<std::string, std::string>& constants,
                const std::vector<std::shared_ptr<const rows::RowBatch>>& batches) override {
    return unless_stopped<Status>([&] { return inner_->append(table, constants, batches); });
  }
  Result<int64_t> fill(std::string_view name, std::string_view select) override {
    return unless_stopped<Result<int64_t>>([&] { return inner_->fill(name, select); });
  }
  Status declare(std::string_view name, const rows::Schema& columns) override {
    return inner_->declare(name, columns);
  }
  Status begin() override {
    return unless_stopped<Status>([&] { return inner_->begin(); });
  }
  // Once begun a commit comes to its end: an interrupted one would have to be looked up.
  Status commit() override { return stopper_->is_over() ? Status(stopped()) : inner_->commit(); }
  Status rollback() override { return inner_->rollback(); }
  void cancel() override { inner_->cancel(); }

  void cancel_if_running() {
    if (is_running_) inner_->cancel();
  }

 private:
  template <typename Outcome, typename Work>
  Outcome unless_stopped(const Work& work) {
    if (stopper_->is_over()) return stopped();
    is_running_ = true;
    Outcome outcome = work();
    is_running_ = false;
    if (!outcome.ok() && stopper_->is_over()) return stopped();
    return outcome;
  }

  std::unique_ptr<Session> inner_;
  std::shared_ptr<Stopper> stopper_;
  std::atomic<bool> is_running_{false};
};

void Stopper::watch(const std::stop_token& end) {
  std::unique_lock lock(mutex_);
  const std::stop_callback wake(stop_, [this] { changed_.notify_all(); });
  const auto is_asked = [this] { return stop_.stop_requested(); };
  // In slices: the callback may come between the look and the wait.
  while (!end.stop_requested() && !is_asked()) {
    changed_.wait_for(lock, end, std::chrono::milliseconds(200), is_asked);
  }
  if (end.stop_requested()) return;
  changed_.wait_for(lock, end, grace_, [] { return false; });
  is_over_ = true;
  while (!end.stop_requested()) {
    for (auto* session : sessions_) session->cancel_if_running();
    changed_.wait_for(lock, end, kAgainAfter, [] { return false; });
  }
}

class StoppableWarehouse final : public Warehouse {
 public:
  StoppableWarehouse(std::unique_ptr<Warehouse> inner, std::stop_token stop,
                     std::chrono::milliseconds grace)
      : inner_(std::move(inner)), stopper_(std::make_shared<Stopper>(std::move(stop), grace)) {}

  Result<std::unique_ptr<Session>> open_session() override {
    if (stopper_->is_over()) return stopped();
    FALAJ_ASSIGN(auto session, inner_->open_session());
    return std::unique_ptr<Session>(
        std::make_unique<StoppableSession>(std::move(session), stopper_));
  }
  Status create_tables(const std::vector<TableDefinition>& tables) override {
    return inner_->create_tables(tables);
  }
  Status set_threads(int threads) override { return inner_->set_threads(threads); }
  Status maintain() override { return stopper_->is_over() ? Status() : inner_->maintain(); }
  std::string database_name() const override { return inner_->database_name(); }
  Usage usage() const override { return inner_->usage(); }

 private:
  std::unique_ptr<Warehouse> inner_;
  std::shared_ptr<Stopper> stopper_;
};

}  // namespace

std::unique_ptr<Warehouse> make_stoppable(std::unique_ptr<Warehouse> inner, std::stop_token stop,
                                          std::chrono::milliseconds grace) {
  return std::make_unique<StoppableWarehouse>(std::move(inner), std::move(stop), grace);
}

}  // namespace falaj::warehouse
