// A value or the Error that prevented it. Returned by everything that can fail in operation, so
// that no failure can be overlooked: the class is [[nodiscard]].
// Threads:  a value.
// Requires: value() only when ok(), error() only when not: checked.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "base/error.hpp"

namespace falaj {

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    require_value();
    return std::get<0>(state_);
  }
  const T& value() const& {
    require_value();
    return std::get<0>(state_);
  }
  T&& value() && {
    require_value();
    return std::get<0>(std::move(state_));
  }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  Error& error() & {
    require_error();
    return std::get<1>(state_);
  }
  const Error& error() const& {
    require_error();
    return std::get<1>(state_);
  }
  Error&& error() && {
    require_error();
    return std::get<1>(std::move(state_));
  }

  // The same result, the error with one more line of trail: what was being done.
  Result while_doing(std::string doing) && {
    if (!ok()) std::get<1>(state_).while_doing(std::move(doing));
    return std::move(*this);
  }

 private:
  void require_value() const {
    FALAJ_CHECK(ok(), "value() of a failed result: {}", std::get<1>(state_).to_text());
  }
  void require_error() const { FALAJ_CHECK(!ok(), "error() of a good result"); }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { FALAJ_CHECK(ok(), "value() of a failed result: {}", error_->to_text()); }
  Error& error() & {
    FALAJ_CHECK(!ok(), "error() of a good result");
    return *error_;
  }
  const Error& error() const& {
    FALAJ_CHECK(!ok(), "error() of a good result");
    return *error_;
  }
  Error&& error() && {
    FALAJ_CHECK(!ok(), "error() of a good result");
    return std::move(*error_);
  }
  Result while_doing(std::string doing) && {
    if (!ok()) error_->while_doing(std::move(doing));
    return std::move(*this);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace falaj

#define FALAJ_CONCAT_INNER(a, b) a##b
#define FALAJ_CONCAT(a, b) FALAJ_CONCAT_INNER(a, b)

// FALAJ_TRY(expression): returns its error from the enclosing function.
#define FALAJ_TRY(...)                                              \
  do {                                                              \
    auto falaj_status = (__VA_ARGS__);                              \
    if (!falaj_status.ok()) return std::move(falaj_status).error(); \
  } while (false)

// FALAJ_ASSIGN(auto name, expression): name = the value, or returns the error.
#define FALAJ_ASSIGN(declaration, ...) \
  FALAJ_ASSIGN_IMPL(FALAJ_CONCAT(falaj_result_, __LINE__), declaration, __VA_ARGS__)
#define FALAJ_ASSIGN_IMPL(result, declaration, ...)   \
  auto result = (__VA_ARGS__);                        \
  if (!result.ok()) return std::move(result).error(); \
  declaration = std::move(result).value()
