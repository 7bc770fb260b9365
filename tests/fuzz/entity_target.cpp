// Whole entities with other values in their places, on their whole way: decoded, loaded into BRONZE of a
// real DuckDB, built into SILVER and GOLD. What holds for any input:
// - fetched = loaded + unchanged + quarantined, by the books and by what the tables really have;
// - every model builds; what is in BRONZE is in SILVER or in quarantine of the model, and so on to GOLD;
// - an odd entity costs nobody else anything: a plain one on the same page is in SILVER.
// Decoding is checked for each input. Of every few inputs one goes on to the warehouse, several in one
// transaction; when that fails, each is tried alone, so that what is printed is the one that did it.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>

#include "connectors/salla/catalogue.hpp"
#include "decode/json_text.hpp"
#include "decode/page_decoder.hpp"
#include "decode/page_index.hpp"
#include "fuzz/entity_lake.hpp"
#include "fuzz/entity_seeds.hpp"
#include "fuzz/fuzz_target.hpp"

namespace falaj::fuzz {
namespace {

using decode::JsonText;
using decode::TableSpec;

constexpr size_t kOneOf = 8;
constexpr size_t kBatch = 96;
// A warehouse that grows without end would make each batch slower than the one before.
constexpr int kBatchesPerLake = 30;
// Above what the seeds have, below what mutations put in.
constexpr int64_t kFirstControl = 7'000'000'000'000;

// The stream that an input names; by chance, but always the same, where it names none.
const TableSpec* spec_of(std::string_view bytes) {
  static const auto streams = [] {
    std::vector<const TableSpec*> all;
    for (const auto& spec : connectors::salla::catalogue()) {
      if (spec.stream != "webhooks" && spec.stream != "deletions") all.push_back(&spec);
    }
    return all;
  }();
  JsonText json;
  if (json.index(bytes) || json.kind(json.root()) != '{') return nullptr;
  if (const auto member = json.member(json.root(), "stream"); member && json.kind(*member) == '"') {
    for (const auto* spec : streams) {
      if (spec->stream == json.raw_string(*member)) return spec;
    }
  }
  return streams[std::hash<std::string_view>()(bytes) % streams.size()];
}

// The page with a plain entity at the end of its list; nothing where it has no list.
std::string with_plain(std::string_view body, const std::string& entity) {
  JsonText json;
  if (entity.empty() || !decode::PageIndex::read(body).ok()) return "";
  if (json.index(body) || json.kind(json.root()) != '{') return "";
  const auto data = json.member(json.root(), "data");
  if (!data || json.kind(*data) != '[') return "";
  const auto end = static_cast<size_t>(json.end_of(*data) - body.data()) - 1;
  std::string whole(body);
  return whole.insert(end, (json.is_empty_value(*data) ? "" : ",") + entity);
}

struct Lists {
  int64_t rows = 0;
  bool has_control = false;
};

decode::PageDecoder& decoder_of(const TableSpec& spec) {
  static std::map<const TableSpec*, decode::PageDecoder> all;
  const auto known = all.find(&spec);
  if (known != all.end()) return known->second;
  decode::PageDecoder made(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  return all.emplace(&spec, std::move(made)).first->second;
}

// What the decoder makes of a page: each entity a row or a rejection with a reason.
Lists decode_page(const EntityInput& input) {
  auto& decoder = decoder_of(*input.spec);
  auto out = decoder.make_batches();
  const auto owner = std::make_shared<const ExactBytes>(input.body);
  decode::SourcePage page;
  page.shape = shape_of(*input.spec);
  page.source = "list";
  page.request = "/any";
  page.parent_id = has_parent(*input.spec) ? 418'149'270 : 0;
  page.fetched_at = UtcTime(Micros(1'771'200'000'000'000));
  page.body = owner->view();
  page.owner = owner;
  decoder.decode(page, out);
  int64_t rejected = 0;
  Lists lists;
  for (const auto& table : out.tables) {
    rejected += table.rejected;
    expect(table.fetched == static_cast<int64_t>(table.rows.row_count()) + table.rejected,
           "fetched = rows + rejected");
  }
  expect(rejected == static_cast<int64_t>(out.rejections.size()), "each rejection is counted");
  const auto& rows = out.tables[0].rows;
  for (size_t row = 0; row < rows.row_count(); ++row)
    lists.has_control |= rows.number(decode::kEntityId, row) == input.control_id;
  lists.rows = static_cast<int64_t>(rows.row_count());
  return lists;
}

// Never destroyed: what it works with may be gone when the program ends. tools/run-fuzz removes its folder.
std::unique_ptr<EntityLake>& lake() {
  static auto* one = new std::unique_ptr<EntityLake>();
  return *one;
}

void renew_lake() {
  lake().reset();
  lake() = std::make_unique<EntityLake>();
}

void run_batch(std::vector<EntityInput>& batch) {
  static int batches = 0;
  if (lake() == nullptr || batches++ % kBatchesPerLake == 0) {
    renew_lake();
  }
  static size_t taken = 0;
  const auto problem = lake()->take(batch);
  if (problem.empty()) {
    taken += batch.size();
    std::fprintf(stderr, "stat::answers_in_warehouse: %zu\n", taken);
    return batch.clear();
  }
  std::fprintf(stderr, "%zu answers together: %s\n", batch.size(), problem.c_str());
  // Halves, down to one: a lake takes long to make.
  while (batch.size() > 1) {
    const auto middle = batch.begin() + static_cast<int64_t>(batch.size() / 2);
    std::vector<EntityInput> first(batch.begin(), middle);
    std::vector<EntityInput> second(middle, batch.end());
    renew_lake();
    if (!lake()->take(first).empty()) {
      batch = std::move(first);
      continue;
    }
    renew_lake();
    if (lake()->take(second).empty()) break;  // it takes both
    batch = std::move(second);
  }
  for (const auto& input : batch)
    std::fprintf(stderr, "stream %s: %s\n", input.spec->stream.c_str(), input.body.c_str());
  // Beside what libFuzzer keeps, which is the last input of the batch.
  std::ofstream("build/fuzz/findings/entity-alone", std::ios::binary) << batch.front().body;
  lake().reset();
  expect(false, problem);
}

// FALAJ_FUZZ_EACH=1: each input goes to the warehouse, alone: for a program that is given one file.
bool is_each() {
  static const bool is_set = std::getenv("FALAJ_FUZZ_EACH") != nullptr;
  return is_set;
}

}  // namespace

void fuzz_one(std::string_view bytes) {
  static int64_t controls = kFirstControl;
  static std::vector<EntityInput> batch;
  const auto* spec = spec_of(bytes);
  if (spec == nullptr) return;
  EntityInput input{spec, std::string(bytes), 0};
  const auto before = decode_page(input);
  // The id of an entity without one is a hash.
  const bool has_id = spec->key_paths.empty();
  auto whole = with_plain(bytes, has_id ? plain_entity(spec->stream, ++controls) : "");
  if (!whole.empty()) {
    input.body = std::move(whole);
    input.control_id = controls;
    const auto after = decode_page(input);
    expect(after.has_control, "a plain entity beside odd ones is a row");
    expect(after.rows >= before.rows + 1, "a plain entity costs no other one its row");
  }
  if (!is_each() && std::hash<std::string_view>()(bytes) % kOneOf != 0) return;
  batch.push_back(std::move(input));
  if (is_each() || batch.size() >= kBatch) run_batch(batch);
}

std::vector<std::string> seeds() {
  return entity_seeds();
}

}  // namespace falaj::fuzz
