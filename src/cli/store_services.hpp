// See cli/services.hpp.
// Threads:  see operate/store_services.hpp.
#pragma once

#include "operate/store_services.hpp"

namespace falaj::cli {

using operate::AuthorizeRequest;
using operate::NewStore;
using operate::PurgeRequest;
using operate::RefreshRequest;
using operate::ShowAddress;
using operate::StoreServices;

}  // namespace falaj::cli
