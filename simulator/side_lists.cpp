#include "simulator/side_lists.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "simulator/answers.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

constexpr uint64_t kIdMask = (uint64_t{1} << 31U) - 1;

std::array<std::span<const SideList>, 4> all_lists() {
  return {store_lists(), category_lists(), marketing_lists(), order_lists()};
}

uint64_t rows_of(const SideList& list, SideCall& call) {
  const auto count = list.count(call);
  const auto removed = call.slot.side.removed.find(list.stream);
  if (removed == call.slot.side.removed.end()) return count;
  return count - std::min(count, removed->second);
}

Response cursor_answer(ApiCall& call, const SideList& list, SideCall& side) {
  const auto page = page_request(call.request, call.quirks);
  uint64_t first = 0;
  if (const auto text = call.request.parameter("cursor"); text && !text->empty()) {
    const auto parsed = std::from_chars(text->data(), text->data() + text->size(), first);
    if (parsed.ec != std::errc()) return invalid_field("cursor", "The cursor must be a number.");
  }
  const auto total = rows_of(list, side);
  const auto end = std::min(total, first + page.per_page);
  const auto count = end > first ? end - first : 0;
  JsonOut out(1024 + count * 400);
  out.raw(kDataStart);
  write_array(out, count, [&](uint64_t k) { list.write(side, out, first + k); });
  out.raw(R"(,"cursor":{"current":)").number(static_cast<int64_t>(first)).raw(R"(,"previous":)");
  if (first == 0) {
    out.raw("null");
  } else {
    out.number(static_cast<int64_t>(first - std::min(first, page.per_page)));
  }
  out.raw(R"(,"next":)");
  if (end < total) {
    out.number(static_cast<int64_t>(end));
  } else {
    out.raw("null");
  }
  out.raw(R"(,"count":)").number(static_cast<int64_t>(count)).raw("}}");
  return json_answer(200, out.take());
}

}  // namespace

bool is_with(const SideCall& call, std::string_view name) {
  return call.request != nullptr && call.request->parameter("with") == name;
}

const SideList* find_side_list(std::string_view path) {
  for (const auto lists : all_lists()) {
    for (const auto& list : lists) {
      if (list.path == path) return &list;
    }
  }
  return nullptr;
}

Response side_list(ApiCall& call) {
  const auto* list = find_side_list(call.path);
  if (list == nullptr) return not_found(call, "Not found.", "غير موجود", true);
  ++call.slot.side.calls;
  SideCall side{call.slot, call.quirks, call.now, &call.request, std::nullopt};
  const auto total = rows_of(*list, side);
  if (side.refusal) return std::move(*side.refusal);
  if (list->paging == SidePaging::kIntegerCursor) return cursor_answer(call, *list, side);
  auto page = page_request(call.request, call.quirks);
  if (call.quirks[Quirk::kOddPerPage]) page.per_page = std::min(page.per_page, list->page_rows_max);
  const bool is_paged = list->paging == SidePaging::kPages;
  const auto range = is_paged ? page_range(page, total, call.quirks) : PageRange{0, total};
  JsonOut out(1024 + range.count * 800);
  out.raw(kDataStart).raw("[");
  for (uint64_t k = 0; k < range.count; ++k) {
    if (k > 0) out.raw(",");
    list->write(side, out, range.first + k);
  }
  if (is_paged) {
    end_list(out, page, range, total, call.request, call.base_url + std::string(call.path),
             call.quirks);
  } else {
    out.raw("]}");
  }
  return json_answer(200, out.take());
}

Response side_entity(ApiCall& call) {
  const auto* list = find_side_list(call.path.substr(0, call.path.rfind('/')));
  SideCall side{call.slot, call.quirks, call.now, nullptr, std::nullopt};
  const auto total = list != nullptr ? rows_of(*list, side) : 0;
  for (uint64_t k = 0; k < total; ++k) {
    if (list->id(side, k) != call.id) continue;
    JsonOut out(2048);
    out.raw(kDataStart);
    side.request = &call.request;
    (list->write_details != nullptr ? list->write_details : list->write)(side, out, k);
    out.raw("}");
    return json_answer(200, out.take());
  }
  return not_found(call, "The resource was not found.", "العنصر غير موجود", true);
}

Json side_counts(StoreSlot& slot, const Quirks& quirks, int64_t now) {
  Json counts;
  SideCall side{slot, quirks, now, nullptr, std::nullopt};
  for (const auto lists : all_lists()) {
    for (const auto& list : lists) {
      const auto rows = rows_of(list, side);
      counts.set(std::string(list.stream),
                 static_cast<int64_t>(rows + (rows > 0 ? list.nested : 0)));
    }
  }
  return counts;
}

bool remove_side_rows(StoreSlot& slot, std::string_view stream, uint64_t rows) {
  for (const auto lists : all_lists()) {
    for (const auto& list : lists) {
      if (list.stream != stream) continue;
      slot.side.removed[list.stream] += rows;
      return true;
    }
  }
  return false;
}

// Multiplying by an odd number and xor are both one-to-one mod 2^31.
int64_t derived_id(int64_t id, uint64_t salt) {
  const auto factor = (mix64(salt) & kIdMask) | 1U;
  const auto mask = mix64(salt + 1) & kIdMask;
  return static_cast<int64_t>(((static_cast<uint64_t>(id) * factor) & kIdMask) ^ mask);
}

int64_t row_id(const StoreSlot& slot, uint64_t salt, uint64_t k) {
  return derived_id(static_cast<int64_t>(k + 1) + slot.store.number() * 1'000'003, salt);
}

}  // namespace falaj::simulator
