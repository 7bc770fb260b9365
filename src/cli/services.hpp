// The requests and services of operations under the names by which src/app knows them.
// Threads:  see operate/services.hpp.
#pragma once

#include "cli/store_services.hpp"
#include "cli/webhook_services.hpp"
#include "operate/services.hpp"

namespace falaj::cli {

using operate::AcceptRequest;
using operate::DemoReport;
using operate::DemoRequest;
using operate::RunRequest;
using operate::Services;
using operate::SqlRequest;

}  // namespace falaj::cli
