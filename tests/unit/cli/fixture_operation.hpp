// An operation of a test: one file that declares it and does it, as those of falaj are.
// Threads:  a function.
#pragma once

#include <vector>

#include "operate/operation.hpp"

namespace falaj::cli {

struct Well {
  std::string name;
  int64_t depth = 0;
  bool is_dry = false;
};

struct WellReport {
  std::string oasis;
  int64_t litres = 0;
  std::vector<Well> wells;
};

inline const operate::Described<WellReport>& well_report_shape() {
  static const auto kWell = operate::Described<Well>("wells.well")
                                .field("name", &Well::name, "what people call it")
                                .field("depth", &Well::depth, "from the ground", "m")
                                .field("is_dry", &Well::is_dry, "whether it has no water");
  static const auto kShape = operate::Described<WellReport>("wells")
                                 .field("oasis", &WellReport::oasis, "where they are")
                                 .field("litres", &WellReport::litres, "drawn today", "litres")
                                 .records("wells", &WellReport::wells, kWell, "each of them");
  return kShape;
}

inline operate::Operation measure_wells() {
  return {
      .name = "wells measure",
      .group = operate::Group::kInspect,
      .help = "how deep the wells of an oasis are",
      .details = "Lowers a line into each.",
      .examples = {"falaj wells measure nizwa --unit cubits"},
      .options = {{.name = "OASIS", .help = "where", .is_required = true, .is_positional = true},
                  {.name = "unit",
                   .help = "of length",
                   .default_value = "metres",
                   .words = {"metres", "cubits"}}},
      .touches = {.reads_home = true},
      .report = one_of(well_report_shape()),
      .run = [](const operate::Context&,
                const operate::Request& request) -> Result<operate::Report> {
        const int64_t factor = request.text("unit") == "cubits" ? 2 : 1;
        WellReport report{request.text("OASIS"), 12'500, {{"Daris", 17 * factor, false}}};
        return operate::Report::of(std::move(report), well_report_shape());
      }};
}

}  // namespace falaj::cli
