// A library with the Snowflake driver's interface, as far as falaj calls it: everything works until
// a statement runs, which says what the real one says after a panic.
#include "warehouse/snowflake/adbc_abi.hpp"

namespace falaj::warehouse::abi {
namespace {

// NOLINTNEXTLINE(*-avoid-c-arrays): the interface wants a char*
char message[] = "[Snowflake] Go panicked, driver is in unknown state. Failed with message: oh";

template <typename Object>
StatusCode begin(Object* object, AdbcError* /*error*/) {
  object->private_data = message;
  return kOk;
}

template <typename Object>
StatusCode end(Object* /*object*/, AdbcError* /*error*/) {
  return kOk;
}

template <typename Object>
StatusCode set_option(Object* /*object*/, const char* /*name*/, const char* /*value*/,
                      AdbcError* /*error*/) {
  return kOk;
}

StatusCode begin_statement(AdbcConnection* /*connection*/, AdbcStatement* statement,
                           AdbcError* error) {
  return begin(statement, error);
}

StatusCode set_sql(AdbcStatement* /*statement*/, const char* /*sql*/, AdbcError* /*error*/) {
  return kOk;
}

StatusCode execute(AdbcStatement* /*statement*/, ArrowArrayStream* /*rows*/, int64_t* /*count*/,
                   AdbcError* error) {
  error->message = message;
  error->release = nullptr;
  return kInvalidState;
}

StatusCode connect(AdbcConnection* /*connection*/, AdbcDatabase* /*database*/,
                   AdbcError* /*error*/) {
  return kOk;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) StatusCode AdbcDriverInit(int /*version*/,
                                                                            void* driver,
                                                                            AdbcError* /*error*/) {
  auto* table = static_cast<AdbcDriver*>(driver);
  table->database_new = begin<AdbcDatabase>;
  table->database_init = end<AdbcDatabase>;
  table->database_set_option = set_option<AdbcDatabase>;
  table->database_release = end<AdbcDatabase>;
  table->connection_new = begin<AdbcConnection>;
  table->connection_init = connect;
  table->connection_release = end<AdbcConnection>;
  table->statement_new = begin_statement;
  table->statement_set_option = set_option<AdbcStatement>;
  table->statement_set_sql_query = set_sql;
  table->statement_execute_query = execute;
  table->statement_release = end<AdbcStatement>;
  return kOk;
}

}  // namespace falaj::warehouse::abi
