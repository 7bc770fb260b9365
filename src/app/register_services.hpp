// Joins what the command line may ask for with what does it.
// Threads:  called once, from the main thread.
#pragma once

#include "operate/services.hpp"

namespace falaj::app {

operate::Services home_services();

}  // namespace falaj::app
