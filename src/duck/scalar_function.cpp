#include "duck/scalar_function.hpp"

#include <fmt/format.h>

#include <exception>
#include <memory>

#include "duck/chunk_binder.hpp"
#include "duck/handles.hpp"

namespace falaj::duck {
namespace {

void call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    const auto& function =
        *static_cast<const BigintFunction*>(duckdb_scalar_function_get_extra_info(info));
    Chunk arguments;
    ChunkBinder::bind(arguments, input);
    auto* results = static_cast<int64_t*>(duckdb_vector_get_data(output));
    const Status status = function(arguments, {results, arguments.row_count()});
    if (!status.ok()) {
      duckdb_scalar_function_set_error(info, status.error().message().c_str());
    }
  } catch (const std::exception& failure) {
    duckdb_scalar_function_set_error(info, failure.what());
  }
}

void destroy(void* function) {
  delete static_cast<BigintFunction*>(function);
}

}  // namespace

Status register_bigint_function(Connection& connection, const std::string& name,
                                BigintFunction function) {
  duckdb_scalar_function scalar = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(scalar, name.c_str());
  duckdb_logical_type any = duckdb_create_logical_type(DUCKDB_TYPE_ANY);
  duckdb_logical_type bigint = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
  duckdb_scalar_function_set_varargs(scalar, any);
  duckdb_scalar_function_set_return_type(scalar, bigint);
  duckdb_destroy_logical_type(&any);
  duckdb_destroy_logical_type(&bigint);
  duckdb_scalar_function_set_special_handling(scalar);  // NULL arguments reach the function
  duckdb_scalar_function_set_extra_info(scalar, new BigintFunction(std::move(function)), destroy);
  duckdb_scalar_function_set_function(scalar, call);
  const duckdb_state state =
      duckdb_register_scalar_function(connection.handle()->connection, scalar);
  duckdb_destroy_scalar_function(&scalar);
  if (state != DuckDBSuccess) {
    return Error(ErrorKind::kBug, fmt::format("cannot register the SQL function {}", name));
  }
  return {};
}

}  // namespace falaj::duck
