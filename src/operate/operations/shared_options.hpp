// Options that several operations take, and what they ask a run for.
// Threads:  functions.
// Errors:   none: a request was checked when it was made.
#pragma once

#include "operate/operation.hpp"
#include "operate/services.hpp"

namespace falaj::operate::operations {

Option store_choice();
Option depth_choice();
Option time_limit();
// "what you call the store" or "name or id".
Option store_name(const std::string& help);

// Of the options that the operation has declared.
RunRequest run_request(const Request& request, RunRequest::Task task);

// Runs, and makes the report; what to do after a failure is next_step_of_run().
Result<Report> run_and_report(const Services& services, const Context& context,
                              const RunRequest& request);
std::string next_step_of_run(ErrorKind kind);

}  // namespace falaj::operate::operations
