#include "app/accept.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "app/contract_subjects.hpp"
#include "app/open_warehouse.hpp"
#include "app/program_files.hpp"
#include "app/snowflake_access.hpp"
#include "app/stream_catalogue.hpp"
#include "base/system_error.hpp"
#include "base/ulid.hpp"
#include "home/home.hpp"
#include "home/interrupt.hpp"
#include "operate/model_fixtures.hpp"

namespace falaj::app {
namespace {

namespace fs = std::filesystem;
using warehouse::contract::Subject;

constexpr int64_t kMeasuredRows = 50'000;

// Goes with everything in it.
class ScratchFolder {
 public:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

// "ducklake", as the setting is spelled, is the lake.
std::string chosen_type(const config::Settings& settings, const operate::AcceptRequest& request) {
  const auto& type = request.warehouse.empty() ? settings.warehouse_type : request.warehouse;
  return type == "ducklake" ? "lake" : type;
}

class Acceptance {
 public:
  Acceptance(const home::Home& home, const operate::AcceptRequest& request,
             const std::function<void(const std::string&)>& tell)
      : home_(home),
        request_(request),
        tell_(tell),
        type_(chosen_type(home.settings(), request)),
        id_(UlidGenerator(clock_, UlidGenerator::random_seed()).next()),
        scratch_(fs::path(home.paths().root) / ("accept-" + id_)) {}

  Result<operate::AcceptReport> run();

 private:
  bool has_part(const char* part) const {
    return request_.parts.empty() ||
           std::ranges::find(request_.parts, part) != request_.parts.end();
  }
  std::unique_ptr<EmbeddedSubject> embedded(EmbeddedSubject::Kind kind, const char* folder);
  void make_subject();
  // Signs in and makes the scratch database, so that a wrong setting is an error of its own.
  Status begin();
  Status run_contract(operate::AcceptReport& report);
  Result<operate::ReplayOptions> replay_options();
  Status compare_models(operate::AcceptReport& report);
  Status take_measures(operate::AcceptReport& report);
  void clean_up(operate::AcceptReport& report);
  Status write(operate::AcceptReport& report) const;

  const home::Home& home_;
  const operate::AcceptRequest& request_;
  const std::function<void(const std::string&)>& tell_;
  SystemClock clock_;
  std::string type_;
  std::string id_;
  ScratchFolder scratch_;
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<Subject> subject_;
  SnowflakeSubject* snowflake_ = nullptr;  // the subject, when it is that
};

std::unique_ptr<EmbeddedSubject> Acceptance::embedded(EmbeddedSubject::Kind kind,
                                                      const char* folder) {
  constexpr uint64_t kMemoryBytes = uint64_t{512} << 20U;
  warehouse::LakeOptions options;
  options.extension_directory = extension_directory().string();
  options.memory_limit_bytes = kMemoryBytes;
  options.threads = 2;
  options.clock = &clock_;
  return std::make_unique<EmbeddedSubject>(kind, scratch_ / folder, options);
}

void Acceptance::make_subject() {
  if (type_ != "snowflake") {
    subject_ = embedded(
        type_ == "duckdb" ? EmbeddedSubject::Kind::kDuckDbFile : EmbeddedSubject::Kind::kLake,
        "subject");
    return;
  }
  auto options = snowflake_options(home_, false);
  options.staging_directory = scratch_ / "upload";
  options.tag = {.dag = "accept", .run = id_};
  auto subject = std::make_unique<SnowflakeSubject>(std::move(options), "FALAJ_ACCEPT_" + id_);
  snowflake_ = subject.get();
  subject_ = std::move(subject);
}

Status Acceptance::begin() {
  FALAJ_ASSIGN(auto opened, subject_->open({}));
  auto made = opened->create_tables({});
  if (made.ok() || snowflake_ == nullptr) return made;
  return std::move(made).error().while_doing(fmt::format(
      "making the scratch database {}; a role that may is needed: GRANT CREATE DATABASE "
      "ON ACCOUNT TO ROLE {}",
      snowflake_->database(),
      home_.settings().snowflake_role.empty() ? "<role>" : home_.settings().snowflake_role));
}

Status Acceptance::run_contract(operate::AcceptReport& report) {
  size_t done = 0;
  const auto on_case = [&](const warehouse::contract::CaseResult& result) {
    tell_(fmt::format("contract: {} of {} cases, last: {}", ++done,
                      warehouse::contract::contract_cases().size(), result.name));
  };
  FALAJ_ASSIGN(report.contract,
               warehouse::contract::run_contract(*subject_, home_.stop(), on_case));
  return {};
}

Result<operate::ReplayOptions> Acceptance::replay_options() {
  operate::ReplayOptions options;
  options.clock = &clock_;
  options.stop = home_.stop();
  FALAJ_ASSIGN(const auto streams, home_streams(home_.paths()));
  options.loader.specs = connectors::salla::tables_of(streams);
  const auto folder = request_.landing.empty() ? scratch_ / "landing" : request_.landing;
  FALAJ_ASSIGN(auto opened, landing::Landing::open(files_, clock_, folder));
  landing_ = std::make_unique<landing::Landing>(std::move(opened));
  options.landing = landing_.get();
  if (request_.landing.empty()) {
    FALAJ_ASSIGN(options.rounds, operate::read_fixtures(operate::embedded_fixtures()));
    return options;
  }
  FALAJ_ASSIGN(const auto listed, landing_->list());
  if (!listed.damaged.empty()) return listed.damaged.front();
  options.rounds = operate::rounds_of(listed.packages);
  return options;
}

Status Acceptance::compare_models(operate::AcceptReport& report) {
  FALAJ_ASSIGN(const auto options, replay_options());
  const bool is_lake = snowflake_ == nullptr && type_ != "duckdb";
  const auto reference_subject = embedded(
      is_lake ? EmbeddedSubject::Kind::kDuckDbFile : EmbeddedSubject::Kind::kLake, "reference");
  FALAJ_TRY(subject_->reset());
  operate::ModelAcceptance models;
  models.source = request_.landing.empty() ? "The built-in fixtures" : request_.landing;
  models.reference = "a " + reference_subject->name();
  FALAJ_ASSIGN(auto reference, reference_subject->open({}));
  FALAJ_TRY(operate::replay(*reference, options).while_doing("replaying in the reference"));
  FALAJ_ASSIGN(auto subject, subject_->open({}));
  FALAJ_ASSIGN(models.rounds, operate::replay(*subject, options));
  FALAJ_ASSIGN(models.tables,
               operate::compare_tables(*reference, *subject, options.loader.specs, home_.stop()));
  report.models = std::move(models);
  return {};
}

Status Acceptance::take_measures(operate::AcceptReport& report) {
  FALAJ_TRY(subject_->reset());
  FALAJ_ASSIGN(auto opened, subject_->open({}));
  FALAJ_ASSIGN(report.measures, operate::measure(*opened, clock_, kMeasuredRows));
  return {};
}

void Acceptance::clean_up(operate::AcceptReport& report) {
  report.cleanup = "its folder was removed";
  if (snowflake_ == nullptr) return;
  const Status dropped = snowflake_->drop();
  report.cleanup = !dropped.ok()               ? "NOT dropped"
                   : snowflake_->is_emulated() ? "its schemas were dropped (fakesnow has no DROP "
                                                 "DATABASE)"
                                               : "dropped";
  if (!dropped.ok()) report.problems.push_back(dropped.error().to_text());
}

Status Acceptance::write(operate::AcceptReport& report) const {
  report.file = request_.report.empty() ? fmt::format("{}/accept-{}.md", home_.paths().root, type_)
                                        : request_.report;
  std::ofstream file(report.file);
  file << report.to_markdown();
  file.close();
  if (file.good()) return {};
  return Error(ErrorKind::kStorageFailed, fmt::format("cannot write the report {}", report.file));
}

Result<operate::AcceptReport> Acceptance::run() {
  const auto since = clock_.steady_now();
  make_subject();
  operate::AcceptReport report;
  report.warehouse = subject_->name();
  report.database =
      snowflake_ != nullptr ? snowflake_->database() : "SALLA_DWH in " + (scratch_ / "");
  report.version = request_.version;
  report.started_at = to_iso8601(clock_.now());
  FALAJ_TRY(begin());
  const auto part = [&](const char* name, Status (Acceptance::*work)(operate::AcceptReport&)) {
    if (!has_part(name) || home_.stop().stop_requested()) return;
    tell_(fmt::format("{}: {}", name, report.database));
    const Status done = (this->*work)(report);
    if (!done.ok()) report.problems.push_back(fmt::format("{}: {}", name, done.error().to_text()));
  };
  part("contract", &Acceptance::run_contract);
  part("models", &Acceptance::compare_models);
  part("measures", &Acceptance::take_measures);
  if (home_.stop().stop_requested()) report.problems.emplace_back("stopped by a signal");
  clean_up(report);
  report.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - since).count();
  FALAJ_TRY(write(report));
  return report;
}

}  // namespace

Result<operate::AcceptReport> accept(const home::Home& home, const operate::AcceptRequest& request,
                                     const std::function<void(const std::string&)>& tell) {
  std::error_code problem;
  if (!request.landing.empty() && !fs::is_directory(request.landing, problem)) {
    return Error(ErrorKind::kUsage, fmt::format("{} is no landing folder", request.landing));
  }
  fs::create_directories(home.paths().root, problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed, fmt::format("cannot make the folder {}: {}",
                                                        home.paths().root, system_text(problem)));
  }
  return Acceptance(home, request, tell).run();
}

}  // namespace falaj::app
