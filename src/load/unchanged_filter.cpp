#include "load/unchanged_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "warehouse/books/sql_literal.hpp"

namespace falaj::load {
namespace {

constexpr const char* kKeysTable = "falaj_load_keys";
constexpr const char* kDeletionsTable = "bronze_deletions";
// Of one table; about 100 bytes each.
constexpr size_t kKnownKeysMax = 100'000;

// A payload's place among the payloads of one key: as the models have it (docs/models.md, "Which
// payload wins").
struct Seen {
  int64_t load_seq = 0;
  std::string_view package;
  int64_t extracted_at = 0;
  int64_t row = 0;
  auto operator<=>(const Seen&) const = default;  // NOLINT: takes <=> for a 0
};

struct Row {
  int64_t store = 0;
  int64_t id = 0;
  std::string_view shape;  // empty for sets
  int64_t payload_key = 0;
  bool is_event = false;  // a webhook's body, not an answer
  Seen seen;
  KeptRows* part = nullptr;
  size_t index = 0;
};

struct Key {
  int64_t store = 0;
  int64_t id = 0;
  std::string shape;
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  size_t operator()(const Key& key) const {
    const auto mix = static_cast<uint64_t>(key.id) * 0x9E3779B97F4A7C15ULL;
    return std::hash<std::string>()(key.shape) ^ (mix >> 7U) ^ static_cast<uint64_t>(key.store);
  }
};

// The newest payload of a key.
struct Payload {
  int64_t payload_key = 0;
  int64_t load_seq = 0;
  int64_t extracted_at = 0;
  std::shared_ptr<const std::string> package;  // many keys share one
  int64_t row = 0;
  bool is_event = false;
};

using PackageNames = std::map<std::string, std::shared_ptr<const std::string>, std::less<>>;

const std::shared_ptr<const std::string>& shared_name(PackageNames& names, std::string_view name) {
  auto found = names.find(name);
  if (found == names.end()) {
    found = names.emplace(name, std::make_shared<const std::string>(name)).first;
  }
  return found->second;
}

int64_t to_int(const std::optional<std::string>& text) {
  int64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

}  // namespace

struct UnchangedFilter::Gone {
  std::map<std::pair<int64_t, int64_t>, int64_t> at;  // load_seq by store and id
};

struct NewestPayloads::Table {
  std::unordered_map<Key, Payload, KeyHash> payloads;
  bool is_complete = false;  // it has every key of the table
};

// The rows of one table, in order of being seen, and what they are compared with.
struct UnchangedFilter::Rows {
  const TablePlan* plan = nullptr;
  std::vector<Row> rows;
  NewestPayloads::Table newest;

  bool is_set() const { return plan->role == TableRole::kSets; }
};

struct NewestPayloads::Tables {
  std::map<std::string, Table> complete;
  std::set<std::string> filled;  // tables that had rows which are not in `complete`
};

NewestPayloads::NewestPayloads() : tables_(std::make_unique<Tables>()) {}
NewestPayloads::~NewestPayloads() = default;
NewestPayloads::NewestPayloads(NewestPayloads&&) noexcept = default;
NewestPayloads& NewestPayloads::operator=(NewestPayloads&&) noexcept = default;

void NewestPayloads::clear() {
  // A table that was once seen with rows is asked: that is right whether it still has any or not.
  tables_->complete.clear();
}

namespace {

void collect_rows(const rows::RowBatch& batch, bool is_set, int64_t load_seq, KeptRows& part,
                  std::vector<Row>& rows) {
  const auto key = is_set ? size_t{decode::kSetPayloadKey} : size_t{decode::kPayloadKey};
  const auto time = is_set ? size_t{decode::kSetExtractedAt} : size_t{decode::kExtractedAt};
  const auto package = is_set ? size_t{decode::kSetPackageId} : size_t{decode::kPackageId};
  const auto number = is_set ? size_t{decode::kSetPackageRow} : size_t{decode::kPackageRow};
  for (size_t i = 0; i < batch.row_count(); ++i) {
    rows.push_back(
        {.store = batch.number(decode::kStoreId, i),
         .id = batch.number(decode::kEntityId, i),
         .shape = is_set ? std::string_view() : batch.text(decode::kShape, i),
         .payload_key = batch.number(key, i),
         .is_event = !is_set && batch.text(decode::kSource, i) == "webhook",
         .seen = {load_seq, batch.text(package, i), batch.number(time, i), batch.number(number, i)},
         .part = &part,
         .index = i});
  }
}

rows::Schema key_columns() {
  return {{{"table_no", rows::ColumnType::kBigInt},
           {"store_id", rows::ColumnType::kBigInt},
           {"entity_id", rows::ColumnType::kBigInt}}};
}

void add_keys(int64_t table, const std::vector<Row>& rows, rows::RowBatch& batch) {
  std::vector<std::pair<int64_t, int64_t>> keys;
  keys.reserve(rows.size());
  for (const auto& row : rows) keys.emplace_back(row.store, row.id);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const auto& [store, id] : keys) {
    batch.set_number(0, table);
    batch.set_number(1, store);
    batch.set_number(2, id);
    batch.finish_row();
  }
}

// Only short columns are read, whatever the table's size; payload_key stands for the digest.
std::string newest_sql(size_t number, const TablePlan& plan) {
  const bool is_set = plan.role == TableRole::kSets;
  return fmt::format(
      "SELECT {5} AS table_no, b.store_id, b.{0} AS entity_id, {1} AS shape, b.payload_key, "
      "b.extracted_at, b.package_id, b.package_row, b.load_seq, {6} AS source FROM BRONZE.{2} b "
      "JOIN {3} k ON "
      "k.table_no = "
      "{5} AND b.store_id = k.store_id AND b.{0} = k.entity_id QUALIFY ROW_NUMBER() OVER "
      "(PARTITION "
      "BY b.store_id, b.{0}{4} ORDER BY b.load_seq DESC, b.package_id DESC, b.extracted_at DESC, "
      "b.package_row DESC) = 1",
      plan.key_column, is_set ? "''" : "b.shape", plan.table, kKeysTable, is_set ? "" : ", b.shape",
      number, is_set ? "''" : "b.source");
}

Seen seen_of(const Payload& payload) {
  return {payload.load_seq, *payload.package, payload.extracted_at, payload.row};
}

bool is_newer(const Seen& seen, const Payload& than) {
  return seen > seen_of(than);
}

// A whole order or parts of one have come since this shape's newest payload, as a webhook's body does.
// Whatever it says, what the store answers later must be newer than it.
template <typename Payloads>
bool is_overtaken(const Payloads& payloads, const Row& row, const Payload& known) {
  for (const char* shape : {"full", "parts"}) {
    if (row.shape == shape) continue;
    const auto other = payloads.find(Key{row.store, row.id, shape});
    if (other == payloads.end()) continue;
    if (is_newer(seen_of(other->second), known) && seen_of(other->second) < row.seen) return true;
  }
  return false;
}

// Lines follow their set: those of the same part whose set was kept.
void keep_lines_of_kept_sets(const rows::RowBatch& lines, const rows::RowBatch& sets,
                             const KeptRows& kept_sets, KeptRows& kept_lines) {
  std::unordered_set<int64_t> rows;
  for (size_t i = 0; i < sets.row_count(); ++i) {
    if (kept_sets.keep[i] != 0) rows.insert(sets.number(decode::kSetPackageRow, i));
  }
  for (size_t i = 0; i < lines.row_count(); ++i) {
    if (!rows.contains(lines.number(decode::kSetRow, i))) continue;
    kept_lines.keep[i] = 1;
    ++kept_lines.kept;
  }
}

}  // namespace

Status UnchangedFilter::declare_tables(warehouse::Session& session) {
  return session.declare(kKeysTable, key_columns());
}

// Those of `tables` that have no rows yet are complete as they are; the others are left in the list.
Status UnchangedFilter::leave_out_empty(std::vector<Rows*>& tables) {
  auto& filled = known_.tables_->filled;
  std::string sql;
  for (size_t i = 0; i < tables.size(); ++i) {
    if (filled.contains(tables[i]->plan->table)) continue;
    sql += fmt::format("{}SELECT {} AS table_no FROM (SELECT 1 AS one FROM BRONZE.{} LIMIT 1) AS t",
                       sql.empty() ? "" : " UNION ALL ", i, tables[i]->plan->table);
  }
  if (sql.empty()) return {};
  FALAJ_ASSIGN(const auto found, session_.query(sql));
  for (const auto& row : found.rows)
    filled.insert(tables[static_cast<size_t>(to_int(row[0]))]->plan->table);
  std::erase_if(tables, [&](Rows* rows) {
    rows->newest.is_complete = !filled.contains(rows->plan->table);
    return rows->newest.is_complete;
  });
  return {};
}

// Many in one statement, since each costs a lake a look at its catalog; not all of them where memory
// is short, since a statement has the buffers of all its tables at the same time.
Status UnchangedFilter::read_newest(std::vector<Rows*> tables) {
  FALAJ_TRY(leave_out_empty(tables));
  if (tables.empty()) return {};
  auto keys = std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(key_columns()));
  constexpr size_t kTablesAtOnce = 4;
  const size_t at_once = session_.entities_at_once() > 0 ? kTablesAtOnce : tables.size();
  std::vector<std::string> statements;
  for (size_t i = 0; i < tables.size(); ++i) {
    auto& table = *tables[i];
    add_keys(static_cast<int64_t>(i), table.rows, *keys);
    if (i % at_once == 0) statements.emplace_back();
    statements.back() += (i % at_once > 0 ? " UNION ALL " : "") + newest_sql(i, *table.plan);
    table.newest.payloads.reserve(table.rows.size());
  }
  FALAJ_TRY(session_.drop_staged(kKeysTable));
  FALAJ_TRY(session_.stage(kKeysTable, keys));
  PackageNames names;
  const auto take = [&](const auto& cells) {
    auto& table = *tables[static_cast<size_t>(to_int(cells[0]))];
    Payload payload{to_int(cells[4]),
                    to_int(cells[8]),
                    warehouse::parse_timestamp(cells[5].value_or("")),
                    shared_name(names, cells[6].value_or("")),
                    to_int(cells[7]),
                    cells[9] == "webhook"};
    table.newest.payloads.emplace(Key{to_int(cells[1]), to_int(cells[2]), cells[3].value_or("")},
                                  std::move(payload));
    return true;
  };
  for (const auto& sql : statements) FALAJ_TRY(session_.query_each(sql, {}, take));
  return session_.drop_staged(kKeysTable);
}

// Of all streams in one statement, when it is first needed.
Result<const UnchangedFilter::Gone*> UnchangedFilter::read_gone(const std::string& stream) {
  if (!is_gone_read_ && has_deletions_) {
    const auto sql = fmt::format(
        "SELECT entity, store_id, deletion_id, MAX(load_seq) FROM BRONZE.{} GROUP BY entity, "
        "store_id, deletion_id",
        kDeletionsTable);
    FALAJ_TRY(session_.query_each(sql, {}, [&](const auto& cells) {
      auto& gone = gone_[cells[0].value_or("")];
      if (!gone) gone = std::make_shared<Gone>();
      gone->at[{to_int(cells[1]), to_int(cells[2])}] = to_int(cells[3]);
      return true;
    }));
  }
  is_gone_read_ = true;
  const auto found = gone_.find(stream);
  return found == gone_.end() ? nullptr : found->second.get();
}

Status UnchangedFilter::compare(Rows& rows) {
  const std::string& table = rows.plan->table;
  auto& newest = rows.newest;
  PackageNames names;
  for (const Row& row : rows.rows) {
    const auto [found, is_first] =
        newest.payloads.try_emplace(Key{row.store, row.id, std::string(row.shape)}, Payload{});
    Payload& known = found->second;
    if (!is_first && known.payload_key == row.payload_key) {
      if (rows.plan->role != TableRole::kEntities || table == kDeletionsTable) continue;
      FALAJ_ASSIGN(const auto* gone, read_gone(rows.plan->stream));
      bool is_back = false;
      if (gone != nullptr) {
        const auto gone_at = gone->at.find({row.store, row.id});
        is_back = gone_at != gone->at.end() && known.load_seq <= gone_at->second &&
                  gone_at->second < row.seen.load_seq;
      }
      // What an event said may be history to the models; the same in an answer is what holds.
      const bool is_confirmed = known.is_event && !row.is_event && is_newer(row.seen, known);
      if (!is_back && !is_confirmed && !is_overtaken(newest.payloads, row, known)) continue;
    }
    row.part->keep[row.index] = 1;
    ++row.part->kept;
    if (is_first || is_newer(row.seen, known)) {
      known = {row.payload_key,       row.seen.load_seq,
               row.seen.extracted_at, shared_name(names, row.seen.package),
               row.seen.row,          row.is_event};
    }
  }
  if (!newest.is_complete) return {};
  if (newest.payloads.size() > kKnownKeysMax) {
    known_.tables_->filled.insert(table);
  } else {
    known_.tables_->complete[table] = std::move(newest);
  }
  return {};
}

Status UnchangedFilter::filter(const std::vector<DecodedPackage>& packages,
                               const std::map<std::string, std::vector<KeptRows*>>& parts) {
  std::deque<Rows> all;
  std::vector<Rows*> unread;
  auto& complete = known_.tables_->complete;
  for (const auto& [table, of_table] : parts) {
    const KeptRows& any = *of_table.front();
    Rows rows{.plan = &(*packages[any.package].plans)[any.table], .rows = {}, .newest = {}};
    for (KeptRows* part : of_table) {
      const auto& batch = packages[part->package].parts[part->part]->tables[part->table].rows;
      collect_rows(batch, rows.is_set(), load_seq_, *part, rows.rows);
    }
    if (rows.rows.empty()) continue;
    std::sort(rows.rows.begin(), rows.rows.end(),
              [](const Row& a, const Row& b) { return a.seen < b.seen; });
    all.push_back(std::move(rows));
    if (const auto found = complete.find(table); found != complete.end()) {
      all.back().newest = std::move(found->second);
      complete.erase(found);
    } else {
      unread.push_back(&all.back());
    }
  }
  FALAJ_TRY(read_newest(std::move(unread)));
  for (auto& rows : all) FALAJ_TRY(compare(rows));
  return {};
}

Result<std::vector<KeptRows>> UnchangedFilter::run(const std::vector<DecodedPackage>& packages) {
  std::vector<KeptRows> all;
  for (size_t p = 0; p < packages.size(); ++p) {
    for (size_t part = 0; part < packages[p].parts.size(); ++part) {
      for (size_t table = 0; table < packages[p].plans->size(); ++table) {
        const auto& rows = packages[p].parts[part]->tables[table].rows;
        all.push_back({p, part, table, std::vector<uint8_t>(rows.row_count(), 0), 0});
      }
    }
  }
  std::map<std::string, std::vector<KeptRows*>> compared;  // by table
  for (auto& kept : all) {
    const TablePlan& plan = (*packages[kept.package].plans)[kept.table];
    if (plan.role != TableRole::kLines) compared[plan.table].push_back(&kept);
  }
  FALAJ_TRY(filter(packages, compared).while_doing("comparing with what BRONZE has"));
  for (auto& kept : all) {
    const TablePlan& plan = (*packages[kept.package].plans)[kept.table];
    if (plan.role != TableRole::kLines) continue;
    // The entries of one part are in the order of the plans.
    const KeptRows& sets = *(&kept + (plan.set_index - kept.table));
    const auto& tables = packages[kept.package].parts[kept.part]->tables;
    keep_lines_of_kept_sets(tables[kept.table].rows, tables[plan.set_index].rows, sets, kept);
  }
  return all;
}

}  // namespace falaj::load
