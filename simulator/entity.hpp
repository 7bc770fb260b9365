// What a store consists of, as plain values; how they look in JSON is told in the render_*.cpp.
// Units:    Money in ten-thousandths of the currency (order amounts are whole hundredths);
//           times in Riyadh's wall clock.
// Shape:    an Order keeps its components so that total = sub_total + shipping + cod + tax -
//           discount holds exactly.
// Threads:  values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/riyadh_time.hpp"

namespace falaj::simulator {

using Money = int64_t;
constexpr Money kMoneyUnit = 10'000;
constexpr Money kMoneyCent = 100;
// In place of an index: there is none.
constexpr uint32_t kNone = 0xffffffffU;

enum class OrderStatus : uint8_t {
  kPaymentPending,
  kUnderReview,
  kInProgress,
  kCompleted,
  kDelivering,
  kDelivered,
  kShipped,
  kCanceled,
  kRestored,
  kRestoring,
};
constexpr size_t kStatusCount = 10;

struct StatusInfo {
  int64_t id;         // Salla's own
  int64_t custom_id;  // the merchant's
  std::string_view slug;
  std::string_view name;
  std::string_view custom_name;
};
const StatusInfo& status_info(OrderStatus status);

enum class Payment : uint8_t { kMada, kCreditCard, kApplePay, kCod, kTabby, kTamara, kStcPay, kBank };
std::string_view payment_slug(Payment payment);

struct OrderItem {
  uint32_t key = 0;      // of its id
  uint32_t product = 0;  // index; may be a deleted product's
  int32_t quantity = 1;
  Money unit_price = 0;
  Money total = 0;  // of the line, without tax
  bool has_option = false;
};

struct Order {
  uint32_t index = 0;
  std::string reference;
  RiyadhSeconds created = 0;
  RiyadhSeconds updated = 0;
  OrderStatus status = OrderStatus::kUnderReview;
  Payment payment = Payment::kMada;
  uint32_t customer = kNone;
  uint32_t variety = 0;  // a number that the rest of its looks follow from
  uint32_t edits = 0;    // changes that show in details only
  bool is_taxed = true;
  Money sub_total = 0;
  Money shipping = 0;
  Money cod = 0;
  Money tax = 0;
  Money discount = 0;
  Money total = 0;
  std::vector<OrderItem> items;

  // sub_total, tax (15 % when taxed) and total from the other components and the items.
  void recompute();
};

struct Customer {
  uint32_t index = 0;
  std::string first_name;
  std::string last_name;
  std::string_view city;     // "" when unknown
  std::string country;       // as the API names it
  std::string country_code;  // "" when unknown
  int64_t mobile = 0;
  bool is_male = true;
  RiyadhSeconds created = 0;
  RiyadhSeconds updated = 0;
  uint32_t variety = 0;
};

struct Product {
  uint32_t index = 0;
  std::string name;
  std::string sku;
  Money price = 0;
  uint32_t variants = 0;  // 0: a simple product
  int64_t stock = 0;
  bool is_hidden = false;
  RiyadhSeconds updated = 0;
  uint32_t variety = 0;
};

}  // namespace falaj::simulator
