#include "decode/page_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <mutex>

#include "base/json_part.hpp"
#include "decode/date_text.hpp"
#include "decode/decimal_text.hpp"
#include "decode/entity_key.hpp"
#include "decode/json_text.hpp"
#include "decode/volatile_members.hpp"

namespace falaj::decode {
namespace {

Error bad_response(std::string_view body, const std::string& why) {
  const size_t start = std::min(body.find_first_not_of(" \t\r\n"), body.size());
  std::string text = fmt::format("an answer that cannot be understood: {}", why);
  if (body.substr(start).starts_with('<')) text += "; it looks like HTML, not like Salla's API";
  return Error(ErrorKind::kBadResponse, fmt::format("{}; it begins: {}", text, excerpt(body, 120)));
}

std::string text_of(const JsonText& json, Token value) {
  std::string text;
  if (json.kind(value) == '"') {
    append_unescaped(text, json.raw_string(value));
  } else {
    text = json.raw(value);
  }
  return text;
}

int64_t int_of(const JsonText& json, Token value) {
  int64_t number = 0;
  const std::string_view text = json.kind(value) == '"' ? json.raw_string(value) : json.raw(value);
  return parse_integer(text, number) == NumberParse::kOk ? number : 0;
}

bool is_integer(const JsonText& json, Token value) {
  int64_t number = 0;
  const std::string_view text = json.kind(value) == '"' ? json.raw_string(value) : json.raw(value);
  return parse_integer(text, number) == NumberParse::kOk;
}

bool is_container(const JsonText& json, Token value) {
  return json.kind(value) == '{' || json.kind(value) == '[';
}

// A date of any of Salla's forms; nothing if it is none.
std::optional<UtcTime> time_of(const JsonText& json, Token value) {
  std::string_view zone;
  if (json.kind(value) == '{') {
    const auto named = json.member(value, "timezone");
    const auto date = json.member(value, "date");
    if (!date) return std::nullopt;
    std::optional<UtcTime> time;
    if (named && json.kind(*named) == '"') zone = json.raw_string(*named);
    value = *date;
  }
  if (json.kind(value) != '"') return std::nullopt;
  std::string plain;
  append_unescaped(plain, json.raw_string(value));
  std::string plain_zone;
  append_unescaped(plain_zone, zone);
  DateText date;
  if (parse_date(plain, date) != DateParse::kOk) return std::nullopt;
  return UtcTime(Micros(utc_micros(date, plain_zone)));
}

// Of {amount, currency}; 0 if it is no number.
float amount_of(const JsonText& json, Token money) {
  const auto amount = json.member(money, "amount");
  if (!amount) return 0;
  const std::string_view text =
      json.kind(*amount) == '"' ? json.raw_string(*amount) : json.raw(*amount);
  float value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// A non-empty `codes` or `files`.
bool is_sold_code(const JsonText& json, std::string_view key, Token value) {
  if (key.size() != 5 || (key != "codes" && key != "files")) return false;
  const char kind = json.kind(value);
  return (kind == '[' || kind == '{') && !json.is_empty_container(value);
}

bool lines_hold_sold_codes(const JsonText& json, Token lines) {
  bool found = false;
  json.each_item(lines, [&](Token line) {
    if (found || json.kind(line) != '{') return;
    json.each_member(line, [&](std::string_view key, Token value) {
      found = found || is_sold_code(json, key, value);
    });
  });
  return found;
}

IndexRow read_row(const JsonText& json, Token entity, bool& holds_sold_codes) {
  IndexRow row;
  if (json.kind(entity) != '{') return row;
  std::optional<UtcTime> date;
  json.each_member(entity, [&](std::string_view key, Token value) {
    if (key == "id") {
      row.id = int_of(json, value);
    } else if (key == "created_at") {
      row.created_at = time_of(json, value);
    } else if (key == "date") {
      date = time_of(json, value);
    } else if (key == "updated_at") {
      row.updated_at = time_of(json, value);
    } else if (key == "total" && json.kind(value) == '{') {
      row.value = amount_of(json, value);
    } else if (key == "slug" && json.kind(value) == '"') {
      row.slug = text_of(json, value);
    } else if (key == "status") {
      if (json.kind(value) == '"') row.status_slug = text_of(json, value);
      if (json.kind(value) != '{') return;
      const auto slug = json.member(value, "slug");
      if (slug && json.kind(*slug) == '"') row.status_slug = text_of(json, *slug);
    } else if (key == "items" && json.is_list(value)) {
      holds_sold_codes = holds_sold_codes || lines_hold_sold_codes(json, value);
    } else if (is_sold_code(json, key, value)) {
      holds_sold_codes = true;
    }
  });
  if (!row.created_at) row.created_at = date;
  return row;
}

// Nothing when it says neither how many rows nor how many pages there are.
std::optional<Pagination> read_pagination(const JsonText& json, Token object) {
  Pagination pagination;
  json.each_member(object, [&](std::string_view key, Token value) {
    if (key == "count") pagination.count = int_of(json, value);
    if (key == "total") {
      pagination.has_total = is_integer(json, value);
      pagination.total = int_of(json, value);
    }
    if (key == "perPage") pagination.per_page = int_of(json, value);
    if (key == "currentPage") pagination.current_page = int_of(json, value);
    if (key == "totalPages") pagination.total_pages = int_of(json, value);
  });
  if (!pagination.has_total) {
    if (pagination.total_pages <= 0) return std::nullopt;
    const auto page_rows = std::max({pagination.per_page, pagination.count, int64_t{1}});
    pagination.total = pagination.total_pages > 1 ? pagination.total_pages * page_rows
                                                  : std::max<int64_t>(0, pagination.count);
  }
  return pagination;
}

// A link to another page, or the name of one: not null, not empty.
bool is_link(const JsonText& json, Token value) {
  const char kind = json.kind(value);
  if (kind == '"') return !json.raw_string(value).empty();
  return kind != 'n' && kind != 'f' && !is_container(json, value);
}

void read_links(const JsonText& json, Token links, Announced& announced) {
  if (json.kind(links) != '{') return;
  const auto next = json.member(links, "next");
  if (next && is_link(json, *next)) announced.has_next = true;
}

// Reading pages is a hot path of extract, so the buffers of a text's index, some times its size, are
// kept from page to page. Not by each thread: there are some for each store, and only a few read at
// the same time.
class BorrowedJson {
 public:
  BorrowedJson() {
    auto& shelf = shared();
    const std::lock_guard lock(shelf.mutex);
    if (shelf.texts.empty()) return;
    text_ = std::move(shelf.texts.back());
    shelf.texts.pop_back();
  }
  ~BorrowedJson() {
    auto& shelf = shared();
    const std::lock_guard lock(shelf.mutex);
    if (shelf.texts.size() < kKept) shelf.texts.push_back(std::move(text_));
  }
  BorrowedJson(const BorrowedJson&) = delete;
  BorrowedJson& operator=(const BorrowedJson&) = delete;
  JsonText& operator*() { return text_; }

 private:
  static constexpr size_t kKept = 4;
  struct Shelf {
    std::mutex mutex;
    std::vector<JsonText> texts;
  };
  static Shelf& shared() {
    static Shelf shelf;
    return shelf;
  }
  JsonText text_;
};

}  // namespace

bool Announced::has_more() const {
  return has_next || !next_cursor.empty() || total > rows || pages > std::max<int64_t>(1, page);
}

int64_t Announced::missing() const {
  return std::max<int64_t>(total - rows, has_more() ? 1 : 0);
}

Announced announced_of(const JsonText& json) {
  Announced announced;
  json.each_member(json.root(), [&](std::string_view key, Token value) {
    const char kind = json.kind(value);
    if (key == "data" && json.is_list(value)) {
      json.each_item(value, [&announced](Token) { ++announced.rows; });
    } else if (key == "pagination" && kind == '{') {
      const auto pagination = read_pagination(json, value);
      if (pagination && pagination->has_total) announced.total = pagination->total;
      if (pagination && pagination->total_pages > 0) announced.pages = pagination->total_pages;
      if (pagination) announced.page = pagination->current_page;
      if (const auto links = json.member(value, "links")) read_links(json, *links, announced);
      read_links(json, value, announced);
    } else if (key == "cursor" && kind == '{') {
      const auto next = json.member(value, "next");
      if (next && is_link(json, *next)) announced.next_cursor = text_of(json, *next);
    } else if (key == "cursor" && is_link(json, value)) {
      announced.next_cursor = text_of(json, value);
    } else if (key == "links" && kind == '{') {
      read_links(json, value, announced);
    } else if (key == "next" && is_link(json, value)) {
      announced.has_next = true;
    }
  });
  return announced;
}

bool PageIndex::first_row_has(std::string_view member) const {
  return std::find(first_row_members.begin(), first_row_members.end(), member) !=
         first_row_members.end();
}

Result<PageIndex> PageIndex::read(std::string_view body,
                                  const std::vector<std::string>* volatile_members,
                                  const TableSpec* table, int64_t parent_id) {
  BorrowedJson borrowed;
  JsonText& json = *borrowed;
  body = json_part(body);
  if (const auto problem = json.index(body)) {
    return bad_response(body, "not valid JSON: " + problem->to_text(body));
  }
  if (json.kind(json.root()) != '{') {
    return bad_response(body, "found no object with `data` at the top");
  }
  PageIndex index;
  std::optional<Token> data;
  bool is_refused = false;
  json.each_member(json.root(), [&](std::string_view key, Token value) {
    const char kind = json.kind(value);
    if (key == "data") {
      data = value;
    } else if (key == "status") {
      index.status = int_of(json, value);
    } else if (key == "success") {
      is_refused = kind == 'f';
    } else if (key == "pagination" && kind == '{') {
      index.pagination = read_pagination(json, value);
    }
  });
  if (is_refused) return bad_response(body, "its envelope says success = false");
  if (!data) return bad_response(body, "its envelope has no `data`");
  const char kind = json.kind(*data);
  if (kind != '[' && kind != '{') {
    return bad_response(body, "`data` is neither an array nor an object");
  }
  const bool is_list = json.is_list(*data);
  index.data_is_array = is_list || json.is_empty_container(*data);
  index.announced = announced_of(json);
  index.next_cursor = index.announced.next_cursor;
  const VolatileMembers left_out(volatile_members != nullptr ? *volatile_members
                                                             : std::vector<std::string>());
  Sha256 hash;
  std::optional<EntityKey> ids;
  if (table != nullptr) ids.emplace(*table);
  const std::function<void(Token)> add = [&](Token entity) {
    if (index.rows.empty() && json.kind(entity) == '{') {
      json.each_member(
          entity, [&](std::string_view key, Token) { index.first_row_members.emplace_back(key); });
    }
    index.rows.push_back(read_row(json, entity, index.holds_sold_codes));
    if (volatile_members != nullptr) {
      index.rows.back().payload_key = first_63_bits(left_out.digest(json, entity, hash));
    }
    if (!ids || json.kind(entity) != '{') return;
    index.rows.back().id = ids->of(json, entity, parent_id).value_or(0);
    if (table->nested.empty()) return;
    const auto further = json.member(entity, table->nested);
    if (further && json.is_list(*further)) json.each_item(*further, add);
  };
  if (is_list) {
    json.each_item(*data, add);
  } else if (!index.data_is_array) {
    add(*data);
  }
  return index;
}

std::string ErrorBody::to_text() const {
  std::string text = code.empty() ? message : message.empty() ? code : code + ": " + message;
  for (size_t i = 0; i < fields.size(); ++i) {
    text += fmt::format("{}{}: {}", i == 0 ? " (" : "; ", fields[i].first, fields[i].second);
  }
  if (!fields.empty()) text += ')';
  return excerpt(text, 500);
}

Result<ErrorBody> ErrorBody::read(std::string_view body) {
  BorrowedJson borrowed;
  JsonText& json = *borrowed;
  body = json_part(body);
  if (const auto problem = json.index(body)) {
    return bad_response(body, "not valid JSON: " + problem->to_text(body));
  }
  if (json.kind(json.root()) != '{') return bad_response(body, "found no object at the top");
  ErrorBody result;
  const auto read_fields = [&](Token fields) {
    if (json.kind(fields) != '{') return;
    json.each_member(fields, [&](std::string_view name, Token value) {
      std::string messages;
      if (json.kind(value) == '[') {
        json.each_element(value, [&](Token one) {
          messages += (messages.empty() ? "" : "; ") + text_of(json, one);
        });
      } else {
        messages = text_of(json, value);
      }
      result.fields.emplace_back(std::string(name), std::move(messages));
    });
  };
  const auto read_error = [&](std::string_view key, Token value) {
    if (json.kind(value) == 'n') return;
    if (key == "code") result.code = text_of(json, value);
    if (key == "message") result.message = text_of(json, value);
    if (key == "fields") read_fields(value);
  };
  json.each_member(json.root(), [&](std::string_view key, Token value) {
    const char kind = json.kind(value);
    if (key == "error" && kind == '{') {
      json.each_member(value, read_error);
    } else if (key == "error" && kind != 'n') {
      result.code = text_of(json, value);
    } else if ((key == "error_description" || key == "message") && kind == '"') {
      if (result.message.empty()) result.message = text_of(json, value);
    }
  });
  return result;
}

}  // namespace falaj::decode
