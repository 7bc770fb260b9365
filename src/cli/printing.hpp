// The text forms of the reports.
#pragma once

#include <string>

#include "operate/answers.hpp"
#include "operate/services.hpp"

namespace falaj::cli {

std::string to_text(const operate::RunReport& report);
std::string to_text(const std::vector<operate::CheckItem>& items);
std::string to_text(const operate::PlanReport& plan);
std::string to_text(const std::vector<operate::PlanReport>& plans);
std::string to_text(const operate::StatusReport& status);
std::string to_text(const operate::QuotaReport& report);
std::string to_text(const std::vector<run::Coverage>& coverage);
std::string to_text(const std::vector<operate::SettingView>& settings);
// One stream whole, several as a table.
std::string to_text(const std::vector<operate::StreamView>& streams);
std::string checked_streams_text(const std::vector<operate::StreamView>& streams);
std::string to_text(const operate::InitAnswer& answer);
std::string to_text(const operate::Done& done);
std::string to_text(const operate::AcceptReport& report);
std::string to_text(const operate::DemoAnswer& demo);
std::string to_text(const operate::StoreView& store);
std::string to_text(const std::vector<operate::StoreView>& stores);
std::string added_stores_text(const std::vector<operate::StoreView>& stores);
std::string refreshed_stores_text(const std::vector<operate::StoreView>& stores);
std::string to_text(const operate::PurgeReport& report);
std::string to_text(const std::vector<operate::WebhookView>& hooks);
std::string to_text(const operate::WebhookServeReport& report);

// "850 ms", "4.2 s", "3 min 20 s".
std::string duration_text(int64_t milliseconds);

}  // namespace falaj::cli
