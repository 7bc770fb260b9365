// What `falaj check` says of the home: it opens, for writing, what a run will open.
// Shape:    one line an item; a probe file is made and removed in each folder, a transaction is
//           begun and rolled back. Nothing stays.
// Threads:  confined to one. Errors: none of its own; they are items.
#pragma once

#include <cstdint>
#include <vector>

#include "home/home.hpp"
#include "operate/reports.hpp"
#include "warehouse/opener.hpp"

namespace falaj::operate {

// Rights of the home, its folders, who works on it, control state, vault.
std::vector<CheckItem> check_folders(const home::Home& home);

// The embedded warehouse; adds the orders that it has to `orders_known`.
CheckItem check_warehouse(const home::Home& home, warehouse::Opener& opener, int64_t& orders_known);

// Rows that the store's lists announce.
struct AnnouncedRows {
  int64_t orders = 0;
  int64_t others = 0;
};

// Free space against what is not there yet.
CheckItem check_disk(const home::Home& home, bool is_remote, const AnnouncedRows& announced,
                     int64_t orders_known);

// The port of the receiver, where there is a secret for it.
std::vector<CheckItem> check_receiver(const home::Home& home);

CheckItem failed_check(std::string name, const Error& error, std::string remedy);

}  // namespace falaj::operate
