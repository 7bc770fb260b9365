// The text forms of the reports.
#pragma once

#include <string>

#include "operate/services.hpp"

namespace falaj::cli {

std::string to_text(const operate::RunReport& report);
std::string to_text(const std::vector<operate::CheckItem>& items);
std::string to_text(const operate::PlanReport& plan);
std::string to_text(const std::vector<operate::PlanReport>& plans);
std::string to_text(const operate::StatusReport& status);
std::string to_text(const operate::QuotaReport& report);
std::string to_text(const std::vector<operate::Coverage>& coverage);
std::string to_text(const std::vector<operate::SettingView>& settings);
// One stream whole, several as a table.
std::string to_text(const std::vector<operate::StreamView>& streams);
std::string to_text(const operate::InitReport& report);
std::string to_text(const operate::AcceptReport& report);
std::string to_text(const operate::DemoReport& report, const std::string& home);

// "850 ms", "4.2 s", "3 min 20 s".
std::string duration_text(int64_t milliseconds);

}  // namespace falaj::cli
