// Salla's own example answers through the connector's table specs: nothing is lost, and a value of
// another type than expected ends up either in raw_data or in quarantine with a reason.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"
#include "decode/page_decoder.hpp"
#include "support/long_tests.hpp"
#include "support/temp_dir.hpp"

namespace falaj::connectors::salla {
namespace {

using decode::DecodedBatches;
using decode::FieldKind;
using decode::FieldSpec;
using decode::Rejection;
using decode::TableSpec;
using ::testing::HasSubstr;

constexpr int64_t kParent = 418'149'270;

struct Payload {
  std::string file;
  std::string stream;
  std::string shape;
  size_t rows;
  size_t lines;  // of the child table
};

const std::vector<Payload>& payloads() {
  static const std::vector<Payload> all = {
      {"branches-list", "branches", "full", 2, 0},
      {"categories-list", "categories", "full", 7, 0},
      {"cities-page1", "cities", "full", 15, 0},
      {"customer-details-extra-fields", "customers", "full", 1, 0},
      {"invoices-list", "invoices", "full", 3, 0},
      {"order-details", "orders", "details", 1, 0},
      {"order-histories", "order_histories", "full", 1, 0},
      {"order-items-with-options", "order_items", "items", 1, 0},
      {"order-statuses-custom", "order_statuses", "full", 10, 0},
      {"orders-list", "orders", "summary", 2, 0},
      {"products-list", "products", "full", 1, 2},
      {"transactions-list", "transactions", "full", 2, 0},
      {"webhook-order-created", "orders", "full", 1, 1},
  };
  return all;
}

// The one that is no answer with data.
const std::set<std::string> kNotRead = {"error-422-transactions"};

const TableSpec& spec_of(const std::string& stream) {
  for (const TableSpec& spec : catalogue()) {
    if (spec.stream == stream) return spec;
  }
  ADD_FAILURE() << "no stream " << stream;
  return catalogue().front();
}

std::filesystem::path payload_dir() {
  return test::test_data_dir() / "salla-payloads";
}

std::string body_of(const std::string& file) {
  return test::read_text_file(payload_dir() / (file + ".json"));
}

Json parsed(std::string_view text) {
  auto json = Json::parse(text);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? std::move(*json) : Json();
}

DecodedBatches decode_body(const TableSpec& spec, const std::string& shape, std::string_view body) {
  decode::PageDecoder decoder(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  DecodedBatches out = decoder.make_batches();
  // Exactly as long as the text, so that reading beyond it is noticed.
  auto owned = std::make_shared<std::vector<char>>(body.begin(), body.end());
  owned->shrink_to_fit();
  decode::SourcePage page;
  page.shape = shape;
  page.source = "list";
  page.request = "/any?page=1";
  page.parent_id = spec.parent_column.empty() ? 0 : kParent;
  page.fetched_at = UtcTime(Micros(1'767'225'600'000'000));
  page.body = std::string_view(owned->data(), owned->size());
  page.owner = owned;
  decoder.decode(page, out);
  return out;
}

// The first difference between two documents, or "".
std::string difference(const Json& a, const Json& b, const std::string& path = "$") {
  if (a.is_object() && b.is_object()) {
    if (a.as_object().size() != b.as_object().size()) return path + ": number of members";
    for (const auto& [key, member] : a.as_object()) {
      const std::string found = difference(member, b[key], path + "." + key);
      if (!found.empty()) return found;
    }
    return "";
  }
  if (a.is_array() && b.is_array()) {
    if (a.as_array().size() != b.as_array().size()) return path + ": number of elements";
    for (size_t i = 0; i < a.as_array().size(); ++i) {
      const std::string found =
          difference(a.as_array()[i], b.as_array()[i], fmt::format("{}[{}]", path, i));
      if (!found.empty()) return found;
    }
    return "";
  }
  const bool is_same =
      a.is_string() && b.is_string() ? a.as_string() == b.as_string() : a.dump() == b.dump();
  return is_same ? "" : fmt::format("{}: {} / {}", path, a.dump(), b.dump());
}

std::vector<Json> entities_of(const Json& document) {
  const Json& data = document["data"];
  if (data.is_array()) return data.as_array();
  return {data};
}

std::string_view raw_data(const DecodedBatches& batches, size_t table, size_t row) {
  return batches.tables[table].rows.text(decode::kRawData, row);
}

// The entity, whether it became a row or was refused: by its position in the page.
std::string kept_text(const DecodedBatches& batches, size_t table, int64_t position) {
  const auto& rows = batches.tables[table].rows;
  for (size_t row = 0; row < rows.row_count(); ++row) {
    if (rows.number(decode::kPackageRow, row) == position) {
      return std::string(raw_data(batches, table, row));
    }
  }
  for (const Rejection& rejection : batches.rejections) {
    if (rejection.table == batches.tables[table].table && rejection.package_row == position) {
      return rejection.raw_data;
    }
  }
  return "";
}

bool is_blank_value(const Json& value) {
  if (value.is_null()) return true;
  if (value.is_object()) return value.as_object().empty();
  if (value.is_array()) return value.as_array().empty();
  return value.is_string() && value.as_string().empty();
}

// The values of a spec's path in an entity.
std::vector<Json> values_at(const Json& entity, const std::string& path) {
  const size_t dot = path.find('.');
  std::string step = path.substr(0, dot);
  const bool is_array = step.ends_with("[]");
  if (is_array) step.resize(step.size() - 2);
  std::vector<Json> here = {entity[step]};
  if (is_array) here = entity[step].as_array();
  if (dot == std::string::npos) return here;
  std::vector<Json> below;
  for (const Json& one : here) {
    for (Json& value : values_at(one, path.substr(dot + 1))) below.push_back(std::move(value));
  }
  return below;
}

// The part of a path with the value: a phone number's may have its country's code in front.
std::string value_path(const std::string& path) {
  return path.substr(path.find('+') + 1);
}

bool is_noted(const decode::TableBatch& table, size_t column, size_t row) {
  return std::any_of(table.losses.begin(), table.losses.end(), [&](const auto& loss) {
    return loss.row == row && table.loss_kinds[loss.kind].column == column;
  });
}

// Every column that the entity has a value for holds one; a phone number that is none is noted.
void expect_columns_filled(const TableSpec& spec, const Json& entity,
                           const decode::TableBatch& table, size_t row) {
  const auto& batch = table.rows;
  for (const FieldSpec& field : spec.fields) {
    bool has_value = false;
    for (const std::string& whole : field.paths) {
      const auto path = value_path(whole);
      for (const Json& value : values_at(entity, path)) has_value |= !is_blank_value(value);
    }
    const size_t column = batch.schema().find(field.column).value();
    if (has_value) {
      EXPECT_TRUE(!batch.is_null(column, row) ||
                  (field.kind == FieldKind::kPhone && is_noted(table, column, row)))
          << spec.table << "." << field.column;
    }
  }
}

TEST(SallaPayloads, EveryFileIsEitherReadHereOrKnownNotToBe) {
  FALAJ_REQUIRE_TEST_DATA();
  std::set<std::string> known = kNotRead;
  for (const Payload& payload : payloads()) known.insert(payload.file);
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(payload_dir())) {
    if (entry.path().extension() == ".json") found.insert(entry.path().stem().string());
  }
  EXPECT_EQ(found, known);
}

TEST(SallaPayloads, DecodeWithoutLoss) {
  FALAJ_REQUIRE_TEST_DATA();
  for (const Payload& payload : payloads()) {
    SCOPED_TRACE(payload.file);
    const TableSpec& spec = spec_of(payload.stream);
    const std::string body = body_of(payload.file);
    const DecodedBatches got = decode_body(spec, payload.shape, body);
    for (const Rejection& rejection : got.rejections) {
      ADD_FAILURE() << rejection.rule << ": " << rejection.message;
    }
    const std::vector<Json> entities = entities_of(parsed(body));
    ASSERT_EQ(got.tables[0].rows.row_count(), payload.rows);
    ASSERT_EQ(entities.size(), payload.rows);
    for (size_t row = 0; row < entities.size(); ++row) {
      const std::string_view raw = raw_data(got, 0, row);
      EXPECT_NE(body.find(raw), std::string::npos) << "raw_data is not the bytes as received";
      EXPECT_EQ(difference(entities[row], parsed(raw)), "");
      EXPECT_EQ(got.tables[0].rows.number(decode::kEntityId, row), entities[row]["id"].as_int());
      expect_columns_filled(spec, entities[row], got.tables[0], row);
    }
    if (spec.children.empty()) continue;
    ASSERT_EQ(got.tables[1].rows.row_count(), payload.lines);
    for (size_t row = 0; row < payload.lines; ++row) {
      const Json& line = entities[0][spec.children[0].path].as_array()[row];
      EXPECT_EQ(difference(line, parsed(raw_data(got, 1, row))), "");
      expect_columns_filled(spec.children[0].table, line, got.tables[1], row);
    }
  }
}

// Columns of a row without a value, by name.
std::string empty_columns(const DecodedBatches& batches, size_t table, size_t row, size_t first) {
  const rows::RowBatch& batch = batches.tables[table].rows;
  std::string names;
  for (size_t column = first; column < batch.schema().columns.size(); ++column) {
    // A number's form follows from the number.
    const auto& name = batch.schema().columns[column].name;
    if (!batch.is_null(column, row) || name.ends_with("_e164")) continue;
    names += (names.empty() ? "" : " ") + batch.schema().columns[column].name;
  }
  return names;
}

// A path that names no member leaves its column empty: what may be empty is written down.
TEST(SallaPayloads, OnlyMembersThatAreNotThereLeaveColumnsEmpty) {
  FALAJ_REQUIRE_TEST_DATA();
  const std::map<std::string, std::string> expected = {
      {"customer-details-extra-fields", ""},
      {"order-details",
       "exchange_rate exchange_base_currency exchange_currency customer_name shipping_company "
       "shipping_country shipping_city "
       "shipping_address_line shipping_postal_code notes list_items_count is_draft"},
      {"order-items-with-options", "product_id variant_id original_price product_type"},
      {"order-statuses-custom", "parent_id"},
      {"orders-list",
       "customer_id customer_name customer_first_name customer_last_name customer_email "
       "customer_mobile customer_mobile_code receiver_name receiver_phone receiver_email "
       "sub_total_amount discount_amount tax_amount tax_percent shipping_amount cod_amount "
       "coupon_code shipping_company shipping_country shipping_city shipping_address_line "
       "shipping_postal_code notes source_channel updated_at is_draft"},
      {"products-list", "category_id category_name brand_id brand_name"},
      {"webhook-order-created",
       "exchange_rate exchange_base_currency exchange_currency customer_name notes updated_at "
       "is_pending_payment"},
  };
  for (const Payload& payload : payloads()) {
    const TableSpec& spec = spec_of(payload.stream);
    const DecodedBatches got = decode_body(spec, payload.shape, body_of(payload.file));
    const size_t first = spec.is_lines()              ? size_t{decode::kLineLeadColumns}
                         : spec.parent_column.empty() ? size_t{decode::kLeadColumns}
                                                      : size_t{decode::kParentId} + 1;
    const auto found = expected.find(payload.file);
    if (found == expected.end()) continue;
    EXPECT_EQ(empty_columns(got, 0, 0, first), found->second) << payload.file;
  }
  const DecodedBatches got = decode_body(orders_spec(), "full", body_of("webhook-order-created"));
  EXPECT_EQ(empty_columns(got, 1, 0, decode::kLineLeadColumns),
            "variant_id original_price tax_percent tax_amount");
}

// A connector's mistake (or a store's) must never lose an answer without a trace.
TEST(SallaPayloads, EveryFileThroughEverySpecIsCountedToTheLastEntity) {
  FALAJ_REQUIRE_TEST_DATA();
  std::set<std::string> files = kNotRead;
  for (const Payload& payload : payloads()) files.insert(payload.file);
  for (const std::string& file : files) {
    for (const TableSpec& spec : catalogue()) {
      SCOPED_TRACE(file + " as " + spec.stream);
      const DecodedBatches got = decode_body(spec, "full", body_of(file));
      size_t rejected = 0;
      for (const auto& table : got.tables) {
        EXPECT_EQ(table.fetched, static_cast<int64_t>(table.rows.row_count()) + table.rejected);
        rejected += static_cast<size_t>(table.rejected);
      }
      EXPECT_EQ(rejected, got.rejections.size());
      EXPECT_GE(got.tables[0].fetched, 1);
    }
  }
}

TEST(SallaPayloads, AnErrorAnswerIsOneRejectionThatSaysSo) {
  FALAJ_REQUIRE_TEST_DATA();
  const DecodedBatches got =
      decode_body(spec_of("orders"), "summary", body_of("error-422-transactions"));
  EXPECT_EQ(got.tables[0].rows.row_count(), 0U);
  ASSERT_EQ(got.rejections.size(), 1U);
  EXPECT_EQ(got.rejections[0].rule, "bad_page");
  EXPECT_THAT(got.rejections[0].message, HasSubstr("/any?page=1"));
  EXPECT_THAT(got.rejections[0].message, HasSubstr("data"));
  EXPECT_THAT(got.rejections[0].raw_data, HasSubstr("last_4_digit"));
}

// --- values of another type -----------------------------------------------------------------

// One value somewhere in a document.
struct Place {
  std::vector<size_t> steps;  // positions of members and elements
  std::string path;           // "data[].total.amount"
};

void collect_places(const Json& value, Place here, std::vector<Place>& out) {
  if (!here.steps.empty()) out.push_back(here);
  size_t position = 0;
  const auto descend = [&](const Json& child, const std::string& name) {
    Place below = here;
    below.steps.push_back(position++);
    below.path += name;
    collect_places(child, std::move(below), out);
  };
  for (const auto& [key, member] : value.as_object()) {
    descend(member, (here.path.empty() ? "" : ".") + key);
  }
  for (const Json& element : value.as_array()) descend(element, "[]");
}

using Mutation = std::pair<const Place*, std::string>;

// The document's text with the values at some places replaced by other texts.
void write_mutated(const Json& value, std::vector<size_t>& at,
                   const std::vector<Mutation>& mutations, std::string& out) {
  for (const auto& [place, text] : mutations) {
    if (place->steps == at) {
      out += text;
      return;
    }
  }
  if (!value.is_object() && !value.is_array()) {
    out += value.dump();
    return;
  }
  at.push_back(0);
  const char* separator = "";
  out += value.is_object() ? "{" : "[";
  for (const auto& [key, member] : value.as_object()) {
    out += separator + json_quote(key) + ": ";
    write_mutated(member, at, mutations, out);
    separator = ", ";
    ++at.back();
  }
  for (const Json& element : value.as_array()) {
    out += separator;
    write_mutated(element, at, mutations, out);
    separator = ",";
    ++at.back();
  }
  out += value.is_object() ? "}" : "]";
  at.pop_back();
}

std::string mutated(const Json& document, const std::vector<Mutation>& mutations) {
  std::string out;
  std::vector<size_t> at;
  write_mutated(document, at, mutations, out);
  return out;
}

constexpr const char* kObject = R"({"unexpected":[1,{"deep":null}]})";
constexpr const char* kText = R"("no \"number\" \u0661")";
constexpr const char* kHuge = "99999999999999999999.5";
const std::vector<std::string> kReplacements = {
    kObject, kText, kHuge, R"([1,"two",null])", "{}", "[]", "true", "null", "-0.00", R"("")"};

bool is_or_is_below(std::string_view path, std::string_view above) {
  return path == above ||
         (path.starts_with(above) && (path[above.size()] == '.' || path[above.size()] == '['));
}

// Where the lines of a payload's entities are; "" when it has none.
std::string lines_of(const Payload& payload) {
  return payload.lines > 0 ? spec_of(payload.stream).children[0].path : "";
}

// The path within its entity, and whether that is a line: "data[].items[].sku" -> "sku".
struct EntityPath {
  std::string path;
  bool is_of_line = false;
};

EntityPath entity_path(std::string_view path, const std::string& lines) {
  path.remove_prefix(std::string_view("data").size());
  if (path.starts_with("[]")) path.remove_prefix(2);
  if (path.starts_with(".")) path.remove_prefix(1);
  const std::string line = lines + "[].";
  if (!lines.empty() && path.starts_with(line)) {
    return {std::string(path.substr(line.size())), true};
  }
  return {std::string(path), false};
}

bool is_read(const TableSpec& spec, const std::string& path) {
  const auto touches = [&](const std::string& read) {
    return is_or_is_below(path, read) || is_or_is_below(read, path);
  };
  for (const FieldSpec& field : spec.fields) {
    if (std::any_of(field.paths.begin(), field.paths.end(), touches)) return true;
  }
  return std::any_of(spec.id_paths.begin(), spec.id_paths.end(), touches);
}

// The value is read first of all for some column, and this text can be no value of it.
bool must_be_refused(const TableSpec& spec, const std::string& path, const std::string& text) {
  const bool is_object = text == kObject;
  if (!is_object && text != kText && text != kHuge) return false;
  if (path == spec.id_paths.front()) return true;
  for (const FieldSpec& field : spec.fields) {
    const std::string& first = field.paths.front();
    if (first.find("[]") != std::string::npos) continue;
    // Another path may answer instead: expect_no_silent_null().
    if (field.paths.size() > 1 || field.kind == FieldKind::kPhone) continue;
    const bool is_amount = field.kind == FieldKind::kMoney && path == first + ".amount";
    if (path != first && !is_amount) continue;
    switch (field.kind) {
      case FieldKind::kJson: break;
      case FieldKind::kText:
        if (is_object) return true;
        break;
      default: return true;
    }
  }
  return false;
}

void expect_reason_names(const std::string& path, const Rejection& rejection) {
  const size_t end = rejection.message.find(": found ");
  ASSERT_NE(end, std::string::npos) << rejection.message;
  EXPECT_THAT(rejection.message, HasSubstr(", expected "));
  // An object of the wrong kind is named by what was looked for in it.
  const auto named = rejection.message.substr(0, end);
  EXPECT_TRUE(is_or_is_below(path, named) || is_or_is_below(named, path))
      << path << " against: " << rejection.message;
  EXPECT_FALSE(rejection.rule.empty());
}

struct Seen {
  int loaded = 0;
  int refused = 0;
  int answered_or_noted = 0;  // columns of several paths, and phone numbers
};

// Everything that holds for any document that has entities.
void expect_nothing_lost(const std::string& body, const DecodedBatches& got) {
  const std::vector<Json> entities = entities_of(parsed(body));
  ASSERT_EQ(got.tables[0].fetched, static_cast<int64_t>(entities.size()));
  for (const auto& table : got.tables) {
    ASSERT_EQ(table.fetched, static_cast<int64_t>(table.rows.row_count()) + table.rejected);
  }
  for (size_t i = 0; i < entities.size(); ++i) {
    const std::string kept = kept_text(got, 0, static_cast<int64_t>(i));
    ASSERT_NE(body.find(kept), std::string::npos);
    ASSERT_EQ(difference(entities[i], parsed(kept)), "");
  }
}

// The row that a place is in: the entity's position in its list, or the line's in its entity.
size_t row_of(const Json& document, const Place& place, bool is_of_line) {
  const size_t list = document["data"].is_array() ? 1 : 0;
  if (is_of_line) return place.steps[list + 2];
  return list == 1 ? place.steps[1] : 0;
}

// Of columns that several paths answer, and of phone numbers: the value is there, from another
// path, or it is noted that it is not.
int expect_no_silent_null(const TableSpec& spec, const DecodedBatches& got, size_t table_index,
                          size_t row, const std::string& path) {
  int columns = 0;
  const auto& table = got.tables[table_index];
  for (const FieldSpec& field : spec.fields) {
    if (field.paths.size() < 2 && field.kind != FieldKind::kPhone) continue;
    if (field.kind == FieldKind::kJson) continue;
    const bool reads = std::any_of(field.paths.begin(), field.paths.end(), [&](const auto& one) {
      const auto read = value_path(one);
      return path == read || (field.kind == FieldKind::kMoney && path == read + ".amount");
    });
    if (!reads) continue;
    ++columns;
    const size_t column = table.rows.schema().find(field.column).value();
    EXPECT_TRUE(!table.rows.is_null(column, row) || is_noted(table, column, row))
        << table.table << "." << field.column << " is NULL without a word";
  }
  return columns;
}

void check_one(const Payload& payload, const Json& document, const Place& place,
               const std::string& text, Seen& seen) {
  const TableSpec& spec = spec_of(payload.stream);
  const EntityPath where = entity_path(place.path, lines_of(payload));
  const TableSpec& owner = where.is_of_line ? spec.children[0].table : spec;
  const std::string body = mutated(document, {{&place, text}});
  SCOPED_TRACE(fmt::format("{}: {} = {}", payload.file, place.path, text));
  const DecodedBatches got = decode_body(spec, payload.shape, body);
  ASSERT_NO_FATAL_FAILURE(expect_nothing_lost(body, got));
  // An array in the place of the lines has several lines to refuse.
  if (where.path == lines_of(payload)) return;
  ASSERT_LE(got.rejections.size(), 1U);
  if (!is_read(owner, where.path)) {
    EXPECT_TRUE(got.rejections.empty()) << "nothing reads it: " << got.rejections[0].message;
  }
  const bool is_lost = std::any_of(got.tables.begin(), got.tables.end(),
                                   [](const auto& table) { return !table.losses.empty(); });
  if (must_be_refused(owner, where.path, text)) {
    EXPECT_TRUE(is_lost || !got.rejections.empty())
        << "became a row with a value of another type, without a word";
  }
  // What says something, and is no list's element.
  const bool says_something = text == kObject || text == kText || text == kHuge;
  if (says_something && got.rejections.empty() && place.steps.size() > 1) {
    seen.answered_or_noted +=
        expect_no_silent_null(owner, got, where.is_of_line ? 1 : 0,
                              row_of(document, place, where.is_of_line), where.path);
  }
  for (const Rejection& rejection : got.rejections) {
    EXPECT_EQ(rejection.table, owner.table);
    expect_reason_names(where.path, rejection);
  }
  ++(got.rejections.empty() && !is_lost ? seen.loaded : seen.refused);
}

// Below an entity: the envelope and the entities as such are the page decoder's own tests.
std::vector<Place> places_of(const Json& document, const std::string& lines,
                             const std::string& nested = "") {
  std::vector<Place> all;
  collect_places(document, {}, all);
  std::vector<Place> below;
  for (Place& place : all) {
    if (!place.path.starts_with("data")) continue;
    const EntityPath where = entity_path(place.path, lines);
    if (where.path.empty() || where.path == lines + "[]") continue;
    // What is put there are further entities.
    if (!nested.empty() && is_or_is_below(where.path, nested)) continue;
    below.push_back(std::move(place));
  }
  return below;
}

// Every place gets the three that no number, amount or date can be, and one of the others.
TEST(SallaPayloads, AValueOfAnotherTypeIsKeptOrRefusedWithItsName) {
  FALAJ_REQUIRE_TEST_DATA();
  std::mt19937 random(20250301);
  Seen seen;
  for (const Payload& payload : payloads()) {
    const Json document = parsed(body_of(payload.file));
    const std::vector<Place> places =
        places_of(document, lines_of(payload), spec_of(payload.stream).nested);
    ASSERT_FALSE(places.empty());
    for (const Place& place : places) {
      // One of the three a place unless there is time for all.
      const std::array texts = {kObject, kText, kHuge};
      const auto one = random() % texts.size();
      for (size_t i = 0; i < texts.size(); ++i) {
        if (!test::is_long() && i != one) continue;
        ASSERT_NO_FATAL_FAILURE(check_one(payload, document, place, texts[i], seen));
      }
      const auto& other = kReplacements[3 + random() % (kReplacements.size() - 3)];
      ASSERT_NO_FATAL_FAILURE(check_one(payload, document, place, other, seen));
    }
  }
  // Neither way out is empty, or the test shows nothing.
  EXPECT_GT(seen.loaded, 500);
  EXPECT_GT(seen.refused, 100);
  EXPECT_GT(seen.answered_or_noted, 30);
}

TEST(SallaPayloads, LinesThatAreNoObjectsAreRefusedOneByOne) {
  FALAJ_REQUIRE_TEST_DATA();
  const Json document = parsed(body_of("webhook-order-created"));
  const std::vector<Place> places = places_of(document, "items");
  const auto items = std::find_if(places.begin(), places.end(),
                                  [](const Place& place) { return place.path == "data.items"; });
  ASSERT_NE(items, places.end());
  const std::string body = mutated(document, {{&*items, R"([1,{"id":2},"two",null])"}});
  const DecodedBatches got = decode_body(orders_spec(), "full", body);
  EXPECT_EQ(got.tables[0].rows.row_count(), 1U) << "the order itself is whole";
  EXPECT_EQ(got.tables[1].rows.row_count(), 1U);
  EXPECT_EQ(got.tables[2].rows.number(decode::kSetLineCount, 0), 4);
  ASSERT_EQ(got.rejections.size(), 3U);
  EXPECT_EQ(got.rejections[0].message, "items[0]: found number 1, expected an object");
  EXPECT_EQ(got.rejections[1].message, "items[2]: found text \"two\", expected an object");
  EXPECT_EQ(got.rejections[2].message, "items[3]: found null, expected an object");
  EXPECT_EQ(got.rejections[1].raw_data, "\"two\"");
}

TEST(SallaPayloads, SeveralWrongValuesAtOnceLoseNothing) {
  FALAJ_REQUIRE_TEST_DATA();
  std::mt19937 random(20260218);
  for (const Payload& payload : payloads()) {
    const Json document = parsed(body_of(payload.file));
    const std::vector<Place> places =
        places_of(document, lines_of(payload), spec_of(payload.stream).nested);
    for (int round = 0; round < 150; ++round) {
      std::vector<Mutation> mutations;
      for (int i = 0; i < 4; ++i) {
        mutations.emplace_back(&places[random() % places.size()],
                               kReplacements[random() % kReplacements.size()]);
      }
      const std::string body = mutated(document, mutations);
      SCOPED_TRACE(fmt::format("{} round {}: {}", payload.file, round, body));
      const DecodedBatches got = decode_body(spec_of(payload.stream), payload.shape, body);
      ASSERT_NO_FATAL_FAILURE(expect_nothing_lost(body, got));
    }
  }
}

TEST(SallaPayloads, APageCutAnywhereIsOneRejection) {
  FALAJ_REQUIRE_TEST_DATA();
  const std::string body = body_of("webhook-order-created");
  for (size_t length = 0; length < body.find_last_of('}'); length += 7) {
    const DecodedBatches got =
        decode_body(spec_of("orders"), "full", std::string_view(body).substr(0, length));
    ASSERT_EQ(got.rejections.size(), 1U) << length;
    ASSERT_EQ(got.rejections[0].rule, "bad_page");
    for (const auto& table : got.tables) ASSERT_EQ(table.rows.row_count(), 0U);
  }
}

TEST(SallaCatalogue, TablesAndColumnsAreDeclaredOnce) {
  std::set<std::string> streams;
  for (const TableSpec& spec : catalogue()) {
    EXPECT_TRUE(streams.insert(spec.stream).second) << spec.stream;
    EXPECT_TRUE(spec.table.starts_with("bronze_")) << spec.table;
    for (const decode::TableSchema& table : decode::schemas_of(spec)) {
      std::set<std::string> columns;
      for (const auto& column : table.schema.columns) {
        EXPECT_TRUE(columns.insert(column.name).second) << table.table << "." << column.name;
      }
    }
  }
  EXPECT_EQ(orders_spec().stream, "orders");
}

}  // namespace
}  // namespace falaj::connectors::salla
