#include "operate/model_fixtures.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace falaj::operate {
namespace {

Result<landing::PageRecord> page_of(const Json& line) {
  landing::PageRecord page;
  page.stream = line["stream"].as_string();
  page.shape = line["shape"].as_string();
  page.source = line["source"].as_string();
  page.request = line["request"].as_string();
  page.parent_id = line["parent_id"].as_int();
  page.fetched_at = UtcTime(Micros(line["fetched_at"].as_int()));
  page.body = landing::PageBody(line["body"].as_string());
  if (page.stream.empty() || page.body.empty() || page.fetched_at == UtcTime{}) {
    return Error(ErrorKind::kInvalidConfig, "it needs stream, fetched_at and body");
  }
  return page;
}

// Ids sort by age, as those of packages do.
PackageId package_id(size_t number) {
  return PackageId(fmt::format("FIXTURE{:05}", number));
}

}  // namespace

Result<std::vector<ReplayRound>> read_fixtures(std::string_view lines) {
  std::vector<ReplayRound> rounds;
  size_t number = 0;
  size_t packages = 0;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const auto text = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    ++number;
    if (text.empty()) continue;
    const auto doing = fmt::format("reading line {} of the fixtures", number);
    FALAJ_ASSIGN(const auto line, Json::parse(text).while_doing(doing));
    FALAJ_ASSIGN(auto page, page_of(line).while_doing(doing));
    const auto run = line["run"].as_string();
    if (rounds.empty() || rounds.back().run_id != run) rounds.push_back({run, {}, {}});
    auto& round = rounds.back();
    if (round.packages.empty() || round.packages.back().manifest.identity.stream != page.stream) {
      landing::SealedPackage package;
      package.manifest.identity = {package_id(++packages), RunId(run),
                                   StoreId(line["store_id"].as_int()), page.stream};
      package.manifest.first_fetched_at = page.fetched_at;
      round.packages.push_back(std::move(package));
    }
    auto& manifest = round.packages.back().manifest;
    ++manifest.pages;
    manifest.raw_bytes += static_cast<int64_t>(page.body.size());
    manifest.last_fetched_at = page.fetched_at;
    round.at = std::max(round.at, page.fetched_at);
    round.packages.back().pages.push_back(std::move(page));
  }
  return rounds;
}

}  // namespace falaj::operate
