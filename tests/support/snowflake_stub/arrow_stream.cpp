#include "support/snowflake_stub/arrow_stream.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

namespace falaj::test {
namespace {

// A flatbuffer written front to back: references point forward, and are set once their target is
// there.
class FlatBuffer {
 public:
  // Where each field of a table is; 0: the field is absent.
  struct Table {
    size_t start = 0;
    std::vector<size_t> fields;
  };

  FlatBuffer() { put<uint32_t>(0); }  // the root

  // `sizes`: bytes of each field, in the schema's order; 0: absent.
  Table table(const std::vector<size_t>& sizes) {
    size_t end = sizeof(int32_t);
    std::vector<size_t> places;
    for (const size_t size : sizes) {
      if (size > 0) end = (end + size - 1) / size * size;
      places.push_back(size > 0 ? end : 0);
      end += size;
    }
    const size_t vtable_bytes = 2 * sizeof(uint16_t) + sizes.size() * sizeof(uint16_t);
    align(sizeof(uint16_t));
    while ((bytes_.size() + vtable_bytes) % kWidest != 0) bytes_ += '\0';
    const size_t vtable = bytes_.size();
    put<uint16_t>(static_cast<uint16_t>(vtable_bytes));
    put<uint16_t>(static_cast<uint16_t>(end));
    for (const size_t place : places) put<uint16_t>(static_cast<uint16_t>(place));
    Table made{bytes_.size(), {}};
    for (const size_t place : places) made.fields.push_back(place == 0 ? 0 : made.start + place);
    bytes_.resize(made.start + end, '\0');
    set<int32_t>(made.start, static_cast<int32_t>(made.start - vtable));
    return made;
  }

  size_t text(std::string_view value) {
    align(sizeof(uint32_t));
    const size_t start = bytes_.size();
    put<uint32_t>(static_cast<uint32_t>(value.size()));
    bytes_ += value;
    bytes_ += '\0';
    return start;
  }

  // The elements follow with put(); they are aligned to `alignment`.
  size_t vector(size_t count, size_t alignment) {
    align(sizeof(uint32_t));
    while ((bytes_.size() + sizeof(uint32_t)) % alignment != 0) bytes_ += '\0';
    const size_t start = bytes_.size();
    put<uint32_t>(static_cast<uint32_t>(count));
    return start;
  }

  template <typename T>
  size_t put(T value) {
    const size_t place = bytes_.size();
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return place;
  }
  template <typename T>
  void set(size_t place, T value) {
    std::memcpy(bytes_.data() + place, &value, sizeof value);
  }
  void point(size_t place, size_t target) {
    set<uint32_t>(place, static_cast<uint32_t>(target - place));
  }
  const std::string& bytes() const { return bytes_; }

 private:
  static constexpr size_t kWidest = 8;
  void align(size_t to) {
    while (bytes_.size() % to != 0) bytes_ += '\0';
  }
  std::string bytes_;
};

constexpr uint8_t kSchema = 1;
constexpr uint8_t kRecordBatch = 3;
constexpr uint8_t kInt = 2;
constexpr uint8_t kUtf8 = 5;
constexpr int16_t kVersion5 = 4;
constexpr size_t kReference = 4;

size_t padded(size_t size) {
  return (size + 7) / 8 * 8;
}

std::string message(const FlatBuffer& metadata, const std::string& body) {
  std::string text;
  const auto put = [&](uint32_t value) {
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  put(0xFFFFFFFF);
  put(static_cast<uint32_t>(padded(metadata.bytes().size())));
  text += metadata.bytes();
  text.resize(8 + padded(metadata.bytes().size()), '\0');
  return text + body;
}

// Message: version, header's type, header, length of the body. The header's place is returned.
size_t begin_message(FlatBuffer& flat, uint8_t type, size_t body_bytes) {
  const auto table = flat.table({2, 1, kReference, 8});
  flat.point(0, table.start);
  flat.set<int16_t>(table.fields[0], kVersion5);
  flat.set<uint8_t>(table.fields[1], type);
  flat.set<int64_t>(table.fields[3], static_cast<int64_t>(body_bytes));
  return table.fields[2];
}

// Field: name, nullable, type's type, type, dictionary, children.
void add_field(FlatBuffer& flat, size_t reference, std::string_view name, uint8_t type) {
  const auto field = flat.table({kReference, 1, 1, kReference, 0, kReference});
  flat.point(reference, field.start);
  flat.set<uint8_t>(field.fields[1], 1);
  flat.set<uint8_t>(field.fields[2], type);
  flat.point(field.fields[0], flat.text(name));
  const auto details = type == kInt ? flat.table({4, 1}) : flat.table({});
  if (type == kInt) {
    flat.set<int32_t>(details.fields[0], 64);
    flat.set<uint8_t>(details.fields[1], 1);
  }
  flat.point(field.fields[3], details.start);
  flat.point(field.fields[5], flat.vector(0, kReference));
}

std::string schema_message() {
  FlatBuffer flat;
  const size_t header = begin_message(flat, kSchema, 0);
  const auto schema = flat.table({2, kReference});
  flat.point(header, schema.start);
  const size_t fields = flat.vector(2, kReference);
  flat.point(schema.fields[1], fields);
  const size_t first = flat.put<uint32_t>(0);
  const size_t second = flat.put<uint32_t>(0);
  add_field(flat, first, "N", kInt);
  add_field(flat, second, "TEXT", kUtf8);
  return message(flat, "");
}

std::string batch_message(int64_t first, int rows, int text_bytes) {
  const auto count = static_cast<size_t>(rows);
  const auto length = static_cast<size_t>(text_bytes);
  std::string body;
  std::vector<std::pair<size_t, size_t>> buffers;  // offset, length
  const auto add = [&](const std::string& bytes) {
    buffers.emplace_back(body.size(), bytes.size());
    body += bytes;
    body.resize(padded(body.size()), '\0');
  };
  std::string numbers(count * sizeof(int64_t), '\0');
  std::string ends((count + 1) * sizeof(int32_t), '\0');
  std::string text(count * length, 'x');
  for (size_t i = 0; i < count; ++i) {
    const int64_t number = first + static_cast<int64_t>(i);
    const auto end = static_cast<int32_t>((i + 1) * length);
    std::memcpy(numbers.data() + i * sizeof number, &number, sizeof number);
    std::memcpy(ends.data() + (i + 1) * sizeof end, &end, sizeof end);
  }
  add("");  // no nulls
  add(numbers);
  add("");
  add(ends);
  add(text);
  FlatBuffer flat;
  const size_t header = begin_message(flat, kRecordBatch, body.size());
  const auto batch = flat.table({8, kReference, kReference});
  flat.point(header, batch.start);
  flat.set<int64_t>(batch.fields[0], rows);
  flat.point(batch.fields[1], flat.vector(2, 8));
  for (int column = 0; column < 2; ++column) {
    flat.put<int64_t>(rows);
    flat.put<int64_t>(0);
  }
  flat.point(batch.fields[2], flat.vector(buffers.size(), 8));
  for (const auto& [offset, size] : buffers) {
    flat.put<int64_t>(static_cast<int64_t>(offset));
    flat.put<int64_t>(static_cast<int64_t>(size));
  }
  return message(flat, body);
}

}  // namespace

std::string arrow_stream(const ArrowRows& rows) {
  std::string text = schema_message();
  for (int i = 0; i < rows.batches; ++i) {
    text +=
        batch_message(rows.first + static_cast<int64_t>(i) * rows.rows, rows.rows, rows.text_bytes);
  }
  return text + std::string("\xFF\xFF\xFF\xFF\0\0\0\0", 8);
}

}  // namespace falaj::test
