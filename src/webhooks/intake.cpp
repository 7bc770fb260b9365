#include "webhooks/intake.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/log.hpp"
#include "base/sha256.hpp"

namespace falaj::webhooks {
namespace {

// How long a run waits for a receiver to hand over its newest events.
constexpr Micros kPatience = std::chrono::seconds(2);
constexpr size_t kUlidTimeDigits = 10;
constexpr size_t kUlidRandomDigits = 16;

// The same for the same segment, store and stream; sorts where the segment does.
PackageId package_id_of(const std::string& segment, int64_t store, const std::string& stream) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto digest = sha256(fmt::format("{} {} {}", segment, store, stream));
  auto id = segment.substr(0, kUlidTimeDigits);
  for (size_t i = 0; i < kUlidRandomDigits; ++i) id += kDigits[digest[i] & 31U];
  return PackageId(std::move(id));
}

}  // namespace

Result<IntakeReport> Intake::run() {
  IntakeReport report;
  FALAJ_ASSIGN(auto collected, inbox_.collect(kPatience).while_doing("looking into the inbox"));
  report.notes = std::move(collected.notes);
  if (collected.bytes_cut > 0) {
    report.notes.push_back(
        fmt::format("webhooks: {} bytes of a torn tail were cut off; they were "
                    "never acknowledged",
                    collected.bytes_cut));
  }
  if (collected.names.empty()) return report;
  FALAJ_TRY(port_.begin());
  for (const auto& name : collected.names) {
    FALAJ_TRY(
        take_segment(name, report).while_doing(fmt::format("taking in the events of {}", name)));
  }
  return report;
}

Status Intake::take_segment(const std::string& name, IntakeReport& report) {
  FALAJ_ASSIGN(const auto segment, inbox_.read(name));
  Pages pages;
  Entities named;
  Entities gone;
  for (const auto& record : segment.content.records) {
    take_event(segment, record, pages, named, gone);
  }
  for (auto& [key, list] : pages) FALAJ_TRY(write_package(name, key, std::move(list)));
  for (auto& [store, entities] : named) {
    std::erase_if(entities, [&](const auto& each) { return gone[store].contains(each); });
    FALAJ_TRY(port_.keep_named(store, entities));
  }
  report.events += static_cast<int64_t>(segment.content.records.size());
  const auto unread = segment.text->size() - segment.content.whole_bytes;
  if (segment.content.damaged_bytes + unread == 0) return inbox_.remove(name);
  FALAJ_ASSIGN(const auto aside, inbox_.set_aside(name));
  report.notes.push_back(fmt::format(
      "webhooks: {} bytes of an inbox file are damaged; what is whole was taken in, the file is "
      "kept as {}",
      segment.content.damaged_bytes + unread, aside));
  return {};
}

void Intake::take_event(const Segment& segment, const InboxRecord& record, Pages& pages,
                        Entities& named, Entities& gone) {
  auto taken = port_.take(segment, record);
  if (!taken.ok()) {
    // The receiver has read it before; only a newer or older falaj can disagree.
    log_warn("an event of {} cannot be read: {}", segment.name, taken.error().to_text());
    return;
  }
  const auto store = taken->store;
  for (auto& page : taken->pages) pages[{store, page.stream}].push_back(std::move(page));
  if (taken->named) named[store].insert(std::move(*taken->named));
  if (taken->gone) gone[store].insert(std::move(*taken->gone));
}

Status Intake::write_package(const std::string& segment, const PackageKey& key,
                             std::vector<landing::PageRecord> pages) {
  landing::PackageIdentity identity;
  identity.package_id = package_id_of(segment, key.first, key.second);
  identity.run_id = RunId(segment);
  identity.store_id = StoreId(key.first);
  identity.stream = key.second;
  const auto path = landing_.package_path(identity.package_id);
  const auto manifest = fmt::format("{}/{}", path, landing::kManifestName);
  if (files_.open_read(manifest).ok()) return {};  // by an intake that was killed afterwards
  FALAJ_TRY(files_.remove_all(path + std::string(landing::kOpenSuffix)));
  landing::PackageWriterOptions options;
  options.frame_pages = 1024;
  auto writer = landing_.create_package(std::move(identity), std::move(options));
  for (auto& page : pages) FALAJ_TRY(writer->append(std::move(page)));
  FALAJ_TRY(writer->seal());
  return {};
}

}  // namespace falaj::webhooks
