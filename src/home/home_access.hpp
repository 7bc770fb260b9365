// Who may read a home: its owner alone, or also one group of the machine. A home has customers'
// data, so nothing else is the default, whatever the shell's umask says.
// Shape:    folders 0700 and files 0600; of a group 2750 and 0640, with the group on everything (a
//           folder's set-group-id bit gives it to what is made inside). Secrets (.env, the vault
//           and its key) are never the group's.
// Threads:  of the whole process: call before threads make files.
// Errors:   kInvalidConfig: there is no such group; kNotAllowed: this user may not give files to it;
//           kStorageFailed.
#pragma once

#include <string>

#include "base/result.hpp"

namespace falaj::home {

// Of what this process makes from here on.
void keep_new_files_private(bool are_the_groups_too);

// Opens a home that is there to the group, all of it when its folder says that it was not yet.
// Without a group: closes one that had been opened so. A home that was made otherwise stays as it
// is.
Status give_home_to(const std::string& home, const std::string& group);

// Whether others than the owner (and `group`) may look into it.
bool is_open_to_others(const std::string& home, const std::string& group);

}  // namespace falaj::home
