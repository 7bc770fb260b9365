// What one `falaj run` did, as it is printed and kept: the run's report with its JSON.
// Threads:  values.
#pragma once

#include <utility>

#include "base/json.hpp"
#include "operate/coverage.hpp"
#include "run/run_report.hpp"

namespace falaj::operate {

using run::EtaSample;
using run::ModelReport;
using run::StageTiming;
using run::StoreReport;
using run::StreamReport;

struct RunReport : run::RunReport {
  RunReport() = default;
  explicit RunReport(run::RunReport report) : run::RunReport(std::move(report)) {}
  Json to_json() const;
};

Json to_json(const warehouse::Usage& usage);

}  // namespace falaj::operate
