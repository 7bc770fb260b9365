#include "simulator/entity.hpp"

namespace falaj::simulator {
namespace {

// Ids and spellings: Salla's reference, order statuses.
constexpr std::array<StatusInfo, kStatusCount> kStatuses = {{
    {1473353380, 863076598, "payment_pending", "بإنتظار الدفع", "في انتظار الدفع"},
    {566146469, 224309239, "under_review", "بإنتظار المراجعة", "جاري مراجعة طلبك"},
    {1939592358, 1597755120, "in_progress", "قيد التنفيذ", "بنفذ طلبك"},
    {1298199463, 1638621685, "completed", "تم التنفيذ", "تم التنفيذ"},
    {349994915, 1422535667, "delivering", "جاري التوصيل", "طلبك بيوصلك قريب"},
    {1723506348, 647449340, "delivered", "تم التوصيل", "تم التوصيل"},
    {814202285, 1887201789, "shipped", "تم الشحن", "تم الشحن"},
    {525144736, 687926769, "canceled", "ملغي", "ملغي"},
    {989286562, 2062355698, "restored", "مسترجع", "مسترجع"},
    {1548352431, 1113229566, "restoring", "قيد الإسترجاع", "قيد الإسترجاع"},
}};

constexpr std::array<std::string_view, 8> kPayments = {
    "mada",  "credit_card",        "apple_pay", "cod", "tabby_installment", "tamara_installment",
    "stc_pay", "bank"};

}  // namespace

const StatusInfo& status_info(OrderStatus status) { return kStatuses[static_cast<size_t>(status)]; }

std::string_view payment_slug(Payment payment) { return kPayments[static_cast<size_t>(payment)]; }

void Order::recompute() {
  sub_total = 0;
  for (const auto& item : items) sub_total += item.total;
  const Money base = sub_total + shipping + cod - discount;
  // VAT of 15 %, to the nearest hundredth.
  if (is_taxed) tax = (base / kMoneyCent * 15 + 50) / 100 * kMoneyCent;
  total = base + tax;
}

}  // namespace falaj::simulator
