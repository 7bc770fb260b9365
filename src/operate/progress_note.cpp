#include "operate/progress_note.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "home/home_lock.hpp"

namespace falaj::operate {
namespace {

constexpr auto kEvery = std::chrono::seconds(1);

std::string note_file(const home::HomePaths& paths) {
  return paths.root + "/state/progress.json";
}

}  // namespace

ProgressNote::ProgressNote(const home::HomePaths& paths, std::string task)
    : path_(note_file(paths)), task_(std::move(task)) {
  Progress start;
  start.stage = "start";
  write(start);
}

ProgressNote::~ProgressNote() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void ProgressNote::write(const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  const bool has_waits = !progress.waits.empty();
  if (now - written_at_ < kEvery && progress.stage == stage_ && has_waits == has_waits_) return;
  has_waits_ = has_waits;
  written_at_ = now;
  stage_ = progress.stage;
  Json json;
  json.set("task", task_);
  json.set("progress", operate::to_json(progress));
  const auto aside = path_ + ".new";
  std::ofstream file(aside, std::ios::binary | std::ios::trunc);
  file << json.dump();
  file.close();
  std::error_code ignored;
  if (file) std::filesystem::rename(aside, path_, ignored);
}

std::optional<StatusReport::Current> ProgressNote::read(const home::HomePaths& paths) {
  const auto holder = home::HomeLock::holder(paths.root);
  if (!holder) return std::nullopt;
  StatusReport::Current current;
  current.holder = *holder;
  std::ifstream file(note_file(paths), std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return current;
  const auto json = Json::parse(text.str());
  if (!json.ok()) return current;
  current.task = (*json)["task"].as_string();
  current.progress = operate::progress_of((*json)["progress"]);
  std::error_code ignored;
  const auto written = std::filesystem::last_write_time(note_file(paths), ignored);
  const auto age = std::filesystem::file_time_type::clock::now() - written;
  if (!ignored) current.seconds_ago = std::max(0.0, std::chrono::duration<double>(age).count());
  return current;
}

}  // namespace falaj::operate
