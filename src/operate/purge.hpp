// `falaj store purge`: opens what purge_store() works on.
// Threads:  called from the main thread; holds the home's lock.
// Errors:   kNotFound (no such store), kConflict (another falaj holds the home), those of the purge.
#pragma once

#include <string>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/store_services.hpp"
#include "warehouse/opener.hpp"

namespace falaj::operate {

Result<PurgeReport> purge_store(const home::Home& home, warehouse::Opener& opener,
                                const PurgeRequest& request);

}  // namespace falaj::operate
