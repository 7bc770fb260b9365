// Countries and cities as Salla's own lists have them: the same in every store.
// Threads:  functions without state.
// Facts:    salla-api.md 4.6; the first ids are those that Salla's documentation shows
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace falaj::simulator {

struct PlaceCity {
  std::string_view name;
  std::string_view name_en;
};

struct PlaceCountry {
  std::string_view name;
  std::string_view name_en;
  std::string_view code;
  std::string_view mobile_code;
  std::string_view capital;
  std::span<const PlaceCity> cities;
};

// Saudi Arabia is the first.
std::span<const PlaceCountry> place_countries();
// Its cities; Riyadh is the first.
std::span<const PlaceCity> place_cities();
int64_t country_id(uint64_t number);
// Of a city of Saudi Arabia, and of another country's.
int64_t city_id(uint64_t number, uint64_t country = 0);

}  // namespace falaj::simulator
