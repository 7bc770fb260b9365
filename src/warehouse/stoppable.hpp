// A warehouse whose statements end soon after a stop token asks: what a signal does to loads, models
// and queries, whichever warehouse it is.
// Shape:    wraps a warehouse. After the stop, statements have `grace` more to come to their end;
//           then they return kCancelled, as does each that is begun afterwards. A transaction that
//           has not been committed is rolled back by its session, so nothing is half done.
// Owns:     the wrapped warehouse and a thread. Sessions must not outlive it.
// Threads:  as the port says. Errors: kCancelled besides those of the wrapped warehouse.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

std::unique_ptr<Warehouse> make_stoppable(std::unique_ptr<Warehouse> inner, std::stop_token stop,
                                          std::chrono::milliseconds grace);

}  // namespace falaj::warehouse
