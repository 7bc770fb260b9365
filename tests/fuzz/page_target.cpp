// Whatever a store answers: pages, error bodies, who the store is; and what stands on the disk as a
// frame of a package. Checked besides memory: every entity is a row or a rejection, what is written
// to the warehouse is UTF-8, extract and load agree on which answers can be read, and no sold code
// survives.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"
#include "decode/json_text.hpp"
#include "decode/page_decoder.hpp"
#include "decode/page_index.hpp"
#include "decode/sold_codes.hpp"
#include "fuzz/entity_seeds.hpp"
#include "fuzz/fuzz_target.hpp"
#include "http/verdict.hpp"
#include "landing/frame.hpp"

namespace falaj::fuzz {
namespace {

using decode::DecodedBatches;
using decode::PageDecoder;
using decode::PageIndex;

const std::vector<decode::TableSpec>& specs() {
  static const auto all = connectors::salla::catalogue();
  return all;
}

PageDecoder& decoder_of(size_t spec) {
  static std::vector<PageDecoder> all = [] {
    std::vector<PageDecoder> made;
    for (const auto& each : specs())
      made.emplace_back(each, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
    return made;
  }();
  return all[spec];
}

bool is_utf8(std::string_view text) {
  decode::JsonText json;
  // A JSON string of it is valid exactly when it is: control bytes and quotes apart.
  std::string quoted = "\"";
  for (const char c : text)
    quoted += static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' ? ' ' : c;
  return !json.index(quoted += '"');
}

void check_texts(const rows::RowBatch& batch) {
  for (size_t column = 0; column < batch.schema().columns.size(); ++column) {
    if (batch.schema().columns[column].type != rows::ColumnType::kText) continue;
    for (size_t row = 0; row < batch.row_count(); ++row) {
      if (!batch.is_null(column, row))
        expect(is_utf8(batch.text(column, row)), "texts of rows are UTF-8");
    }
  }
}

// True when the decoder could read the answer as a whole.
bool decode_with(size_t number, const std::shared_ptr<const ExactBytes>& bytes) {
  const auto& spec = specs()[number];
  auto& decoder = decoder_of(number);
  DecodedBatches out = decoder.make_batches();
  decode::SourcePage page;
  page.shape = spec.parent_column.empty() ? "full" : "items";
  page.source = "list";
  page.request = "/any?page=1";
  page.parent_id = spec.parent_column.empty() ? 0 : 418'149'270;
  page.fetched_at = UtcTime(Micros(1'767'225'600'000'000));
  page.body = bytes->view();
  page.owner = bytes;
  decoder.decode(page, out);
  int64_t rejected = 0;
  for (const auto& table : out.tables) {
    rejected += table.rejected;
    expect(table.fetched == static_cast<int64_t>(table.rows.row_count()) + table.rejected,
           "fetched = rows + rejected");
    check_texts(table.rows);
  }
  expect(rejected == static_cast<int64_t>(out.rejections.size()), "each rejection is counted");
  bool is_readable = true;
  for (const auto& rejection : out.rejections) {
    expect(!rejection.rule.empty() && !rejection.message.empty(), "a rejection says why");
    expect(is_utf8(rejection.raw_data) && is_utf8(rejection.message), "rejections are UTF-8");
    is_readable = is_readable && !(rejection.rule == "bad_page" && rejection.package_row == 0 &&
                                   rejection.message.starts_with("the answer to"));
  }
  return is_readable;
}

void check_sold_codes(std::string_view bytes, const PageIndex& index) {
  std::string body(bytes);
  const auto cut = decode::redact_sold_codes(body);
  expect((cut > 0) == index.holds_sold_codes, "the index knows whether there are sold codes");
  expect(decode::redact_sold_codes(body) == 0, "no sold code is left");
  const auto after = PageIndex::read(body);
  expect(after.ok() && after->rows.size() == index.rows.size() && !after->holds_sold_codes,
         "an answer without its codes is the same answer");
}

void fuzz_page(std::string_view bytes) {
  const auto owned = std::make_shared<const ExactBytes>(bytes);
  const std::vector<std::string> members = {"updated_at", "id", "views"};
  const auto index = PageIndex::read(owned->view());
  const auto keyed = PageIndex::read(owned->view(), &members);
  expect(index.ok() == keyed.ok(), "payload keys change nothing");
  if (index.ok()) check_sold_codes(bytes, *index);
  (void)decode::ErrorBody::read(owned->view());
  std::string body(bytes);
  if (!index.ok()) (void)decode::redact_sold_codes(body);
  // Orders, which have children, and one other stream.
  const size_t other = std::hash<std::string_view>()(bytes) % specs().size();
  for (size_t i = 0; i < specs().size(); ++i) {
    if (i != other && specs()[i].stream != "orders") continue;
    expect(decode_with(i, owned) == index.ok(), "extract and load agree on what can be read");
  }
}

void fuzz_refusal(std::string_view bytes) {
  constexpr int kStatuses[] = {200, 204, 302, 400, 401, 403, 404, 422, 429, 500};
  http::HttpResponse response;
  response.body = std::string(bytes);
  response.headers.add("Retry-After", std::string(bytes.substr(0, 20)));
  for (const int status : kStatuses) {
    response.status = status;
    const auto verdict = http::classify(response);
    if (!verdict.ok()) expect(is_utf8(verdict.error().to_text()), "messages are UTF-8");
  }
  const auto json = Json::parse(bytes);
  if (!json.ok()) return;
  const auto again = Json::parse(json->dump());
  expect(again.ok() && again->dump() == json->dump(), "JSON written is JSON read");
}

class MemoryFile final : public landing::ReadFile {
 public:
  explicit MemoryFile(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  Result<size_t> read_at(uint64_t offset, char* target, size_t bytes) override {
    if (offset >= bytes_.size()) return size_t{0};
    const auto part = bytes_.substr(offset, bytes);
    std::memcpy(target, part.data(), part.size());
    return part.size();
  }

 private:
  std::string_view bytes_;
};

void fuzz_frames(std::string_view bytes) {
  MemoryFile file(bytes);
  landing::FrameDecoder decoder(file, "fuzz");
  uint64_t offset = 0;
  for (int64_t number = 0; number < 8; ++number) {
    auto frame = decoder.index_at(offset, number);
    if (!frame.ok() || !*frame) return;
    const auto bodies = decoder.bodies_of(**frame);
    if (bodies.ok()) {
      size_t sum = 0;
      for (const auto& request : (*frame)->requests)
        for (const char c : landing::page_of(request, *bodies).body.view()) sum += c == 'x' ? 1 : 0;
      expect(sum <= (*frame)->raw_bytes, "bodies are within their frame");
    }
    expect((*frame)->end() > offset, "a frame has an end");
    offset = (*frame)->end();
  }
}

std::string one_frame() {
  landing::FrameEncoder encoder;
  landing::PackageIdentity identity;
  identity.package_id = PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H");
  identity.run_id = RunId("01KDVDNA00DK9ZK0NKN8YHMR5G");
  identity.store_id = StoreId(77);
  identity.stream = "orders";
  std::vector<landing::PageRecord> pages(2);
  for (auto& page : pages) {
    page.stream = "orders";
    page.shape = "summary";
    page.source = "list";
    page.request = "/orders?page=1";
    page.body = landing::PageBody(std::string(R"({"data":[{"id":1}]})"));
  }
  auto frame = encoder.encode(identity, 0, 0, pages);
  return frame.ok() ? std::string(*frame) : std::string();
}

}  // namespace

void fuzz_one(std::string_view bytes) {
  constexpr std::string_view kFrameMagic = "\x50\x2A\x4D\x18";
  if (bytes.substr(0, 3) == kFrameMagic.substr(1) || bytes.starts_with(kFrameMagic))
    return fuzz_frames(bytes);
  fuzz_page(bytes);
  fuzz_refusal(bytes);
}

std::vector<std::string> seeds() {
  auto all = entity_seeds();
  const std::vector<std::string> more = {
      R"({"status":200,"success":true,"data":[{"id":1,"reference_id":40000001,"total":{"amount":13.04,)"
      R"("currency":"SAR"},"date":{"date":"2023-10-01 12:00:00.000000","timezone_type":3,)"
      R"("timezone":"Asia/Riyadh"},"status":{"id":2,"name":"مكتمل","slug":"completed"},"items":)"
      R"([{"name":"x","quantity":"2","codes":[{"code":"A"}],"files":[]}]}],"pagination":{"count":1,)"
      R"("total":61,"perPage":60,"currentPage":1,"totalPages":2,"links":[]}})",
      R"({"status":200,"success":true,"data":[{"id":"7","name":"تيشيرت","price":{"amount":"35",)"
      R"("currency":"SAR"},"sale_price":{},"quantity":"50","cost_price":null,"options":[]}],)"
      R"("cursor":{"current":"a","next":"http://api.salla.dev/x?cursor=b&page=2"}})",
      R"({"status":422,"success":false,"error":{"code":"validation_failed","message":)"
      R"("alert.invalid_fields","fields":{"status":["bad","worse"],"x":"text"}}})",
      R"({"error":"invalid_grant","error_description":"gone"})",
      R"({"status":200,"success":true,"data":{"id":5,"items":[{"id":9,"sku":"","quantity":1,)"
      R"("amounts":{"total":{"amount":"10.50","currency":"KWD"}},"options":[{"id":1,"value":"x"}]}]}})",
      R"({"data":[{"first_name":"سارة","mobile":512345678,"mobile_code":"+966","birthday":)"
      R"({"date":"1970-01-01 00:00:00.000000","timezone":"Asia/Riyadh"},"groups":[1,"2"]}]})",
      one_frame(),
  };
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace falaj::fuzz
