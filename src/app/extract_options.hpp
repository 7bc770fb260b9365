// What a request of the command line means for the extraction of one store.
// Threads:  a function.
#pragma once

#include <vector>

#include "app/stream_catalogue.hpp"
#include "config/settings.hpp"
#include "extract/extractor.hpp"
#include "operate/services.hpp"

namespace falaj::app {

// `named`: entities that events have named. A backfill asks for none of them.
extract::ExtractOptions extract_options(const config::Settings& settings,
                                        const operate::RunRequest& request,
                                        const connectors::salla::Streams& streams,
                                        const std::vector<extract::NamedEntity>& named);

}  // namespace falaj::app
