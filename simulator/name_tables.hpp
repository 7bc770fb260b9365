// Names that a Saudi shop meets: people in Arabic and Latin script, cities, goods.
// Threads:  constants.
#pragma once

#include <span>
#include <string_view>

namespace falaj::simulator {

struct PersonName {
  std::string_view arabic;
  std::string_view latin;
  bool is_male = true;
};

struct GoodsName {
  std::string_view name;
  int price_low;  // in whole units of the currency
  int price_high;
  bool has_sizes;
};

std::span<const PersonName> first_names();
std::span<const PersonName> last_names();
std::span<const std::string_view> cities();
std::span<const GoodsName> goods();
std::span<const std::string_view> colours();
std::span<const std::string_view> sizes();

}  // namespace falaj::simulator
