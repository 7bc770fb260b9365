// Where the processes of this machine keep the request limits that they share: a file a store, and
// one for the customers' requests of this machine's address.
// Threads:  each client opens books of its own.
// Errors:   none: where the files cannot be used, a warning says so and the client keeps count alone.
#pragma once

#include <string>

#include "home/home.hpp"
#include "http/quota_gate.hpp"

namespace falaj::stores {

// `store` tells stores of one API apart, the same text in every process: its id. Empty: not known
// yet; such a client counts alone.
// The file of a store's limit; of the customers' without one.
std::string quota_file(const home::Home& home, const std::string& store);

http::QuotaOptions quota_options(const home::Home& home, const std::string& store);

}  // namespace falaj::stores
