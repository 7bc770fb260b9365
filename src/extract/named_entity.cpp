#include "extract/named_entity.hpp"

#include "extract/deletion_page.hpp"

namespace falaj::extract {

Status ask_for_named(PageLoop& loop, const Clock& clock, const std::string& stream,
                     const std::string& path, const std::vector<int64_t>& ids,
                     const decode::TableSpec* table) {
  constexpr std::string_view kMark = "{id}";
  const auto mark = path.find(kMark);
  if (mark == std::string::npos) return {};
  size_t at = 0;
  return loop.run(
      [&]() -> std::optional<PageAsk> {
        if (at >= ids.size()) return std::nullopt;
        PageAsk ask;
        ask.stream = stream;
        ask.source = "detail";
        ask.is_list = false;
        ask.is_optional = table != nullptr;
        ask.table = table;
        ask.entity_id = ids[at++];
        ask.request = path;
        ask.request.replace(mark, kMark.size(), std::to_string(ask.entity_id));
        return ask;
      },
      [&](const PageAsk& ask, PageResult index) -> Status {
        if (index.ok() || index.error().kind() != ErrorKind::kNotFound) return {};
        return loop.land(deletion_page(stream, ask.entity_id, "404", clock.now()));
      });
}

}  // namespace falaj::extract
