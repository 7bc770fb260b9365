#include "webhooks/inbox.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/waits.hpp"
#include "webhooks/inbox_writer.hpp"

namespace falaj::webhooks {
namespace {

constexpr Micros kLookEvery = std::chrono::milliseconds(5);

}  // namespace

std::string Inbox::path(const std::string& name, std::string_view suffix) const {
  return fmt::format("{}/{}{}", directory_, name, suffix);
}

Result<std::vector<std::string>> Inbox::names_with(std::string_view suffix) const {
  auto listed = files_.list(directory_);
  if (!listed.ok() && listed.error().kind() == ErrorKind::kNotFound) {
    return std::vector<std::string>();
  }
  if (!listed.ok()) return std::move(listed).error();
  std::vector<std::string> names;
  for (const auto& file : *listed) {
    if (file.ends_with(suffix)) names.push_back(file.substr(0, file.size() - suffix.size()));
  }
  return names;
}

Result<CollectReport> Inbox::collect(Micros patience) {
  CollectReport report;
  FALAJ_ASSIGN(const auto open, names_with(kOpenSegment));
  std::vector<std::string> alive;
  for (const auto& name : open) {
    FALAJ_ASSIGN(const bool is_alive, repair(name, report));
    if (is_alive) alive.push_back(name);
  }
  if (!alive.empty()) {
    const auto request = path("", kSealRequest);
    auto made = files_.create(request);
    const auto until = clock_.steady_now() + patience;
    bool is_left = true;
    const ShownWait shown(&clock_,
                          {WaitFor::kEvents, "the receiver of webhooks", "", patience, true});
    while (is_left && clock_.steady_now() < until) {
      clock_.wait_for(kLookEvery, {});
      FALAJ_ASSIGN(const auto still, names_with(kOpenSegment));
      is_left = std::any_of(alive.begin(), alive.end(), [&](const auto& name) {
        return std::binary_search(still.begin(), still.end(), name);
      });
    }
    if (is_left) {
      report.notes.push_back(
          "webhooks: the receiver did not hand over its newest events in time; the next run has "
          "them");
    }
    FALAJ_TRY(files_.remove_all(request));
  }
  FALAJ_ASSIGN(report.names, names_with(kSealedSegment));
  return report;
}

Result<bool> Inbox::repair(const std::string& name, CollectReport& report) {
  const auto open_path = path(name, kOpenSegment);
  auto file = files_.open_append(open_path);
  if (!file.ok()) {
    if (file.error().kind() == ErrorKind::kConflict) return true;
    if (file.error().kind() == ErrorKind::kNotFound) return false;  // sealed meanwhile
    return std::move(file).error();
  }
  FALAJ_ASSIGN(const auto text, read_text(open_path));
  const auto content = read_segment(*text);
  if (content.records.empty()) {
    FALAJ_TRY(files_.remove_all(open_path));
    return false;
  }
  if (content.whole_bytes < text->size()) {
    FALAJ_TRY((*file)->truncate(content.whole_bytes));
    report.bytes_cut += static_cast<int64_t>(text->size() - content.whole_bytes);
  }
  FALAJ_TRY((*file)->sync());
  FALAJ_TRY(files_.rename(open_path, path(name, kSealedSegment)));
  FALAJ_TRY(files_.sync_directory(directory_));
  ++report.repaired;
  return false;
}

Result<std::shared_ptr<const std::string>> Inbox::read_text(const std::string& file_path) const {
  FALAJ_ASSIGN(auto file, files_.open_read(file_path));
  auto text = std::make_shared<std::string>(file->size(), '\0');
  FALAJ_ASSIGN(const size_t got, file->read_at(0, text->data(), text->size()));
  text->resize(got);
  return std::shared_ptr<const std::string>(std::move(text));
}

Result<Segment> Inbox::read(const std::string& name) const {
  Segment segment;
  segment.name = name;
  FALAJ_ASSIGN(segment.text, read_text(path(name, kSealedSegment)));
  segment.content = read_segment(*segment.text);
  return segment;
}

Result<std::string> Inbox::set_aside(const std::string& name) {
  const auto aside = path(name, ".corrupt");
  FALAJ_TRY(files_.rename(path(name, kSealedSegment), aside));
  FALAJ_TRY(files_.sync_directory(directory_));
  return aside;
}

Status Inbox::remove(const std::string& name) {
  FALAJ_TRY(files_.remove_all(path(name, kSealedSegment)));
  return files_.sync_directory(directory_);
}

}  // namespace falaj::webhooks
