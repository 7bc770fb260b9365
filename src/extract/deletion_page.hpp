// The record that an entity is gone, in the form of a page: deletions are landed, loaded and
// counted like everything else.
// Threads:  a function.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "landing/page_record.hpp"

namespace falaj::extract {

// reason: "sweep" (not listed any more, and 404), "404" (its details are gone), "webhook".
landing::PageRecord deletion_page(const std::string& entity, int64_t id, const std::string& reason,
                                  UtcTime seen_at);

}  // namespace falaj::extract
