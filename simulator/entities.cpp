#include "simulator/entities.hpp"

#include "simulator/json_out.hpp"

namespace falaj::simulator {

void OrderFacts::settle() {
  sub_total = 0;
  for (auto& item : items) {
    item.total = round_to_cents(item.quantity * item.unit_price);
    item.tax = round_to_cents(item.total * tax_percent / 100);
    sub_total += item.total;
  }
  if (discount > sub_total && discount > 0) discount = 0;
  tax = round_to_cents((sub_total - discount + shipping + cash_on_delivery) * tax_percent / 100);
  total = sub_total + shipping + cash_on_delivery + tax - discount;
}

}  // namespace falaj::simulator
