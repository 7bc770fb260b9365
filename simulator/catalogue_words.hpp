// Words that generated stores are made of: names of people, cities and goods, in Arabic and Latin.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace falaj::simulator {

struct City {
  std::string_view name;
  std::string_view district;
  std::string_view street;
};

struct Good {
  std::string_view category;
  std::string_view name;
  int64_t price;  // whole riyals, typical
  int64_t weight_grams;
  std::string_view option_name;  // empty: none
  std::span<const std::string_view> option_values;
};

std::span<const std::string_view> male_names();
std::span<const std::string_view> female_names();
std::span<const std::string_view> family_names();
// A third of the people write their names in Latin letters: same order as the Arabic lists.
std::span<const std::string_view> latin_male_names();
std::span<const std::string_view> latin_female_names();
std::span<const std::string_view> latin_family_names();
std::span<const City> cities();
std::span<const Good> goods();
std::span<const std::string_view> good_epithets();
std::span<const std::string_view> brands();
int64_t category_id(std::string_view category);
int64_t brand_id(uint64_t number);  // of brands()
std::span<const std::string_view> descriptions();
std::span<const std::string_view> user_agents();

}  // namespace falaj::simulator
