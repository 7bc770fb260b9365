#include "duck/row_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "duck/handles.hpp"
#include "duck/vector_writer.hpp"

namespace falaj::duck {

using ColumnSets = std::vector<ColumnSet>;

struct RowSource::Registry {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const ColumnSets>> sets;
};

namespace {

// Whoever takes rows takes a slice at a time, and bounds what it gathers only between slices: a
// slice of long texts has fewer rows, down to one.
constexpr size_t kSliceBytes = size_t{1} << 20;

struct Slice {
  size_t set = 0;
  size_t first = 0;
  size_t rows = 0;
};

// One query's reading: who asks next gets the next slice of at most 2,048 rows.
struct Scan {
  std::shared_ptr<const ColumnSets> sets;
  std::vector<size_t> columns;  // those that the query asks for
  std::vector<Slice> slices;
  std::atomic<size_t> next{0};
};

// The texts that the query asks for.
std::vector<const std::string_view*> texts_asked_for(const ColumnSet& set,
                                                     const std::vector<size_t>& columns) {
  std::vector<const std::string_view*> texts;
  for (const size_t i : columns) {
    if (i >= set.columns.size() || set.columns[i].type != ColumnType::kText) continue;
    texts.push_back(set.columns[i].texts);
  }
  return texts;
}

void cut_slices(const ColumnSet& set, size_t number, Scan& scan) {
  const auto texts = texts_asked_for(set, scan.columns);
  const size_t most_rows = duckdb_vector_size();
  Slice slice{.set = number};
  size_t bytes = 0;
  for (size_t row = 0; row < set.rows; ++row) {
    size_t of_row = 0;
    for (const auto* column : texts) of_row += column[row].size();
    const bool is_full = slice.rows == most_rows || bytes + of_row > kSliceBytes;
    if (is_full && slice.rows > 0) {
      scan.slices.push_back(slice);
      slice = {.set = number, .first = row};
      bytes = 0;
    }
    ++slice.rows;
    bytes += of_row;
  }
  if (slice.rows > 0) scan.slices.push_back(slice);
}

template <typename T>
void destroy(void* object) {
  delete static_cast<T*>(object);
}

using SharedSets = std::shared_ptr<const ColumnSets>;

}  // namespace

struct RowSource::Callbacks {
  static void bind(duckdb_bind_info info) {
    auto& registry = **static_cast<std::shared_ptr<Registry>*>(duckdb_bind_get_extra_info(info));
    duckdb_value value = duckdb_bind_get_parameter(info, 0);
    char* text = duckdb_get_varchar(value);
    const std::string name = text == nullptr ? "" : text;
    duckdb_free(text);
    duckdb_destroy_value(&value);
    SharedSets sets;
    {
      const std::lock_guard lock(registry.mutex);
      const auto found = registry.sets.find(name);
      if (found != registry.sets.end()) sets = found->second;
    }
    if (sets == nullptr || sets->empty()) {
      duckdb_bind_set_error(info, fmt::format("nothing is staged as {}", name).c_str());
      return;
    }
    size_t rows = 0;
    for (const auto& set : *sets) rows += set.rows;
    for (const auto& column : sets->front().columns) {
      duckdb_logical_type type = make_type(column);
      duckdb_bind_add_result_column(info, column.name.c_str(), type);
      duckdb_destroy_logical_type(&type);
    }
    duckdb_bind_set_cardinality(info, rows, true);
    duckdb_bind_set_bind_data(info, new SharedSets(std::move(sets)), destroy<SharedSets>);
  }

  static void init(duckdb_init_info info) {
    auto scan = std::make_unique<Scan>();
    scan->sets = *static_cast<SharedSets*>(duckdb_init_get_bind_data(info));
    const idx_t count = duckdb_init_get_column_count(info);
    for (idx_t i = 0; i < count; ++i) {
      scan->columns.push_back(duckdb_init_get_column_index(info, i));
    }
    for (size_t i = 0; i < scan->sets->size(); ++i) cut_slices((*scan->sets)[i], i, *scan);
    duckdb_init_set_max_threads(info, std::max<size_t>(1, scan->slices.size()));
    duckdb_init_set_init_data(info, scan.release(), destroy<Scan>);
  }

  static void fill(duckdb_function_info info, duckdb_data_chunk output) {
    auto& scan = *static_cast<Scan*>(duckdb_function_get_init_data(info));
    const size_t number = scan.next.fetch_add(1);
    if (number >= scan.slices.size()) {
      duckdb_data_chunk_set_size(output, 0);
      return;
    }
    const Slice& slice = scan.slices[number];
    const ColumnSet& set = (*scan.sets)[slice.set];
    for (size_t i = 0; i < scan.columns.size(); ++i) {
      // An index past the columns is DuckDB's row number, asked for by count(*) alone.
      if (scan.columns[i] >= set.columns.size()) continue;
      write_slice(set.columns[scan.columns[i]], slice.first, slice.rows, TextMemory::kBorrowed,
                  duckdb_data_chunk_get_vector(output, i));
    }
    duckdb_data_chunk_set_size(output, slice.rows);
  }
};

RowSource::RowSource(std::shared_ptr<Registry> registry) : registry_(std::move(registry)) {}
RowSource::~RowSource() = default;
RowSource::RowSource(RowSource&&) noexcept = default;
RowSource& RowSource::operator=(RowSource&&) noexcept = default;

Result<RowSource> RowSource::create(Connection& connection, const std::string& function) {
  auto registry = std::make_shared<Registry>();
  duckdb_table_function table = duckdb_create_table_function();
  duckdb_table_function_set_name(table, function.c_str());
  duckdb_logical_type varchar = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
  duckdb_table_function_add_parameter(table, varchar);
  duckdb_destroy_logical_type(&varchar);
  duckdb_table_function_set_extra_info(table, new std::shared_ptr<Registry>(registry),
                                       destroy<std::shared_ptr<Registry>>);
  duckdb_table_function_set_bind(table, Callbacks::bind);
  duckdb_table_function_set_init(table, Callbacks::init);
  duckdb_table_function_set_function(table, Callbacks::fill);
  duckdb_table_function_supports_projection_pushdown(table, true);
  const duckdb_state state = duckdb_register_table_function(connection.handle()->connection, table);
  duckdb_destroy_table_function(&table);
  if (state != DuckDBSuccess) {
    return Error(ErrorKind::kBug, fmt::format("cannot register the table function {}", function));
  }
  return RowSource(std::move(registry));
}

void RowSource::add(const std::string& name, ColumnSet set) {
  const std::lock_guard lock(registry_->mutex);
  auto& entry = registry_->sets[name];
  // A copy: a query that is reading keeps the sets it began with.
  auto sets =
      entry == nullptr ? std::make_shared<ColumnSets>() : std::make_shared<ColumnSets>(*entry);
  sets->push_back(std::move(set));
  entry = std::move(sets);
}

void RowSource::remove(const std::string& name) {
  const std::lock_guard lock(registry_->mutex);
  registry_->sets.erase(name);
}

}  // namespace falaj::duck
