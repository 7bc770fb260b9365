// One HTTP request, read whole, as a handler sees it.
// Shape:    `path` and the query's names and values are percent-decoded ("+" in the query is a
//           space); `target` is what stood on the request line.
// Owns:     everything. Threads: a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace falaj::http_server {

using NameValue = std::pair<std::string, std::string>;

struct Request {
  std::string method;            // as sent: "GET"; may be one that nobody knows
  std::string target;            // "/orders?page=2"
  std::string path;              // "/orders"
  std::vector<NameValue> query;  // in the order of the request; names may repeat
  std::vector<NameValue> headers;
  std::string body;
  std::string peer;  // "127.0.0.1:50312"

  // First header of that name, without regard to case; nothing if absent.
  std::optional<std::string_view> header(std::string_view name) const;
  // First query value of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
  // All values given as `name`, `name[]` or `name[3]`, as PHP clients send lists.
  std::vector<std::string_view> parameters(std::string_view name) const;

  // Fills path and query from target.
  void decode_target();
};

// Percent-decodes; a broken escape stays as it is.
std::string percent_decode(std::string_view text, bool plus_is_space);
std::vector<NameValue> parse_query(std::string_view query);

}  // namespace falaj::http_server
