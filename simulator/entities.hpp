// What is known of one order, customer or product before it is written in a shape of the API.
// Units:    amounts in 1/10,000 of the currency; times are local seconds of Riyadh.
// Owns:     strings; texts of fixed vocabularies are borrowed and live for ever.
// Threads:  values, meant to be filled again and again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/vocabulary.hpp"

namespace falaj::simulator {

struct OrderItemFacts {
  int64_t id = 0;
  uint64_t product = 0;  // index
  int64_t quantity = 1;
  int64_t unit_price = 0;
  int64_t total = 0;  // before tax and discount: round(quantity x unit_price, 2)
  int64_t tax = 0;
  uint64_t noise = 0;
};

struct OrderFacts {
  uint64_t index = 0;
  int64_t id = 0;
  std::string reference;
  bool is_reference_text = false;  // served as a string
  int64_t created = 0;
  int64_t updated = 0;
  StatusIndex status = kCompleted;
  PaymentIndex payment = kMada;
  std::optional<uint64_t> customer;  // index
  std::string_view currency = "SAR";
  int64_t tax_percent = 15;
  int64_t sub_total = 0;
  int64_t shipping = 0;
  int64_t cash_on_delivery = 0;
  int64_t discount = 0;
  int64_t tax = 0;
  int64_t total = 0;
  uint64_t noise = 0;    // for what carries no meaning: tokens, addresses, devices
  uint64_t version = 0;  // times it was changed
  std::vector<OrderItemFacts> items;

  // Computes item totals, taxes and the sums from quantities, prices and fees.
  void settle();
};

struct CustomerFacts {
  uint64_t index = 0;
  int64_t id = 0;
  std::string first_name;
  std::string last_name;
  int64_t mobile = 0;  // without the country code
  std::string email;
  bool is_female = false;
  std::optional<int64_t> birthday;
  std::string_view city;
  std::string country = "السعودية";
  std::string country_code = "SA";
  std::string_view currency = "SAR";
  int64_t created = 0;
  int64_t updated = 0;
  uint64_t noise = 0;
};

struct ProductFacts {
  uint64_t index = 0;
  int64_t id = 0;
  std::string sku;
  std::string name;
  std::string_view description;
  int64_t price = 0;
  std::optional<int64_t> sale_price;
  std::string_view currency = "SAR";
  bool is_taxed = true;
  int64_t quantity = 0;
  int64_t weight_grams = 0;
  std::string_view category;
  int64_t category_id = 0;
  std::string_view brand;  // empty: none
  int64_t brand_id = 0;
  std::string_view option_name;  // empty: a simple product
  std::vector<std::string_view> option_values;
  int64_t updated = 0;
  uint64_t noise = 0;
};

}  // namespace falaj::simulator
