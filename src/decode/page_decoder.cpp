#include "decode/page_decoder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/json_part.hpp"
#include "base/sha256.hpp"
#include "decode/entity_key.hpp"
#include "decode/field_reader.hpp"
#include "decode/field_tree.hpp"
#include "decode/json_text.hpp"
#include "decode/page_index.hpp"
#include "decode/volatile_members.hpp"

namespace falaj::decode {
namespace {

constexpr int64_t kRowsPerPageMax = 1'000'000;
constexpr size_t kPageExcerptBytes = 64 * 1024;

// 64 hex digits that live as long as the batch.
std::string_view keep_hex(rows::RowBatch& batch, const Sha256Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  char* target = batch.keep_bytes(digest.size() * 2);
  char* at = target;
  for (const uint8_t byte : digest) {
    *at++ = kDigits[byte >> 4U];
    *at++ = kDigits[byte & 15U];
  }
  return {target, digest.size() * 2};
}

std::string_view as_text(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

size_t DecodedBatches::bytes() const {
  size_t sum = 0;
  for (const TableBatch& table : tables) {
    sum += table.rows.bytes() + table.losses.size() * sizeof(LostValue);
  }
  for (const Rejection& rejection : rejections) sum += rejection.raw_data.size();
  return sum;
}

void DecodedBatches::clear() {
  for (TableBatch& table : tables) {
    table.rows.clear();
    table.fetched = 0;
    table.rejected = 0;
    table.loss_kinds.clear();
    table.losses.clear();
  }
  rejections.clear();
}

class PageDecoder::Core {
 public:
  Core(const TableSpec& spec, StoreId store, const PackageId& package)
      : store_(store.value()), package_(package.value()) {
    for (TableSchema& table : schemas_of(spec)) {
      schemas_.push_back(
          {std::move(table.table), std::make_shared<const rows::Schema>(std::move(table.schema))});
    }
    main_ = add_table(spec);
  }

  DecodedBatches make_batches() const {
    DecodedBatches batches;
    for (const auto& [name, schema] : schemas_) {
      batches.tables.push_back({name, rows::RowBatch(schema), 0, 0, {}, {}});
    }
    return batches;
  }

  void decode(const SourcePage& page, DecodedBatches& out);

 private:
  struct Table;
  struct Child {
    std::string path;
    NodeId node = kNoNode;
    std::vector<std::string> shapes;
    size_t table = 0;
  };
  // One table of the spec, ready to read.
  struct Table {
    std::string name;
    std::string stream;
    std::string source_system;
    std::string path = "data";  // of its entities, for messages
    bool is_lines = false;
    bool has_parent = false;
    size_t batch = 0;
    std::optional<size_t> set_batch;
    FieldTree tree;
    std::unique_ptr<FieldReader> reader;
    std::unique_ptr<EntityKey> key;  // only of entities without an id
    std::string key_text;            // its members, for messages
    std::string nested;
    VolatileMembers volatile_members;
    std::vector<Child> children;
    // Of the page being decoded:
    int64_t entities = 0;
    int64_t sets = 0;
  };
  // Texts that every row of a page shares, kept in each batch.
  struct PageTexts {
    std::string_view shape, source, package, system;
  };

  size_t add_table(const TableSpec& spec);
  void start_page(const SourcePage& page, DecodedBatches& out);
  void decode_data(Token data);
  // `missing`: lines that the answer announces and does not have.
  void decode_set(Table& table, Token list, int64_t parent_id, int64_t missing);
  // The entity's digest is also computed when it is rejected: a set's digest covers all lines.
  bool decode_entity(Table& table, Token entity, int64_t parent_id, int64_t line_no,
                     Sha256Digest* digest_out);
  void set_lead(Table& table, Token entity, int64_t id, int64_t package_row,
                const Sha256Digest& digest);
  std::optional<FieldProblem> read_id(Table& table, Token entity, int64_t parent_id, int64_t& id);
  void decode_children(Table& table, int64_t id);
  void keep_losses(const Table& table, TableBatch& target);
  void reject(const Table& table, std::optional<int64_t> id, std::string rule, std::string message,
              std::string raw, int64_t package_row, std::optional<int64_t> parent_id);
  void reject_page(std::string message);

  int64_t row_number(int64_t position) const { return page_->page_no * kRowsPerPageMax + position; }
  TableBatch& batch_of(const Table& table) { return out_->tables[table.batch]; }

  int64_t store_;
  std::string package_;
  std::vector<std::pair<std::string, std::shared_ptr<const rows::Schema>>> schemas_;
  std::vector<std::unique_ptr<Table>> tables_;
  size_t main_ = 0;
  size_t batches_ = 0;
  JsonText json_;
  Sha256 hash_;
  Sha256 set_hash_;
  std::vector<PageTexts> texts_;  // by batch
  const SourcePage* page_ = nullptr;
  DecodedBatches* out_ = nullptr;
};

size_t PageDecoder::Core::add_table(const TableSpec& spec) {
  auto table = std::make_unique<Table>();
  table->name = spec.table;
  table->stream = spec.stream;
  table->source_system = spec.source_system;
  table->is_lines = spec.is_lines();
  table->has_parent = !spec.parent_column.empty();
  table->batch = batches_++;
  if (!spec.set_table.empty()) table->set_batch = batches_++;
  const size_t lead = table->is_lines     ? size_t{kLineLeadColumns}
                      : table->has_parent ? size_t{kParentId} + 1
                                          : size_t{kLeadColumns};
  table->reader = std::make_unique<FieldReader>(spec, table->tree, lead);
  table->volatile_members = VolatileMembers(spec.volatile_members);
  table->nested = spec.nested;
  if (!spec.key_paths.empty()) {
    table->key = std::make_unique<EntityKey>(spec);
    table->key_text = fmt::format("{}", fmt::join(spec.key_paths, ", "));
  }
  const size_t position = tables_.size();
  tables_.push_back(std::move(table));
  for (const ChildSpec& child : spec.children) {
    const NodeId node = tables_[position]->tree.add_path(child.path);
    const size_t child_table = add_table(child.table);
    tables_[child_table]->path = child.path;
    tables_[position]->children.push_back({child.path, node, child.shapes, child_table});
  }
  return position;
}

void PageDecoder::Core::start_page(const SourcePage& page, DecodedBatches& out) {
  page_ = &page;
  out_ = &out;
  texts_.resize(batches_);
  for (auto& table : tables_) {
    table->entities = 0;
    table->sets = 0;
    const auto keep = [&](size_t index) {
      rows::RowBatch& batch = out.tables[index].rows;
      texts_[index] = {batch.keep(page.shape), batch.keep(page.source), batch.keep(package_),
                       batch.keep(table->source_system)};
    };
    keep(table->batch);
    if (table->set_batch) keep(*table->set_batch);
  }
}

void PageDecoder::Core::decode(const SourcePage& page, DecodedBatches& out) {
  start_page(page, out);
  const std::string_view body = json_part(page.body);
  if (const auto problem = json_.index(body)) {
    reject_page(problem->to_text(body));
    return;
  }
  if (json_.kind(json_.root()) != '{') {
    reject_page(
        fmt::format("found {}, expected an object with `data`", describe(json_, json_.root())));
    return;
  }
  const auto success = json_.member(json_.root(), "success");
  if (success && json_.kind(*success) == 'f') {
    reject_page("found success = false, expected data");
    return;
  }
  const auto data = json_.member(json_.root(), "data");
  if (!data) {
    reject_page("found no member `data`");
    return;
  }
  decode_data(*data);
  if (page.is_unreadable && tables_[main_]->entities == 0) {
    reject_page(fmt::format("data: found {}, expected what was asked for", describe(json_, *data)));
  }
  for (TableBatch& table : out.tables) {
    if (table.rows.row_count() > 0) table.rows.pin(page.owner);
  }
}

void PageDecoder::Core::decode_data(Token data) {
  Table& table = *tables_[main_];
  const char kind = json_.kind(data);
  if (kind != '[' && kind != '{') {
    reject_page(
        fmt::format("data: found {}, expected an array or an object", describe(json_, data)));
    return;
  }
  if (table.has_parent && page_->parent_id == 0) {
    reject_page("the request names no parent of these lines");
    return;
  }
  if (table.is_lines) {
    decode_set(table, data, page_->parent_id, announced_of(json_).missing());
    return;
  }
  if (!json_.is_list(data)) {
    // PHP writes an empty list as {} now and then.
    if (!json_.is_empty_container(data)) decode_entity(table, data, 0, 0, nullptr);
    return;
  }
  json_.each_item(data, [&](Token entity) { decode_entity(table, entity, 0, 0, nullptr); });
}

void PageDecoder::Core::decode_set(Table& table, Token list, int64_t parent_id, int64_t missing) {
  const int64_t set_row = row_number(table.sets);
  int64_t lines = 0;
  int64_t rejected = 0;
  const auto add_line = [&](Token line) {
    Sha256Digest digest;
    rejected += decode_entity(table, line, parent_id, ++lines, &digest) ? 0 : 1;
    set_hash_.update(as_text(digest));
  };
  if (json_.is_list(list)) {
    json_.each_item(list, add_line);
  } else if (!json_.is_empty_container(list)) {
    add_line(list);
  }
  ++table.sets;
  const Sha256Digest digest = set_hash_.finish();
  if (!table.set_batch) return;
  TableBatch& target = out_->tables[*table.set_batch];
  rows::RowBatch& batch = target.rows;
  const PageTexts& texts = texts_[*table.set_batch];
  batch.set_number(kStoreId, store_);
  batch.set_number(kEntityId, parent_id);
  batch.set_text(kShape, texts.shape);
  batch.set_text(kSource, texts.source);
  batch.set_text(kSetPayloadSha256, keep_hex(batch, digest));
  batch.set_number(kSetPayloadKey, first_63_bits(digest));
  batch.set_number(kSetExtractedAt, page_->fetched_at.time_since_epoch().count());
  batch.set_text(kSetPackageId, texts.package);
  batch.set_number(kSetPackageRow, set_row);
  batch.set_text(kSetSourceSystem, texts.system);
  batch.set_number(kSetLineCount, lines);
  batch.set_number(kSetRejectedCount, rejected + missing);
  batch.finish_row();
  ++target.fetched;
}

bool PageDecoder::Core::decode_entity(Table& table, Token entity, int64_t parent_id,
                                      int64_t line_no, Sha256Digest* digest_out) {
  const int64_t position = table.entities++;
  const int64_t package_row = row_number(position);
  TableBatch& target = batch_of(table);
  ++target.fetched;
  const Sha256Digest digest = table.volatile_members.digest(json_, entity, hash_);
  if (digest_out != nullptr) *digest_out = digest;
  const auto refuse = [&](std::optional<int64_t> id, FieldProblem problem) {
    target.rows.discard_row();
    reject(table, id, std::move(problem.rule), std::move(problem.message),
           std::string(json_.raw(entity)), package_row,
           table.is_lines ? std::optional(parent_id) : std::nullopt);
    return false;
  };
  if (position >= kRowsPerPageMax) {
    return refuse(std::nullopt, {"bad_page", "more than 1,000,000 entities on one page"});
  }
  if (json_.kind(entity) != '{') {
    return refuse(std::nullopt,
                  {"wrong_type",
                   fmt::format("{}[{}]: found {}, expected an object", table.path,
                               table.is_lines ? line_no - 1 : position, describe(json_, entity))});
  }
  table.tree.walk(json_, entity);
  int64_t id = 0;
  if (auto problem = read_id(table, entity, parent_id, id)) {
    return refuse(std::nullopt, std::move(*problem));
  }
  if (auto problem = table.reader->read(json_, table.tree, target.rows)) {
    return refuse(id, std::move(*problem));
  }
  set_lead(table, entity, id, package_row, digest);
  if (table.has_parent) {
    target.rows.set_number(kParentId, table.is_lines ? parent_id : page_->parent_id);
  }
  if (table.is_lines) {
    target.rows.set_number(kLineNo, line_no);
    target.rows.set_number(kSetRow, row_number(table.sets));
  }
  if (!table.reader->losses().empty()) keep_losses(table, target);
  target.rows.finish_row();
  if (!table.children.empty()) decode_children(table, id);
  if (table.nested.empty()) return true;
  const auto further = json_.member(entity, table.nested);
  if (!further || json_.kind(*further) == 'n' || json_.is_empty_value(*further)) return true;
  if (json_.is_list(*further)) {
    json_.each_item(*further, [&](Token one) { decode_entity(table, one, 0, 0, nullptr); });
  } else {
    ++target.fetched;
    reject(table, std::nullopt, "wrong_type",
           fmt::format("{}: found {}, expected an array", table.nested, describe(json_, *further)),
           std::string(json_.raw(*further)), row_number(table.entities++), std::nullopt);
  }
  return true;
}

void PageDecoder::Core::keep_losses(const Table& table, TableBatch& target) {
  auto& kinds = target.loss_kinds;
  for (const FieldLoss& loss : table.reader->losses()) {
    const auto known = std::find_if(kinds.begin(), kinds.end(), [&loss](const LossKind& kind) {
      return kind.column == loss.column && kind.rule == loss.problem.rule;
    });
    const auto place = static_cast<uint32_t>(known - kinds.begin());
    if (known == kinds.end()) {
      kinds.push_back({loss.column, loss.problem.rule, loss.problem.message});
    }
    target.losses.push_back({static_cast<uint32_t>(target.rows.row_count()), place});
  }
}

std::optional<FieldProblem> PageDecoder::Core::read_id(Table& table, Token entity,
                                                       int64_t parent_id, int64_t& id) {
  if (!table.key) return table.reader->read_id(json_, table.tree, id);
  const auto parent = table.is_lines ? parent_id : page_->parent_id;
  const auto found = table.key->of(json_, entity, parent);
  if (!found) {
    return FieldProblem{
        "missing_id",
        fmt::format("{}: found nothing, expected a key of these members", table.key_text)};
  }
  id = *found;
  return std::nullopt;
}

void PageDecoder::Core::set_lead(Table& table, Token entity, int64_t id, int64_t package_row,
                                 const Sha256Digest& digest) {
  rows::RowBatch& batch = batch_of(table).rows;
  const PageTexts& texts = texts_[table.batch];
  batch.set_number(kStoreId, store_);
  batch.set_number(kEntityId, id);
  batch.set_text(kShape, texts.shape);
  batch.set_text(kSource, texts.source);
  batch.set_text(kRawData, json_.raw(entity));
  batch.set_text(kPayloadSha256, keep_hex(batch, digest));
  batch.set_number(kPayloadKey, first_63_bits(digest));
  batch.set_number(kExtractedAt, page_->fetched_at.time_since_epoch().count());
  batch.set_text(kPackageId, texts.package);
  batch.set_number(kPackageRow, package_row);
  batch.set_text(kSourceSystem, texts.system);
}

void PageDecoder::Core::decode_children(Table& table, int64_t id) {
  for (const Child& child : table.children) {
    const Token value = table.tree.found(child.node);
    if (value == kNotFound || json_.kind(value) == 'n') continue;
    if (std::find(child.shapes.begin(), child.shapes.end(), page_->shape) == child.shapes.end()) {
      continue;
    }
    // An event without lines has not told them; only an answer can say that there are none.
    if (page_->source == "webhook" && json_.is_empty_value(value)) continue;
    Table& lines = *tables_[child.table];
    if (json_.is_empty_value(value) || json_.is_list(value)) {
      decode_set(lines, value, id, 0);
      continue;
    }
    ++batch_of(lines).fetched;
    reject(lines, id, "wrong_type",
           fmt::format("{}: found {}, expected an array", child.path, describe(json_, value)),
           std::string(json_.raw(value)), row_number(lines.entities++), id);
  }
}

void PageDecoder::Core::reject(const Table& table, std::optional<int64_t> id, std::string rule,
                               std::string message, std::string raw, int64_t package_row,
                               std::optional<int64_t> parent_id) {
  ++batch_of(table).rejected;
  out_->rejections.push_back({table.name, table.stream, id, std::move(rule), std::move(message),
                              std::move(raw), package_row, page_->fetched_at,
                              std::string(page_->shape), parent_id});
}

void PageDecoder::Core::reject_page(std::string message) {
  Table& table = *tables_[main_];
  ++batch_of(table).fetched;
  reject(table, page_->parent_id == 0 ? std::nullopt : std::optional(page_->parent_id), "bad_page",
         fmt::format("the answer to {}: {}", page_->request, message),
         excerpt(page_->body, kPageExcerptBytes), row_number(0),
         page_->parent_id == 0 || !table.is_lines ? std::nullopt : std::optional(page_->parent_id));
}

PageDecoder::PageDecoder(const TableSpec& spec, StoreId store, PackageId package)
    : core_(std::make_unique<Core>(spec, store, std::move(package))) {}
PageDecoder::~PageDecoder() = default;
PageDecoder::PageDecoder(PageDecoder&&) noexcept = default;
PageDecoder& PageDecoder::operator=(PageDecoder&&) noexcept = default;

DecodedBatches PageDecoder::make_batches() const {
  return core_->make_batches();
}

void PageDecoder::decode(const SourcePage& page, DecodedBatches& out) {
  core_->decode(page, out);
}

}  // namespace falaj::decode
