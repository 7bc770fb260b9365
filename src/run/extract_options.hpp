// What a request of the command line means for the extraction of one store.
// Threads:  a function.
#pragma once

#include <vector>

#include "operate/stream_catalogue.hpp"
#include "cli/services.hpp"
#include "config/settings.hpp"
#include "extract/extractor.hpp"

namespace falaj::run {

// `named`: entities that events have named. A backfill asks for none of them.
extract::ExtractOptions extract_options(const config::Settings& settings,
                                        const cli::RunRequest& request,
                                        const connectors::salla::Streams& streams,
                                        const std::vector<extract::NamedEntity>& named);

}  // namespace falaj::run
