// `falaj store purge`: opens what operate::purge_store() works on.
// Threads:  called from the main thread; holds the home's lock.
// Errors:   kNotFound (no such store), kConflict (another falaj holds the home), those of the purge.
#pragma once

#include <string>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/store_services.hpp"

namespace falaj::app {

Result<operate::PurgeReport> purge_store(const home::Home& home,
                                         const operate::PurgeRequest& request);

}  // namespace falaj::app
