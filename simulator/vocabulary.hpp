// The fixed words of a store: order statuses and ways to pay, as Salla spells them.
// Facts:    salla-api.md 4.1: slugs and ids of the original statuses
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace falaj::simulator {

struct StatusWord {
  std::string_view slug;
  std::string_view name;  // Salla's own, Arabic
  int64_t id;
  std::string_view custom_name;  // the merchant's
  int64_t custom_id;
};

enum StatusIndex : uint8_t {
  kPaymentPending,
  kUnderReview,
  kInProgress,
  kShipped,
  kDelivering,
  kDelivered,
  kCompleted,
  kCanceled,
  kRestoring,
  kRestored,
  kStatusCount,
};

inline constexpr std::array<StatusWord, kStatusCount> kStatuses = {{
    {"payment_pending", "بإنتظار الدفع", 1473353380, "في انتظار الدفع", 863076598},
    {"under_review", "بإنتظار المراجعة", 566146469, "جاري مراجعة طلبك", 224309239},
    {"in_progress", "قيد التنفيذ", 1939592358, "نجهز طلبك", 1597755120},
    {"shipped", "تم الشحن", 814202285, "تم الشحن", 1887201789},
    {"delivering", "جاري التوصيل", 349994915, "طلبك بيوصلك قريب", 1422535667},
    {"delivered", "تم التوصيل", 1723506348, "تم التوصيل", 647449340},
    {"completed", "تم التنفيذ", 1298199463, "تم التنفيذ", 1638621685},
    {"canceled", "ملغي", 525144736, "ملغي", 1718741844},
    {"restoring", "قيد الإسترجاع", 1548352431, "قيد الإسترجاع", 1123209157},
    {"restored", "مسترجع", 989286562, "مسترجع", 1356112045},
}};

enum PaymentIndex : uint8_t {
  kMada,
  kApplePay,
  kCod,
  kCreditCard,
  kTabby,
  kTamara,
  kStcPay,
  kBank,
  kPaymentCount,
};

inline constexpr std::array<std::string_view, kPaymentCount> kPayments = {
    "mada",    "apple_pay", "cod", "credit_card", "tabby_installment", "tamara_installment",
    "stc_pay", "bank"};

}  // namespace falaj::simulator
