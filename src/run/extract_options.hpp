// What a request means for the extraction of one store.
// Threads:  a function.
#pragma once

#include <vector>

#include "extract/extractor.hpp"
#include "home/home.hpp"
#include "run/run_request.hpp"
#include "stores/home_streams.hpp"

namespace falaj::run {

// `named`: entities that events have named. A backfill asks for none of them.
extract::ExtractOptions extract_options(const config::Settings& settings, const RunRequest& request,
                                        const stores::Streams& streams,
                                        const std::vector<extract::NamedEntity>& named);

}  // namespace falaj::run
