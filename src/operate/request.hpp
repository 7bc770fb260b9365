// What one call of an operation was given, checked against the declared options: every face makes
// its requests here, so that all of them accept the same and refuse it in the same words.
// Threads:  a value.
// Errors:   kUsage: an option that is not declared, is missing, does not go with another, or has a
//           value that does not fit.
// Requires: what is asked for is declared: checked.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "operate/option.hpp"

namespace falaj::operate {

class Request {
 public:
  // The values as written, by the option's name; a flag that is set has one, "true".
  using Given = std::map<std::string, std::vector<std::string>>;

  static Result<Request> make(const std::vector<Option>& options, Given given);
  // Of an object: texts, numbers, true and false, lists of a repeatable option; null: not given.
  static Result<Request> from_json(const std::vector<Option>& options, const Json& object);

  // Whether the operation has such an option.
  bool declares(std::string_view name) const;
  // Whether it was given; a default is not.
  bool has(std::string_view name) const;
  // The value, else the default, else "".
  std::string text(std::string_view name) const;
  std::optional<int64_t> integer(std::string_view name) const;
  // Of a duration, in seconds.
  std::optional<double> seconds(std::string_view name) const;
  bool flag(std::string_view name) const;
  // Of a repeatable option: all of them.
  std::vector<std::string> texts(std::string_view name) const;

 private:
  const Option& option(std::string_view name) const;

  std::vector<Option> options_;
  Given given_;
};

}  // namespace falaj::operate
