#include "load/decoded_package.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/thread_name.hpp"

namespace falaj::load {
namespace {

// Below this a second thread costs more than it saves.
constexpr int64_t kBytesPerThread = 1 << 20;

void append_plans(const decode::TableSpec& spec, std::vector<TablePlan>& plans) {
  TablePlan plan{.table = spec.table, .stream = spec.stream, .key_column = spec.id_column};
  if (!spec.set_table.empty()) {
    plan.role = TableRole::kLines;
    plan.set_index = plans.size() + 1;
    plans.push_back(plan);
    plans.push_back({.table = spec.set_table,
                     .stream = spec.stream,
                     .key_column = spec.parent_column,
                     .role = TableRole::kSets});
  } else {
    plans.push_back(plan);
  }
  for (const auto& child : spec.children) append_plans(child.table, plans);
}

void decode_pages(const std::vector<landing::PageRecord>& pages, size_t first, size_t end,
                  decode::PageDecoder& decoder, decode::DecodedBatches& out) {
  for (size_t i = first; i < end; ++i) {
    const auto& page = pages[i];
    decoder.decode({.shape = page.shape,
                    .source = page.source,
                    .request = page.request,
                    .is_unreadable = page.source == landing::kUnreadable,
                    .parent_id = page.parent_id,
                    .page_no = static_cast<int64_t>(i),
                    .fetched_at = page.fetched_at,
                    .body = page.body.view(),
                    .owner = page.body.owner()},
                   out);
  }
}

int64_t sum_of(const std::vector<std::shared_ptr<decode::DecodedBatches>>& parts, size_t table,
               int64_t decode::TableBatch::*count) {
  int64_t sum = 0;
  for (const auto& part : parts) sum += part->tables[table].*count;
  return sum;
}

}  // namespace

std::vector<TablePlan> plans_of(const decode::TableSpec& spec) {
  std::vector<TablePlan> plans;
  append_plans(spec, plans);
  return plans;
}

int64_t DecodedPackage::fetched(size_t table) const {
  return sum_of(parts, table, &decode::TableBatch::fetched);
}

int64_t DecodedPackage::rejected(size_t table) const {
  return sum_of(parts, table, &decode::TableBatch::rejected);
}

PackageDecoder::PackageDecoder(const std::vector<decode::TableSpec>& specs) {
  for (const auto& spec : specs) streams_[spec.stream] = {spec, plans_of(spec)};
}

Result<DecodedPackage> PackageDecoder::decode(const landing::Manifest& manifest,
                                              const std::vector<landing::PageRecord>& pages,
                                              int threads) const {
  const auto stream = streams_.find(manifest.identity.stream);
  if (stream == streams_.end()) {
    return Error(ErrorKind::kBug,
                 fmt::format("package {} has pages of the stream {}, which the "
                             "catalogue does not know",
                             manifest.identity.package_id.value(), manifest.identity.stream));
  }
  const auto& spec = stream->second.spec;
  DecodedPackage package{.manifest = manifest, .plans = &stream->second.plans, .parts = {}};
  int64_t bytes = 0;
  for (const auto& page : pages) bytes += static_cast<int64_t>(page.body.size());
  const auto wanted =
      static_cast<size_t>(std::clamp<int64_t>(bytes / kBytesPerThread, 1, std::max(1, threads)));
  const size_t count = std::min(wanted, std::max<size_t>(1, pages.size()));
  std::vector<decode::PageDecoder> decoders;
  for (size_t i = 0; i < count; ++i) {
    decoders.emplace_back(spec, manifest.identity.store_id, manifest.identity.package_id);
    package.parts.push_back(
        std::make_shared<decode::DecodedBatches>(decoders.back().make_batches()));
  }
  const auto run = [&](size_t i) {
    decode_pages(pages, pages.size() * i / count, pages.size() * (i + 1) / count, decoders[i],
                 *package.parts[i]);
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < count; ++i) {
    others.emplace_back([&run, i] {
      name_thread("decode");
      run(i);
    });
  }
  run(0);
  others.clear();
  return package;
}

}  // namespace falaj::load
