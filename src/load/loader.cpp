#include "load/loader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "load/books.hpp"
#include "warehouse/books/books_schema.hpp"
#include "warehouse/books/commits.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::load {
namespace {

constexpr const char* kStagedQuarantine = "falaj_load_quarantine";
constexpr const char* kStagedGood = "falaj_load_good";

int64_t since_ms(Clock& clock, Micros start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady_now() - start).count();
}

// The part's rows that are kept; the batch itself when that is all of them.
std::shared_ptr<const rows::RowBatch> select_rows(
    const std::shared_ptr<decode::DecodedBatches>& part, const KeptRows& kept) {
  std::shared_ptr<const rows::RowBatch> all(part, &part->tables[kept.table].rows);
  if (kept.kept == static_cast<int64_t>(kept.keep.size())) return all;
  const auto& columns = all->schema().columns;
  auto some = std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(all->schema()));
  some->pin(all);
  some->reserve(static_cast<size_t>(kept.kept));
  for (size_t row = 0; row < kept.keep.size(); ++row) {
    if (kept.keep[row] == 0) continue;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (all->is_null(i, row)) continue;
      if (columns[i].type == rows::ColumnType::kText) {
        some->set_text(i, all->text(i, row));
      } else {
        some->set_number(i, all->number(i, row));
      }
    }
    some->finish_row();
  }
  return some;
}

rows::Schema good_columns() {
  return {{{"store_id", rows::ColumnType::kBigInt},
           {"stream", rows::ColumnType::kText},
           {"shape", rows::ColumnType::kText},
           {"id", rows::ColumnType::kBigInt},
           {"is_set", rows::ColumnType::kBool}}};
}

// What these packages have in good order: entities, and sets whose lines are all there.
std::shared_ptr<const rows::RowBatch> good_entities(const std::vector<DecodedPackage>& packages) {
  auto good = std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(good_columns()));
  for (const auto& package : packages) {
    for (const auto& part : package.parts) {
      for (size_t i = 0; i < package.plans->size(); ++i) {
        const auto& plan = (*package.plans)[i];
        const auto& rows = part->tables[i].rows;
        const bool is_set = plan.role == TableRole::kSets;
        if (plan.role == TableRole::kLines) continue;
        for (size_t row = 0; row < rows.row_count(); ++row) {
          if (is_set && rows.number(decode::kSetRejectedCount, row) > 0) continue;
          good->set_number(0, rows.number(decode::kStoreId, row));
          good->add_text(1, plan.stream);
          good->add_text(2, rows.text(decode::kShape, row));
          good->set_number(3, rows.number(decode::kEntityId, row));
          good->set_bool(4, is_set);
          good->finish_row();
        }
      }
    }
  }
  return good;
}

constexpr const char* kPagesMissing = "pages_missing";

// The package is broken; a disk that cannot be read is another matter and ends the load.
bool is_set_aside(const Error& error) {
  return landing::is_damage(error) || error.vendor_code == kPagesMissing;
}

std::vector<landing::SealedPackage> without_pages(const std::vector<landing::Manifest>& manifests) {
  std::vector<landing::SealedPackage> packages;
  for (const auto& manifest : manifests) packages.push_back({manifest, {}});
  return packages;
}

}  // namespace

Loader::Loader(std::unique_ptr<warehouse::Session> session, const landing::Landing& landing,
               Clock& clock, LoaderOptions options)
    : session_(std::move(session)),
      landing_(landing),
      clock_(clock),
      options_(std::move(options)),
      decoder_(options_.specs) {
  for (const auto& spec : options_.specs) {
    for (auto& table : decode::schemas_of(spec)) schemas_[table.table] = std::move(table.schema);
  }
}

Result<std::unique_ptr<Loader>> Loader::create(warehouse::Warehouse& warehouse,
                                               const landing::Landing& landing, Clock& clock,
                                               LoaderOptions options) {
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  session->tag_statements({.run = options.run_id, .task = "load"});
  return std::unique_ptr<Loader>(
      new Loader(std::move(session), landing, clock, std::move(options)));
}

template <typename Package>
void Loader::tag_statements(const std::vector<Package>& packages) {
  std::set<int64_t> stores;
  for (const auto& package : packages) stores.insert(package.manifest.identity.store_id.value());
  session_->tag_statements({.run = options_.run_id,
                            .task = "load",
                            .store = warehouse::store_list({stores.begin(), stores.end()})});
}

Result<LoadReport> Loader::load(const std::vector<landing::Manifest>& packages) {
  return load(without_pages(packages));
}

Result<LoadReport> Loader::load(std::vector<landing::SealedPackage> packages) {
  LoadReport report;
  if (packages.empty()) return report;
  const Micros start = clock_.steady_now();
  tag_statements(packages);
  // In order of age, since what is committed later is newer. What a run found gone comes after what
  // it has seen: a deletion is landed after the last answer that still had the entity.
  std::sort(packages.begin(), packages.end(), [](const auto& a, const auto& b) {
    const auto& one = a.manifest.identity;
    const auto& other = b.manifest.identity;
    if (one.run_id != other.run_id) return one.run_id < other.run_id;
    const bool is_gone = one.stream == "deletions";
    if (is_gone != (other.stream == "deletions")) return !is_gone;
    return one.package_id < other.package_id;
  });
  // Pages in memory were fetched a moment ago; the others may have been loaded by an earlier run.
  std::vector<PackageId> from_disk;
  for (const auto& package : packages) {
    if (package.pages.empty()) from_disk.push_back(package.manifest.identity.package_id);
  }
  FALAJ_ASSIGN(const auto known, ids_in_books(from_disk));
  std::vector<landing::SealedPackage> batch;
  int64_t bytes = 0;
  const auto flush = [&]() -> Status {
    if (batch.empty()) return {};
    FALAJ_ASSIGN(const auto decoded, decode_batch(batch, report));
    batch.clear();
    bytes = 0;
    return commit_batch(decoded, report);
  };
  if (!known.empty() && options_.on_loaded) options_.on_loaded(std::ssize(known));
  for (auto& package : packages) {
    const auto& id = package.manifest.identity.package_id;
    if (known.contains(id.value())) {
      ++report.packages_skipped;
      report.packages.push_back(id);
      continue;
    }
    const bool is_full = bytes + package.manifest.raw_bytes > options_.batch_bytes ||
                         static_cast<int64_t>(batch.size()) >= options_.batch_packages;
    if (is_full) FALAJ_TRY(flush());
    bytes += package.manifest.raw_bytes;
    batch.push_back(std::move(package));
  }
  FALAJ_TRY(flush());
  report.duration_ms = since_ms(clock_, start);
  return report;
}

Result<LoadReport> Loader::load(const std::vector<DecodedPackage>& packages) {
  LoadReport report;
  const Micros start = clock_.steady_now();
  FALAJ_TRY(commit_batch(packages, report));
  report.duration_ms = since_ms(clock_, start);
  return report;
}

Result<std::set<std::string>> Loader::ids_in_books(const std::vector<PackageId>& ids) {
  if (ids.empty()) return std::set<std::string>();
  std::string list;
  for (const auto& id : ids)
    list += (list.empty() ? "" : ", ") + warehouse::text_literal(id.value());
  FALAJ_ASSIGN(const auto table,
               session_->query(fmt::format("SELECT DISTINCT package_id FROM OPS.load_packages "
                                           "WHERE package_id IN ({})",
                                           list)));
  std::set<std::string> known;
  for (const auto& row : table.rows) known.insert(row[0].value_or(""));
  return known;
}

Result<std::vector<DecodedPackage>> Loader::decode_batch(std::vector<landing::SealedPackage>& batch,
                                                         LoadReport& report) {
  std::vector<DecodedPackage> decoded;
  for (auto& package : batch) {
    const auto& identity = package.manifest.identity;
    if (package.pages.empty() && package.manifest.pages > 0) {
      auto pages = read_pages(package.manifest);
      if (!pages.ok()) {
        if (!is_set_aside(pages.error())) return std::move(pages).error();
        FALAJ_TRY(set_aside(identity.package_id, pages.error(), report));
        continue;
      }
      package.pages = std::move(*pages);
    }
    FALAJ_ASSIGN(auto one,
                 decoder_.decode(package.manifest, package.pages, options_.decode_threads));
    decoded.push_back(std::move(one));
    package.pages.clear();
  }
  return decoded;
}

Result<std::vector<landing::PageRecord>> Loader::read_pages(
    const landing::Manifest& manifest) const {
  FALAJ_ASSIGN(auto reader, landing_.open_package(manifest.identity.package_id));
  std::vector<landing::PageRecord> pages;
  pages.reserve(static_cast<size_t>(manifest.pages));
  for (;;) {
    FALAJ_ASSIGN(auto page, reader->next());
    if (!page.has_value()) break;
    pages.push_back(std::move(*page));
  }
  if (static_cast<int64_t>(pages.size()) != manifest.pages) {
    Error error(ErrorKind::kStorageFailed,
                fmt::format("package {} has {} pages, its manifest says {}",
                            manifest.identity.package_id.value(), pages.size(), manifest.pages));
    error.vendor_code = kPagesMissing;
    return error;
  }
  return pages;
}

Status Loader::set_aside(const PackageId& id, Error reason, LoadReport& report) const {
  FALAJ_ASSIGN(const std::string moved, landing_.quarantine(id));
  reason.while_doing(fmt::format("loading package {}, which was moved to {}", id.value(), moved));
  log_error("a landed package is damaged; its pages must be fetched again: {}", reason.to_text());
  report.damaged.push_back(std::move(reason));
  return {};
}

// What write_batch() will stage.
Status Loader::declare_tables(const std::vector<DecodedPackage>& packages) {
  FALAJ_TRY(UnchangedFilter::declare_tables(*session_));
  FALAJ_TRY(session_->declare(kStagedGood, good_columns()));
  const bool has_rejections =
      std::any_of(packages.begin(), packages.end(), [](const auto& package) {
        return std::any_of(package.parts.begin(), package.parts.end(),
                           [](const auto& part) { return !part->rejections.empty(); });
      });
  if (!has_rejections) return {};
  return session_->declare(kStagedQuarantine, warehouse::quarantine_table().columns);
}

Status Loader::run_transaction(const std::vector<DecodedPackage>& packages, LoadReport& report) {
  for (;;) {
    const Status done = warehouse::in_transaction(*session_, clock_, options_.attempts,
                                                  [&](warehouse::Session&) -> Status {
                                                    report = {};
                                                    return write_batch(packages, report);
                                                  });
    if (done.ok() || !warehouse::is_out_of_memory(done.error())) return done;
    if (!session_->take_more_memory()) return done;
    last_seq_ = -1;
    open_quarantine_ = -1;
  }
}

// The answer to a COMMIT was lost. The same packages are loaded again: the next transaction gets
// its turn when that one has ended, and then the books tell whether it had come to its commit.
Status Loader::settle(const std::vector<DecodedPackage>& packages, LoadReport& report) {
  LoadReport again;
  last_seq_ = -1;
  FALAJ_TRY(run_transaction(packages, again));
  // All of them were in the books: what that transaction did is what was done.
  if (again.packages_skipped < static_cast<int64_t>(packages.size())) report = again;
  return {};
}

Status Loader::commit_batch(const std::vector<DecodedPackage>& packages, LoadReport& report) {
  if (packages.empty()) return {};
  constexpr int kLostAnswers = 3;
  LoadReport batch;
  tag_statements(packages);
  FALAJ_TRY(declare_tables(packages));
  Status done = run_transaction(packages, batch);
  for (int lost = 0; lost < kLostAnswers && !done.ok(); ++lost) {
    if (done.error().kind() != ErrorKind::kOutcomeUnknown) break;
    log_warn("looking up whether a load's commit arrived: {}", done.error().to_text());
    done = settle(packages, batch);
  }
  if (!done.ok()) {
    last_seq_ = -1;
    open_quarantine_ = -1;
    return std::move(done).while_doing(
        fmt::format("loading {} packages from {} on", packages.size(),
                    packages.front().manifest.identity.package_id.value()));
  }
  for (const auto& id : batch.packages) loaded_.insert(id.value());
  if (batch.last_seq > 0) last_seq_ = batch.last_seq;
  report.add(batch);
  if (options_.on_loaded) options_.on_loaded(std::ssize(packages));
  return {};
}

Result<std::vector<DecodedPackage>> Loader::only_new(const std::vector<DecodedPackage>& packages,
                                                     bool others_committed, LoadReport& report) {
  std::vector<PackageId> ids;
  for (const auto& package : packages) ids.push_back(package.manifest.identity.package_id);
  std::set<std::string> known = loaded_;
  if (others_committed) {
    FALAJ_ASSIGN(known, ids_in_books(ids));
  }
  std::vector<DecodedPackage> unknown;
  for (size_t i = 0; i < packages.size(); ++i) {
    report.packages.push_back(ids[i]);
    if (known.contains(ids[i].value())) {
      ++report.packages_skipped;
    } else {
      unknown.push_back(packages[i]);
    }
  }
  return unknown;
}

Status Loader::write_batch(const std::vector<DecodedPackage>& all, LoadReport& report) {
  const Micros start = clock_.steady_now();
  FALAJ_ASSIGN(const int64_t last, warehouse::last_commit(*session_));
  const bool others_committed = last != last_seq_;
  // Until this commits, what the filter learns is not true of the warehouse.
  last_seq_ = -1;
  if (others_committed) {
    newest_.clear();
    open_quarantine_ = -1;
  }
  FALAJ_ASSIGN(const auto packages, only_new(all, others_committed, report));
  if (packages.empty()) return {};
  const int64_t seq = last + 1;
  const UtcTime loaded_at = clock_.now();
  FALAJ_ASSIGN(const auto kept,
               UnchangedFilter(*session_, newest_, schemas_.contains("bronze_deletions"), seq)
                   .run(packages));
  FALAJ_ASSIGN(const auto books, keep_books(packages, kept));
  FALAJ_TRY(insert_rows(packages, kept, seq, loaded_at));
  FALAJ_TRY(resolve_quarantine(packages, loaded_at));
  FALAJ_TRY(insert_quarantine(packages, loaded_at));
  report.has_open_quarantine = open_quarantine_ != 0;
  FALAJ_TRY(session_->execute(
      insert_books_sql(packages, books, options_.run_id, loaded_at, since_ms(clock_, start), seq)));
  const auto lost = lost_rows(packages, books, options_.run_id, loaded_at, seq);
  if (lost->row_count() > 0) FALAJ_TRY(session_->append("OPS.schema_drift", {}, {lost}));
  FALAJ_TRY(warehouse::record_commit(*session_, seq, "load", options_.run_id, loaded_at));
  for (const auto& entry : books) {
    for (const auto& counts : entry.tables) add_counts(report.tables, counts);
    for (const auto& one : entry.lost) add_lost(report.lost, one);
    ++report.packages_loaded;
    report.raw_bytes += packages[entry.package].manifest.raw_bytes;
  }
  report.last_seq = seq;
  return {};
}

Status Loader::insert_rows(const std::vector<DecodedPackage>& packages,
                           const std::vector<KeptRows>& kept, int64_t seq, UtcTime loaded_at) {
  std::map<std::string, std::vector<const KeptRows*>> by_table;
  for (const auto& part : kept) {
    if (part.kept == 0) continue;
    by_table[(*packages[part.package].plans)[part.table].table].push_back(&part);
  }
  const std::map<std::string, std::string> constants = {
      {"loaded_at", warehouse::timestamp_literal(loaded_at)}, {"load_seq", std::to_string(seq)}};
  for (const auto& [table, parts] : by_table) {
    std::vector<std::shared_ptr<const rows::RowBatch>> batches;
    for (const KeptRows* part : parts) {
      batches.push_back(select_rows(packages[part->package].parts[part->part], *part));
    }
    FALAJ_TRY(session_->append("BRONZE." + table, constants, batches)
                  .while_doing(fmt::format("inserting into BRONZE.{}", table)));
  }
  return {};
}

Status Loader::resolve_quarantine(const std::vector<DecodedPackage>& packages, UtcTime loaded_at) {
  if (open_quarantine_ < 0) {
    FALAJ_ASSIGN(
        const auto open,
        session_->query("SELECT COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS NULL"));
    open_quarantine_ = open.scalar_int();
  }
  if (open_quarantine_ == 0) return {};
  FALAJ_TRY(session_->drop_staged(kStagedGood));
  FALAJ_TRY(session_->stage(kStagedGood, good_entities(packages)));
  constexpr const char* kResolve =
      "UPDATE SILVER.quarantine AS q SET resolved_at = {}, resolution = 'a later answer was "
      "loaded' "
      "FROM (SELECT DISTINCT store_id, stream, shape, id FROM {} WHERE is_set = {}) AS g WHERE "
      "q.resolved_at IS NULL AND q.store_id = g.store_id AND q.stream = g.stream AND {}";
  const auto now = warehouse::timestamp_literal(loaded_at);
  FALAJ_TRY(session_->execute(fmt::format(kResolve, now, kStagedGood, "FALSE",
                                          "q.parent_id IS NULL AND q.entity_id = g.id AND "
                                          "(q.shape = g.shape OR (q.rule = 'bad_page' AND g.shape "
                                          "<> 'summary'))")));
  FALAJ_TRY(
      session_->execute(fmt::format(kResolve, now, kStagedGood, "TRUE", "q.parent_id = g.id")));
  open_quarantine_ = -1;
  return session_->drop_staged(kStagedGood);
}

Status Loader::insert_quarantine(const std::vector<DecodedPackage>& packages, UtcTime loaded_at) {
  auto schema = std::make_shared<rows::Schema>(warehouse::quarantine_table().columns);
  auto batch = std::make_shared<rows::RowBatch>(schema);
  for (const auto& package : packages) {
    for (const auto& part : package.parts) {
      for (const auto& rejection : part->rejections) {
        batch->set_number(0, package.manifest.identity.store_id.value());
        batch->add_text(1, rejection.stream);
        if (rejection.entity_id) batch->set_number(2, *rejection.entity_id);
        batch->add_text(3, rejection.rule);
        batch->add_text(4, "error");
        batch->add_text(5, rejection.message);
        batch->add_text(6, rejection.raw_data);
        batch->add_text(7, package.manifest.identity.package_id.value());
        batch->set_number(8, loaded_at.time_since_epoch().count());
        batch->add_text(11, rejection.shape);
        if (rejection.parent_id) batch->set_number(12, *rejection.parent_id);
        batch->finish_row();
      }
    }
  }
  if (batch->row_count() == 0) return {};
  open_quarantine_ = -1;
  FALAJ_TRY(session_->drop_staged(kStagedQuarantine));
  FALAJ_TRY(session_->stage(kStagedQuarantine, batch));
  // A record that is refused each time it is fetched is kept once, until somebody resolves it. By
  // digest: what is compared with everything that is open must be short.
  FALAJ_TRY(session_->execute(fmt::format(
      "INSERT INTO SILVER.quarantine (store_id, stream, entity_id, rule, severity, message, "
      "raw_data, package_id, quarantined_at, shape, parent_id) SELECT s.store_id, s.stream, "
      "s.entity_id, s.rule, s.severity, s.message, s.raw_data, s.package_id, s.quarantined_at, "
      "s.shape, s.parent_id FROM {} s LEFT JOIN "
      "(SELECT DISTINCT store_id, stream, rule, SHA2(raw_data, 256) AS digest FROM "
      "SILVER.quarantine WHERE resolved_at IS NULL) q ON q.store_id = s.store_id AND q.stream = "
      "s.stream AND q.rule = s.rule AND q.digest = SHA2(s.raw_data, 256) WHERE q.store_id IS NULL",
      kStagedQuarantine)));
  return session_->drop_staged(kStagedQuarantine);
}

}  // namespace falaj::load
