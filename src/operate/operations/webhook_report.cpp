#include "operate/operations/webhook_report.hpp"

#include <algorithm>

#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Result<Report> webhook_report(Result<std::vector<WebhookView>> hooks) {
  if (!hooks.ok()) return std::move(hooks).error();
  const bool has_failed = std::any_of(hooks->begin(), hooks->end(), [](const auto& hook) {
    return hook.state.starts_with("failed");
  });
  return Report::list(*std::move(hooks), webhook_shape(),
                      has_failed ? exit_code(ErrorKind::kUnavailable) : 0);
}

}  // namespace falaj::operate::operations
