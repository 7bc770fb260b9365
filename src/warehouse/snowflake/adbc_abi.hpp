// The C structs of ADBC 1.1.0 and of Arrow's C data and stream interfaces, as far as this folder
// uses them: an ABI that both projects keep stable and ask others to copy.
// Facts:    arrow-adbc/adbc.h of adbc-driver-manager 1.11.0; Arrow's CDataInterface. Members that
//           are not called are slots of the right size.
#pragma once

#include <cstdint>

namespace falaj::warehouse::abi {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema* out);
  int (*get_next)(ArrowArrayStream*, ArrowArray* out);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

using StatusCode = uint8_t;

constexpr StatusCode kOk = 0;
constexpr StatusCode kNotFound = 3;
constexpr StatusCode kInvalidArgument = 5;
constexpr StatusCode kInvalidState = 6;
constexpr StatusCode kInvalidData = 7;
constexpr StatusCode kIntegrity = 8;
constexpr StatusCode kIo = 10;
constexpr StatusCode kCancelled = 11;
constexpr StatusCode kTimeout = 12;
constexpr StatusCode kUnauthenticated = 13;
constexpr StatusCode kUnauthorized = 14;

constexpr int kVersion = 1'001'000;

struct AdbcError {
  char* message;
  int32_t vendor_code;
  char sqlstate[5];  // NOLINT(*-avoid-c-arrays): the ABI
  void (*release)(AdbcError*);
  void* private_data;
  struct AdbcDriver* private_driver;
};

struct AdbcDatabase {
  void* private_data;
  struct AdbcDriver* private_driver;
};

struct AdbcConnection {
  void* private_data;
  struct AdbcDriver* private_driver;
};

struct AdbcStatement {
  void* private_data;
  struct AdbcDriver* private_driver;
};

using Slot = void (*)();

struct AdbcDriver {
  void* private_data;
  void* private_manager;
  StatusCode (*release)(AdbcDriver*, AdbcError*);
  StatusCode (*database_init)(AdbcDatabase*, AdbcError*);
  StatusCode (*database_new)(AdbcDatabase*, AdbcError*);
  StatusCode (*database_set_option)(AdbcDatabase*, const char*, const char*, AdbcError*);
  StatusCode (*database_release)(AdbcDatabase*, AdbcError*);
  Slot connection_commit;
  Slot connection_get_info;
  Slot connection_get_objects;
  Slot connection_get_table_schema;
  Slot connection_get_table_types;
  StatusCode (*connection_init)(AdbcConnection*, AdbcDatabase*, AdbcError*);
  StatusCode (*connection_new)(AdbcConnection*, AdbcError*);
  StatusCode (*connection_set_option)(AdbcConnection*, const char*, const char*, AdbcError*);
  Slot connection_read_partition;
  StatusCode (*connection_release)(AdbcConnection*, AdbcError*);
  Slot connection_rollback;
  Slot statement_bind;
  Slot statement_bind_stream;
  StatusCode (*statement_execute_query)(AdbcStatement*, ArrowArrayStream*, int64_t*, AdbcError*);
  Slot statement_execute_partitions;
  Slot statement_get_parameter_schema;
  StatusCode (*statement_new)(AdbcConnection*, AdbcStatement*, AdbcError*);
  Slot statement_prepare;
  StatusCode (*statement_release)(AdbcStatement*, AdbcError*);
  StatusCode (*statement_set_option)(AdbcStatement*, const char*, const char*, AdbcError*);
  StatusCode (*statement_set_sql_query)(AdbcStatement*, const char*, AdbcError*);
  Slot statement_set_substrait_plan;
  // Since 1.1.0.
  Slot error_get_detail_count;
  Slot error_get_detail;
  Slot error_from_array_stream;
  Slot database_options[7];  // NOLINT(*-avoid-c-arrays): the ABI
  Slot connection_cancel;
  Slot connection_options[9];  // NOLINT(*-avoid-c-arrays): the ABI
  StatusCode (*statement_cancel)(AdbcStatement*, AdbcError*);
  Slot statement_execute_schema;
  Slot statement_options[7];  // NOLINT(*-avoid-c-arrays): the ABI
};

using DriverInit = StatusCode (*)(int version, void* driver, AdbcError* error);

}  // namespace falaj::warehouse::abi
