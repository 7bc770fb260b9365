#include "run/model_refresh.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "run/model_outcome.hpp"

namespace falaj::run {

ModelRefresh::ModelRefresh(const home::Home& home, const StoresOfRun& stores,
                           std::mutex& large_mutex, RunProgress& progress)
    : home_(home),
      stores_(stores),
      large_mutex_(large_mutex),
      progress_(progress),
      refreshed_at_(home.clock().steady_now()) {}

Status ModelRefresh::build(warehouse::Warehouse& warehouse, const Options& options) {
  std::lock_guard lock(large_mutex_);
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  session->tag_statements({.task = "known_days", .store = stores_.store_list()});
  FALAJ_TRY(note_known_days(*session, home_.clock(), run_.value(), stores_.whole_days(),
                            options.is_full_refresh || options.has_news)
                .while_doing("noting which days are known whole"));
  transform::Transformer transformer(*session, home_.clock());
  transform::TransformOptions transform;
  transform.run_id = run_.value();
  transform.stores = stores_.store_list();
  transform.is_full_refresh = options.is_full_refresh;
  transform.on_model = [this](const std::string& model, int64_t built, int64_t all) {
    progress_.show_steps("transform", model, built, all);
  };
  transform.before_commit = [&](warehouse::Session& inside) {
    return write_coverage(inside, home_.clock().now(), options.announced);
  };
  FALAJ_ASSIGN(const auto done, transformer.run(transform).while_doing("building the models"));
  keep(done);
  if (done.models.empty()) return {};
  FALAJ_ASSIGN(auto coverage, read_coverage(*session));
  std::lock_guard built_lock(built_mutex_);
  built_.coverage = std::move(coverage);
  return {};
}

void ModelRefresh::keep(const transform::TransformReport& done) {
  std::lock_guard lock(built_mutex_);
  for (const auto& model : done.models) {
    auto known = std::find_if(built_.models.begin(), built_.models.end(),
                              [&](const auto& each) { return each.model == model.name; });
    if (known == built_.models.end()) known = built_.models.insert(known, ModelReport{model.name});
    known->rows_in += model.rows_in;
    known->inserted += model.inserted;
    known->updated += model.updated;
    known->closed += model.closed;
    known->deleted += model.deleted;
    known->duration_ms += model.duration_ms;
  }
  built_.failures = failures(done);
  built_.has_open_records = done.open_records > 0;
  for (auto& text : notes(done)) built_.notes.push_back(std::move(text));
}

void ModelRefresh::request(LoadQueue& loading, Micros not_before) {
  const auto refresh = [this](warehouse::Warehouse& warehouse) {
    auto built = build(warehouse, {});
    refreshed_at_ = home_.clock().steady_now();
    if (!built.ok()) {
      log_warn("silver and gold could not be refreshed: {}", built.error().to_text());
      return;
    }
    std::lock_guard lock(built_mutex_);
    ++built_.refreshes;
  };
  loading.request(refresh, not_before);
}

void ModelRefresh::request_in_time(LoadQueue& loading) {
  request(loading, refreshed_at_.load() + std::chrono::seconds(home_.settings().refresh_secs));
}

ModelsBuilt ModelRefresh::take() {
  std::lock_guard lock(built_mutex_);
  return std::exchange(built_, {});
}

}  // namespace falaj::run
