// How a store's API is asked: the settings of a home as options of the HTTP client.
// Threads:  a function.
#pragma once

#include "app/store_access.hpp"
#include "config/settings.hpp"
#include "home/home.hpp"
#include "http/client.hpp"

namespace falaj::app {

// Without its quota, which belongs to a store's id.
http::ClientOptions client_options(const home::Home& home, const StoreAccess& access);

}  // namespace falaj::app
