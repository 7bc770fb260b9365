// Watches a run: writes its note into the home, for `falaj status`, and tells whoever shows progress.
// Threads:  see run_outside.hpp.
#pragma once

#include <optional>
#include <string>

#include "home/home.hpp"
#include "operate/progress.hpp"
#include "operate/progress_note.hpp"
#include "run/run_outside.hpp"

namespace falaj::operate {

class RunWatch final : public run::RunOutside {
 public:
  // All must outlive it; `progress` may be empty.
  RunWatch(const home::Home& home, warehouse::Opener& opener, const ProgressSink& progress)
      : home_(home), opener_(opener), progress_(progress) {}

  void begin(const std::string& task) override { note_.emplace(home_.paths(), task); }
  void end() override { note_.reset(); }
  void show(const run::Progress& progress) override;
  bool has_waits() const override;
  warehouse::Opener& warehouse() override { return opener_; }
  Json to_json(const run::RunReport& report) const override;

 private:
  const home::Home& home_;
  warehouse::Opener& opener_;
  const ProgressSink& progress_;
  std::optional<ProgressNote> note_;
};

}  // namespace falaj::operate
