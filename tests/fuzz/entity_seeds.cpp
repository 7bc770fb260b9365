#include "fuzz/entity_seeds.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"

namespace falaj::fuzz {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The pages of the fixtures, by stream. Deletions are falaj's own.
const std::vector<std::pair<std::string, std::string>>& fixture_pages() {
  static const auto all = [] {
    std::vector<std::pair<std::string, std::string>> pages;
    std::ifstream file(FALAJ_SOURCE_DIR "/models/fixtures/store.jsonl");
    std::string line;
    while (std::getline(file, line)) {
      const auto json = Json::parse(line);
      if (!json.ok() || (*json)["stream"].as_string() == "deletions") continue;
      pages.emplace_back((*json)["stream"].as_string(), (*json)["body"].as_string());
    }
    return pages;
  }();
  return all;
}

// "/orders/{order_id}/histories" and "/orders/{parent}/histories?x={parent}" are one.
std::string plain_path(std::string path) {
  path = path.substr(0, path.find('?'));
  while (path.ends_with('/')) path.pop_back();
  for (size_t open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1))
    path.replace(open, path.find('}', open) - open + 1, "{}");
  return path;
}

// A few entities say as much as sixty, and are changed where it matters more often.
constexpr size_t kEntities = 3;

std::string with_stream(const std::string& stream, const Json& answer) {
  Json short_one(Json::Object{});
  short_one.set("stream", stream);
  for (const auto& [key, value] : answer.as_object()) {
    if (key == "data" && value.as_array().size() > kEntities) {
      short_one.set(key, Json::Array(value.as_array().begin(),
                                     value.as_array().begin() + static_cast<int>(kEntities)));
    } else {
      short_one.set(key, value);
    }
  }
  return short_one.dump();
}

// Answers that the documentation shows for a stream's list or for one of its entities.
size_t add_examples(const fs::path& folder, std::vector<std::string>& seeds) {
  const auto before = seeds.size();
  std::error_code problem;
  for (const auto& file : fs::directory_iterator(folder, problem)) {
    const auto json = Json::parse(read_file(file.path()));
    if (!json.ok() || !(*json)["examples"].is_object()) continue;
    const auto path = plain_path((*json)["path"].as_string());
    for (const auto& stream : connectors::salla::built_in_streams()) {
      const auto own = plain_path(stream.path);
      if (own.empty() || (path != own && path != own + "/{}")) continue;
      for (const auto& [status, examples] : (*json)["examples"].as_object()) {
        if (!status.starts_with('2')) continue;
        if (examples.is_object()) seeds.push_back(with_stream(stream.name, examples));
        for (const auto& example : examples.as_array())
          seeds.push_back(with_stream(stream.name, example));
      }
    }
  }
  return seeds.size() - before;
}

size_t add_payloads(const fs::path& folder, std::vector<std::string>& seeds) {
  const std::pair<const char*, const char*> kFiles[] = {
      {"orders-list", "orders"},
      {"order-details", "orders"},
      {"order-items-with-options", "order_items"},
      {"order-histories", "order_histories"},
      {"order-statuses-custom", "order_statuses"},
      {"products-list", "products"},
      {"customer-details-extra-fields", "customers"},
      {"transactions-list", "transactions"},
      {"invoices-list", "invoices"},
      {"branches-list", "branches"},
      {"categories-list", "categories"},
      {"cities-page1", "cities"}};
  const auto before = seeds.size();
  for (const auto& [file, stream] : kFiles) {
    const auto answer = Json::parse(read_file(folder / (std::string(file) + ".json")));
    if (answer.ok()) seeds.push_back(with_stream(stream, *answer));
  }
  return seeds.size() - before;
}

}  // namespace

std::vector<std::string> entity_seeds() {
  std::vector<std::string> seeds;
  for (const auto& [stream, body] : fixture_pages()) {
    const auto answer = Json::parse(body);
    if (answer.ok()) seeds.push_back(with_stream(stream, *answer));
  }
  for (const auto* stream : {"order_histories", "product_variants"}) {
    const auto entity = plain_entity(stream, 5);
    if (entity.empty()) continue;
    seeds.push_back(with_stream(stream, *Json::parse(R"({"data":[)" + entity + "]}")));
  }
  std::printf("%zu answers of the simulated store\n", seeds.size());
  const char* given = std::getenv("FALAJ_TEST_DATA");
  const fs::path data = given != nullptr ? given : "../shared/data";
  const auto report = [](const fs::path& folder, size_t count) {
    const char* why = fs::is_directory(folder) ? "" : " (skipped: there is no such folder)";
    std::printf("%zu documented answers of %s%s\n", count, folder.c_str(), why);
  };
  report(data / "salla-examples", add_examples(data / "salla-examples", seeds));
  report(data / "salla-payloads", add_payloads(data / "salla-payloads", seeds));
  return seeds;
}

std::string plain_entity(const std::string& stream, int64_t id) {
  static const auto entities = [] {
    std::map<std::string, Json::Object> found;
    // Off by default, so the fixtures have none.
    for (
        const auto& [name, text] : std::map<std::string, std::string>{
            {"order_histories",
             R"({"id":0,"status":"x","note":"","type":"activity","customized":{"slug":"completed"},)"
             R"("created_at":{"date":"2024-02-07 14:06:18","timezone":"Asia/Riyadh"}})"},
            {"product_variants",
             R"({"id":0,"sku":"A-1","price":{"amount":10,"currency":"SAR"},"stock_quantity":"4",)"
             R"("cost_price":null,"related_option_values":[1,2],"updated_at":"2024-02-07 14:06:18"})"}})
      found[name] = Json::parse(text)->as_object();
    for (const auto& [name, body] : fixture_pages()) {
      const auto page = Json::parse(body);
      if (!page.ok()) continue;
      const auto& rows = (*page)["data"].as_array();
      if (rows.empty() || rows[0]["id"].is_null()) continue;
      found.try_emplace(name, rows[0].as_object());
    }
    return found;
  }();
  const auto entity = entities.find(stream);
  if (entity == entities.end()) return "";
  std::string text;
  for (const auto& [key, value] : entity->second) {
    text += fmt::format("{}{}:{}", text.empty() ? "{" : ",", json_quote(key),
                        key == "id" ? std::to_string(id) : value.dump());
  }
  return text + "}";
}

}  // namespace falaj::fuzz
