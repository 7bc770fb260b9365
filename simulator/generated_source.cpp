#include "simulator/generated_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "simulator/catalogue_words.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/id_permutation.hpp"
#include "simulator/order_calendar.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

constexpr int64_t kRiyal = 10'000;
constexpr int64_t kFirstReference = 40'000'000;
constexpr int kItemsMax = 5;

enum Purpose : uint64_t {
  kOrderIds = 11,
  kItemIds,
  kCustomerIds,
  kProductIds,
  kOrderNoise,
  kCustomerNoise,
  kProductNoise,
};

template <typename T>
const T& pick(std::span<const T> words, RandomStream& random) {
  return words[random.below(words.size())];
}

// Shares of a hundred.
PaymentIndex pick_payment(RandomStream& random) {
  constexpr std::array<uint64_t, kPaymentCount> kShares = {38, 22, 14, 9, 8, 6, 2, 1};
  auto left = random.below(100);
  for (size_t i = 0; i < kShares.size(); ++i) {
    if (left < kShares[i]) return static_cast<PaymentIndex>(i);
    left -= kShares[i];
  }
  return kMada;
}

struct LifeStage {
  StatusIndex status;
  int64_t age;  // seconds from creation to the last change
};

// How far an order has come after so many seconds.
LifeStage life_stage(int64_t age, PaymentIndex payment, RandomStream& random) {
  constexpr int64_t kHour = 3600;
  const auto fate = random.below(1000);
  const auto pace = static_cast<int64_t>(50 + random.below(100));  // percent of the usual time
  const auto after = [pace](int64_t hours) { return hours * kHour * pace / 100; };
  if (payment == kBank && age < after(20)) return {kPaymentPending, 0};
  if (fate < 75 && age > after(6)) return {kCanceled, after(6)};
  struct Step {
    StatusIndex status;
    int64_t hours;
  };
  constexpr std::array<Step, 6> kSteps = {{{kUnderReview, 0},
                                           {kInProgress, 3},
                                           {kShipped, 22},
                                           {kDelivering, 50},
                                           {kDelivered, 72},
                                           {kCompleted, 190}}};
  LifeStage stage{kUnderReview, 0};
  for (const auto& step : kSteps) {
    if (step.status == kCompleted && fate >= 900) break;  // stays delivered
    if (age > after(step.hours)) stage = {step.status, after(step.hours)};
  }
  if (fate >= 960 && age > after(300)) stage = {kRestoring, after(300)};
  if (fate >= 965 && age > after(420)) stage = {kRestored, after(420)};
  return stage;
}

class GeneratedSource final : public EntitySource {
 public:
  explicit GeneratedSource(const GeneratedOptions& options)
      : options_(options),
        calendar_(options.orders, options.last_day, options.seed),
        order_ids_(options.seed, kOrderIds, options.has_permuted_ids),
        item_ids_(options.seed, kItemIds, options.has_permuted_ids),
        customer_ids_(options.seed, kCustomerIds, options.has_permuted_ids),
        product_ids_(options.seed, kProductIds, options.has_permuted_ids),
        newest_((options.last_day + 1) * kDaySeconds - 1) {
    prices_.reserve(options.products);
    for (uint64_t i = 0; i < options.products; ++i) prices_.push_back(product_price(i));
  }

  uint64_t order_count() const override { return options_.orders; }
  uint64_t customer_count() const override { return options_.customers; }
  uint64_t product_count() const override { return options_.products; }
  std::string_view currency() const override { return "SAR"; }

  int64_t order_time(uint64_t index) const override { return calendar_.time_of(index); }
  std::pair<uint64_t, uint64_t> orders_between(int64_t from, int64_t to) const override {
    return calendar_.between_days(from, to);
  }
  int64_t order_id(uint64_t index) const override { return order_ids_.to_id(index); }
  uint64_t order_index(int64_t id) const override { return order_ids_.to_index(id); }
  std::optional<uint64_t> order_by_reference(std::string_view reference) const override {
    int64_t number = 0;
    const auto end = reference.data() + reference.size();
    const auto parsed = std::from_chars(reference.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end || number < kFirstReference) {
      return std::nullopt;
    }
    return static_cast<uint64_t>(number - kFirstReference);
  }

  void order(uint64_t index, std::optional<int64_t> created, OrderFacts& out) const override {
    RandomStream random(options_.seed, kOrderNoise, index);
    out.index = index;
    out.id = order_id(index);
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                   kFirstReference + static_cast<int64_t>(index));
    out.reference.assign(digits.data(), end.ptr);
    out.is_reference_text = false;
    out.created = created ? *created : calendar_.time_of(index);
    out.payment = pick_payment(random);
    // An order made while the simulator runs has just begun its life.
    const auto stage = life_stage(created ? 0 : newest_ - out.created, out.payment, random);
    out.status = stage.status;
    out.updated = std::min(out.created + stage.age, std::max(newest_, out.created));
    out.customer = pick_customer(index, random);
    out.currency = "SAR";
    out.tax_percent = 15;
    out.noise = random.next();
    out.version = 0;
    add_items(out, random);
    out.shipping = out.sub_total >= 300 * kRiyal ? 0 : random.percent(70) ? 25 * kRiyal : 130'400;
    out.cash_on_delivery = out.payment == kCod ? 17 * kRiyal : 0;
    constexpr std::array<int64_t, 4> kDiscounts = {5, 10, 15, 20};
    out.discount =
        random.percent(18)
            ? out.sub_total * kDiscounts[random.below(kDiscounts.size())] / 100 / 100 * 100
            : 0;
    out.settle();
  }

  int64_t customer_time(uint64_t index) const override {
    if (options_.orders == 0) return newest_;
    // Before the first order that may be theirs.
    const auto first =
        static_cast<uint64_t>(static_cast<double>(index) / static_cast<double>(options_.customers) *
                              static_cast<double>(options_.orders));
    return calendar_.time_of(std::min(first, options_.orders - 1)) - 600;
  }
  int64_t customer_id(uint64_t index) const override { return customer_ids_.to_id(index); }
  uint64_t customer_index(int64_t id) const override { return customer_ids_.to_index(id); }

  void customer(uint64_t index, CustomerFacts& out) const override {
    RandomStream random(options_.seed, kCustomerNoise, index);
    out.index = index;
    out.id = customer_id(index);
    out.is_female = random.percent(52);
    const bool is_latin = random.percent(30);
    const auto firsts = out.is_female ? (is_latin ? latin_female_names() : female_names())
                                      : (is_latin ? latin_male_names() : male_names());
    const auto first = random.below(firsts.size());
    const auto family = random.below(family_names().size());
    out.first_name = firsts[first];
    out.last_name = (is_latin ? latin_family_names() : family_names())[family];
    // A permutation of the index: unique in the store, as mobiles are; of the ranges in use.
    constexpr std::array<int64_t, 8> kRanges = {50, 51, 53, 54, 55, 56, 58, 59};
    constexpr uint64_t kRangeSize = 10'000'000;
    const auto place = (index * 7'919'777 + 13) % (kRanges.size() * kRangeSize);
    out.mobile = kRanges[place / kRangeSize] * static_cast<int64_t>(kRangeSize) +
                 static_cast<int64_t>(place % kRangeSize);
    const auto latin = out.is_female ? latin_female_names()[first] : latin_male_names()[first];
    out.email = random.percent(88) ? fmt::format("{}.{}@example.sa", latin, out.mobile % 1'000'000)
                                   : std::string();
    out.birthday = random.percent(40)
                       ? std::optional(static_cast<int64_t>(random.below(14'000)) * kDaySeconds)
                       : std::nullopt;
    out.city = pick(cities(), random).name;
    out.created = customer_time(index);
    out.updated = std::min(newest_, out.created + static_cast<int64_t>(random.below(40 * 86400)));
    out.noise = random.next();
  }

  uint64_t product_index(int64_t id) const override { return product_ids_.to_index(id); }

  void product(uint64_t index, ProductFacts& out) const override {
    RandomStream random(options_.seed, kProductNoise, index);
    const auto& good = pick(goods(), random);
    out.index = index;
    out.id = product_ids_.to_id(index);
    out.sku = fmt::format("FLJ-{:05}", index + 1);
    out.name = fmt::format("{} {}", good.name, pick(good_epithets(), random));
    if (index >= goods().size() * good_epithets().size()) out.name += fmt::format(" {}", index);
    out.description = pick(descriptions(), random);
    out.price = prices_[index];
    out.sale_price =
        random.percent(25) ? std::optional(out.price * 8 / 10 / 100 * 100) : std::nullopt;
    out.quantity = static_cast<int64_t>(random.below(400));
    out.weight_grams = good.weight_grams;
    out.category = good.category;
    out.category_id = category_id(good.category);
    const auto brand = random.below(brands().size() + 2);
    out.brand = brand < brands().size() ? brands()[brand] : std::string_view();
    out.brand_id = brand_id(brand);
    out.option_name = good.option_name;
    out.option_values.assign(good.option_values.begin(), good.option_values.end());
    out.updated = newest_ - static_cast<int64_t>(random.below(300 * 86400));
    out.noise = random.next();
  }

 private:
  int64_t product_price(uint64_t index) const {
    RandomStream random(options_.seed, kProductNoise, index);
    const auto& good = pick(goods(), random);
    RandomStream price(options_.seed, kProductNoise + 100, index);
    const auto percent = 70 + price.below(90);
    const auto riyals = std::max<int64_t>(5, good.price * static_cast<int64_t>(percent) / 100);
    constexpr std::array<int64_t, 4> kEndings = {0, 0, 9'500, 5'000};
    return riyals * kRiyal + kEndings[price.below(kEndings.size())];
  }

  std::optional<uint64_t> pick_customer(uint64_t index, RandomStream& random) const {
    if (options_.customers == 0) return std::nullopt;
    const double reached =
        options_.orders == 0
            ? 1.0
            : std::min(1.0, static_cast<double>(index) / static_cast<double>(options_.orders));
    const double known = reached * static_cast<double>(options_.customers - 1) + 1;
    const double share = random.unit();
    // Half of the orders come from a fifth of the people.
    return std::min(options_.customers - 1,
                    static_cast<uint64_t>(known * share * std::sqrt(share)));
  }

  void add_items(OrderFacts& out, RandomStream& random) const {
    out.items.clear();
    out.sub_total = 0;
    if (options_.products == 0) return;
    constexpr std::array<uint64_t, kItemsMax> kShares = {60, 22, 11, 5, 2};
    uint64_t count = 1;
    for (auto left = random.below(100); count < kItemsMax && left >= kShares[count - 1]; ++count) {
      left -= kShares[count - 1];
    }
    for (uint64_t line = 0; line < count; ++line) {
      auto& item = out.items.emplace_back();
      item.id = item_ids_.to_id(out.index * 8 + line);
      const double share = random.unit();
      item.product = static_cast<uint64_t>(share * share * static_cast<double>(options_.products));
      item.quantity = random.percent(75) ? 1 : 2 + static_cast<int64_t>(random.below(3));
      item.unit_price = prices_[item.product];
      item.noise = random.next();
      out.sub_total += item.quantity * item.unit_price;
    }
  }

  GeneratedOptions options_;
  OrderCalendar calendar_;
  IdPermutation order_ids_;
  IdPermutation item_ids_;
  IdPermutation customer_ids_;
  IdPermutation product_ids_;
  int64_t newest_;
  std::vector<int64_t> prices_;
};

}  // namespace

std::unique_ptr<EntitySource> make_generated_source(const GeneratedOptions& options) {
  return std::make_unique<GeneratedSource>(options);
}

}  // namespace falaj::simulator
