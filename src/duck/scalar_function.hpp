// Registers a C++ function as a SQL function of one connection's database.
// Shape:    called with a chunk of up to 2,048 rows of any types; returns one BIGINT a row.
// Threads:  the function is called from several threads at once.
// Errors:   an Error that the function returns fails the query with its message.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "duck/chunk.hpp"
#include "duck/connection.hpp"

namespace falaj::duck {

// NULL arguments are passed on; the result is never NULL. `results` has chunk.row_count() places.
using BigintFunction = std::function<Status(const Chunk& arguments, std::span<int64_t> results)>;

// `name` takes any number of arguments of any types.
Status register_bigint_function(Connection& connection, const std::string& name,
                                BigintFunction function);

}  // namespace falaj::duck
