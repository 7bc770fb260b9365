// Options of products, their values and the variants they make; see api.hpp.
#include "simulator/answers.hpp"
#include "simulator/api.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

struct Found {
  uint64_t product = 0;
  size_t number = 0;
};

// The first product, and number among its values, of which `has_id` is true.
template <typename HasId>
std::optional<Found> find(const ApiCall& call, HasId&& has_id) {
  const auto& source = call.slot.store.source();
  ProductFacts facts;
  for (uint64_t index = 0; index < source.product_count(); ++index) {
    source.product(index, facts);
    for (size_t number = 0; number < facts.option_values.size(); ++number) {
      if (has_id(facts, number)) return Found{index, number};
    }
  }
  return std::nullopt;
}

Response gone(const ApiCall& call) {
  return not_found(call, "The content you are trying to access is no longer available",
                   "المحتوى الذي تحاول الوصول اليه غير متوفر", true);
}

template <typename Write>
Response answer(const ApiCall& call, const std::optional<Found>& found, Write&& write) {
  if (!found) return gone(call);
  JsonOut out(4096);
  write(out, *found);
  return data_answer(out.take());
}

}  // namespace

Response product_variants_list(ApiCall& call) {
  const auto index = call.slot.store.find_product(call.id);
  if (!index) return not_found(call, "The product not found.", "المنتج غير موجود", false);
  ProductFacts facts;
  call.slot.store.source().product(*index, facts);
  const auto base = call.base_url + std::string(call.path);
  return json_answer(200, list_body(call.request, base, call.quirks, facts.option_values.size(),
                                    700, [&](JsonOut& out, uint64_t k) {
                                      call.slot.json.product_variant(out, *index,
                                                                     static_cast<size_t>(k));
                                    }));
}

Response variant_by_id(ApiCall& call) {
  const auto found = find(call, [&](const ProductFacts& facts, size_t number) {
    return variant_id(facts, number) == call.id;
  });
  return answer(call, found, [&](JsonOut& out, const Found& at) {
    call.slot.json.variant_alone(out, at.product, at.number);
  });
}

Response option_by_id(ApiCall& call) {
  const auto found =
      find(call, [&](const ProductFacts& facts, size_t) { return option_id(facts) == call.id; });
  return answer(call, found, [&](JsonOut& out, const Found& at) {
    call.slot.json.option_alone(out, at.product);
  });
}

Response option_value_by_id(ApiCall& call) {
  const auto found = find(call, [&](const ProductFacts& facts, size_t number) {
    return option_value_id(facts, number) == call.id;
  });
  return answer(call, found, [&](JsonOut& out, const Found& at) {
    call.slot.json.option_value_alone(out, at.product, at.number);
  });
}

}  // namespace falaj::simulator
