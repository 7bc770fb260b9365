#include "load/books.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "warehouse/books/books_schema.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::load {
namespace {

Status check(const TableCounts& counts, const landing::Manifest& manifest) {
  if (counts.fetched == counts.loaded + counts.unchanged + counts.quarantined) return {};
  return Error(
      ErrorKind::kRowsRejected,
      fmt::format("the books of package {} (stream {}) do not balance for {}: fetched {} "
                  "is not loaded {} + unchanged {} + quarantined {}; nothing of its batch "
                  "was stored",
                  manifest.identity.package_id.value(), manifest.identity.stream, counts.table,
                  counts.fetched, counts.loaded, counts.unchanged, counts.quarantined));
}

// What the rows of one part that are stored have lost.
void collect_lost(const DecodedPackage& package, const KeptRows& part,
                  std::vector<LostColumn>& lost) {
  const auto& batch = package.parts[part.part]->tables[part.table];
  if (batch.losses.empty()) return;
  const TablePlan& plan = (*package.plans)[part.table];
  for (const auto& loss : batch.losses) {
    if (part.keep[loss.row] == 0) continue;
    const auto& kind = batch.loss_kinds[loss.kind];
    add_lost(lost, {plan.stream, plan.table, batch.rows.schema().columns[kind.column].name,
                    kind.rule, kind.message, 1, batch.rows.number(decode::kEntityId, loss.row)});
  }
}

}  // namespace

void add_lost(std::vector<LostColumn>& all, const LostColumn& more) {
  const auto known = std::find_if(all.begin(), all.end(), [&more](const LostColumn& one) {
    return one.table == more.table && one.column == more.column && one.rule == more.rule;
  });
  if (known == all.end()) {
    all.push_back(more);
  } else {
    known->values += more.values;
  }
}

Result<std::vector<PackageBooks>> keep_books(const std::vector<DecodedPackage>& packages,
                                             const std::vector<KeptRows>& kept) {
  std::vector<PackageBooks> books;
  for (size_t p = 0; p < packages.size(); ++p) {
    const auto& package = packages[p];
    PackageBooks& entry = books.emplace_back(PackageBooks{p, {}, {}});
    for (size_t table = 0; table < package.plans->size(); ++table) {
      const TablePlan& plan = (*package.plans)[table];
      TableCounts counts{.stream = plan.stream, .table = plan.table};
      counts.is_set_table = plan.role == TableRole::kSets;
      counts.pages = table == 0 ? package.manifest.pages : 0;
      counts.fetched = package.fetched(table);
      counts.quarantined = package.rejected(table);
      int64_t rows = 0;
      for (const auto& part : kept) {
        if (part.package != p || part.table != table) continue;
        counts.loaded += part.kept;
        rows += static_cast<int64_t>(part.keep.size());
      }
      counts.unchanged = rows - counts.loaded;
      FALAJ_TRY(check(counts, package.manifest));
      if (table == 0 || counts.fetched > 0) entry.tables.push_back(std::move(counts));
    }
    for (const auto& part : kept) {
      if (part.package == p && part.kept > 0) collect_lost(package, part, entry.lost);
    }
  }
  return books;
}

std::shared_ptr<const rows::RowBatch> lost_rows(const std::vector<DecodedPackage>& packages,
                                                const std::vector<PackageBooks>& books,
                                                const std::string& run_id, UtcTime loaded_at,
                                                int64_t seq) {
  auto batch = std::make_shared<rows::RowBatch>(
      std::make_shared<rows::Schema>(warehouse::schema_drift_table().columns));
  for (const auto& entry : books) {
    const auto& identity = packages[entry.package].manifest.identity;
    for (const auto& lost : entry.lost) {
      batch->set_number(0, identity.store_id.value());
      batch->add_text(1, lost.stream);
      batch->add_text(2, lost.table);
      batch->add_text(3, lost.column);
      batch->add_text(4, lost.rule);
      batch->set_number(5, lost.values);
      batch->set_number(6, lost.example_id);
      batch->add_text(7, lost.message);
      batch->add_text(8, identity.package_id.value());
      batch->add_text(9, run_id.empty() ? identity.run_id.value() : run_id);
      batch->set_number(10, loaded_at.time_since_epoch().count());
      batch->set_number(11, seq);
      batch->finish_row();
    }
  }
  return batch;
}

std::string insert_books_sql(const std::vector<DecodedPackage>& packages,
                             const std::vector<PackageBooks>& books, const std::string& run_id,
                             UtcTime loaded_at, int64_t load_ms, int64_t seq) {
  std::string sql =
      "INSERT INTO OPS.load_packages (package_id, store_id, stream, table_name, run_id, pages, "
      "fetched, loaded, unchanged, quarantined, raw_bytes, first_extracted_at, last_extracted_at, "
      "loaded_at, load_ms, load_seq, is_set) VALUES ";
  bool is_first = true;
  for (const auto& entry : books) {
    const auto& manifest = packages[entry.package].manifest;
    const auto& identity = manifest.identity;
    for (size_t i = 0; i < entry.tables.size(); ++i) {
      const auto& counts = entry.tables[i];
      const std::string& run = run_id.empty() ? identity.run_id.value() : run_id;
      sql += fmt::format("{}({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
                         is_first ? "" : ", ", warehouse::text_literal(identity.package_id.value()),
                         identity.store_id.value(), warehouse::text_literal(counts.stream),
                         warehouse::text_literal(counts.table), warehouse::text_literal(run),
                         counts.pages, counts.fetched, counts.loaded, counts.unchanged,
                         counts.quarantined, i == 0 ? manifest.raw_bytes : 0,
                         warehouse::timestamp_literal(manifest.first_fetched_at),
                         warehouse::timestamp_literal(manifest.last_fetched_at),
                         warehouse::timestamp_literal(loaded_at), load_ms, seq,
                         counts.is_set_table ? "TRUE" : "FALSE");
      is_first = false;
    }
  }
  return sql;
}

}  // namespace falaj::load
