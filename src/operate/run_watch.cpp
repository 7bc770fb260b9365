#include "operate/run_watch.hpp"

#include "operate/run_report.hpp"

namespace falaj::operate {

void RunWatch::show(const run::Progress& progress) {
  const Progress shown{progress, waits_now()};
  if (note_) note_->write(shown);
  if (progress_) progress_(shown);
}

bool RunWatch::has_waits() const {
  return !waits_now().empty();
}

Json RunWatch::to_json(const run::RunReport& report) const {
  return RunReport(report).to_json();
}

}  // namespace falaj::operate
