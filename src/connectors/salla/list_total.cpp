#include "connectors/salla/list_total.hpp"

#include "decode/page_index.hpp"

namespace falaj::connectors::salla {

int64_t list_total(std::string_view body) {
  const auto index = decode::PageIndex::read(body);
  return index.ok() && index->pagination ? index->pagination->total : 0;
}

}  // namespace falaj::connectors::salla
