// The described shapes of the reports, in which their JSON is written and documented.
// Owns:     statics, which live as long as the program.
// Threads:  safe.
#pragma once

#include "operate/accept_report.hpp"
#include "operate/coverage.hpp"
#include "operate/described.hpp"
#include "operate/plan_report.hpp"
#include "operate/progress.hpp"
#include "operate/purge_report.hpp"
#include "operate/quota_report.hpp"
#include "operate/reports.hpp"
#include "operate/run_report.hpp"
#include "operate/store_view.hpp"
#include "operate/waits.hpp"
#include "operate/webhook_services.hpp"

namespace falaj::operate {

const Described<AcceptReport>& accept_shape();
const Described<CheckItem>& check_shape();
const Described<Coverage>& coverage_shape();
const Described<InitReport>& init_shape();
const Described<PlanReport>& plan_shape();
const Described<Progress>& progress_shape();
const Described<PurgeReport>& purge_shape();
const Described<QuotaReport>& quota_shape();
const Described<RunReport>& run_shape();
const Described<SettingView>& setting_shape();
const Described<StatusReport>& status_shape();
const Described<StoreView>& store_shape();
const Described<StreamView>& stream_shape();
const Described<WaitView>& wait_shape();
const Described<WebhookServeReport>& webhook_serve_shape();
const Described<WebhookView>& webhook_shape();

}  // namespace falaj::operate
