// What a fault rule makes of an answer.
// Threads:  functions without state.
#pragma once

#include "http_server/request.hpp"
#include "http_server/response.hpp"
#include "simulator/fault_rules.hpp"

namespace falaj::simulator {

// The request that is answered in place of the one that came: another page of the same list.
http_server::Request other_request(const FaultRule& rule, const http_server::Request& request);

// Spoils an answer as the rule says; false when the client cannot have got a whole answer.
bool spoil(const FaultRule& rule, http_server::Response& response);

}  // namespace falaj::simulator
