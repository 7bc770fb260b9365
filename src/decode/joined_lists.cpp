#include "decode/joined_lists.hpp"

#include <fmt/format.h>

#include "base/json_part.hpp"
#include "decode/json_text.hpp"

namespace falaj::decode {

int64_t JoinedLists::add(std::string_view body) {
  JsonText json;
  if (json.index(json_part(body)) || json.kind(json.root()) != '{') return 0;
  const auto data = json.member(json.root(), "data");
  if (!data || !json.is_list(*data)) return 0;
  std::set<Sha256Digest> fresh;
  int64_t added = 0;
  json.each_item(*data, [&](Token row) {
    const auto digest = sha256(json.raw(row));
    if (seen_.contains(digest)) return;
    fresh.insert(digest);
    if (rows_++ > 0) text_ += ',';
    text_ += json.raw(row);
    ++added;
  });
  seen_.merge(fresh);
  return added;
}

std::string JoinedLists::joined(int64_t total) const {
  return fmt::format(
      R"({{"status":200,"success":true,"data":[{}],"pagination":{{"count":{},"total":{}}}}})",
      text_, rows_, total);
}

}  // namespace falaj::decode
