// Rows as an Arrow IPC stream, as a chunk of a large result holds them: a number that goes up and a
// text of a fixed length, (N NUMBER(18,0), TEXT VARCHAR).
// Facts:    arrow.apache.org/docs/format/Columnar.html, "Encapsulated message format"; the metadata
//           are flatbuffers of Message.fbs and Schema.fbs, written here field by field.
// Threads:  functions.
#pragma once

#include <cstdint>
#include <string>

namespace falaj::test {

struct ArrowRows {
  int64_t first = 0;  // the first row's number
  int batches = 1;    // record batches in the stream
  int rows = 1;       // of each
  int text_bytes = 10;
};

std::string arrow_stream(const ArrowRows& rows);

}  // namespace falaj::test
