#include "extract/deletion_page.hpp"

#include <fmt/format.h>

namespace falaj::extract {

landing::PageRecord deletion_page(const std::string& entity, int64_t id, const std::string& reason,
                                  UtcTime seen_at) {
  landing::PageRecord page;
  page.stream = "deletions";
  page.shape = "full";
  page.source = "sweep";
  page.request = fmt::format("/{}/{}#gone", entity, id);
  page.http_status = 404;
  page.fetched_at = seen_at;
  page.body = landing::PageBody(fmt::format(
      R"({{"status":404,"success":true,"data":[{{"id":{},"entity":"{}","reason":"{}","deleted_at":"{}"}}]}})",
      id, entity, reason, to_iso8601(seen_at, true)));
  return page;
}

}  // namespace falaj::extract
