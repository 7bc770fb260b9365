// Tokens and keys as the operations of stores take them: from files, variables and the caller's
// standard input, never as the value of an option, which every user of the machine can read.
// Threads:  called from the operation's thread.
// Errors:   kUsage: what cannot be read, or is no token.
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "operate/caller.hpp"
#include "operate/store_services.hpp"

namespace falaj::operate::operations {

Result<Secret> token_of_variable(const std::string& name);
// An access token, or the JSON of a token answer; "-" is standard input.
Result<Secret> token_of_file(Caller& caller, const std::string& path);
// Lines of a name and a token, '#' begins a comment.
Result<std::vector<NewStore>> stores_of_file(Caller& caller, const std::string& path);

}  // namespace falaj::operate::operations
