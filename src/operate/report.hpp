// What an operation answers: data with a declared shape. Each face makes its own form of it: JSON
// here, text in the command line.
// Shape:    one record, a list of them, or one of which a home with several stores has a list.
// Owns:     a copy of the value; the description must outlive it: it is a static.
// Threads:  a value.
#pragma once

#include <any>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "operate/described.hpp"

namespace falaj::operate {

struct ReportShape {
  enum class Form {
    kOne,
    kList,
    kOneOrNamedList,  // the record itself; of several {"NAME": [...]}
  };
  const RecordShape* record = nullptr;  // null: the operation answers row by row (sql)
  Form form = Form::kOne;
  std::string list_name;  // of kOneOrNamedList
  std::string text_form;  // empty: by the record

  // By which a face looks for a text form of its own: "run", "store list".
  std::string name() const;
  // The same data in another text form.
  ReportShape in_form(std::string name) const {
    auto shape = *this;
    shape.text_form = std::move(name);
    return shape;
  }
};

class Report {
 public:
  template <typename T>
  static Report of(T value, const Described<T>& described, int exit_status = 0) {
    Report report({&described.shape(), ReportShape::Form::kOne, "", ""}, exit_status);
    report.to_json_ = [&described](const std::any& held) {
      return described.to_json(std::any_cast<const T&>(held));
    };
    report.value_ = std::move(value);
    return report;
  }
  template <typename T>
  static Report list(std::vector<T> values, const Described<T>& described, int exit_status = 0) {
    Report report({&described.shape(), ReportShape::Form::kList, "", ""}, exit_status);
    report.to_json_ = [&described](const std::any& held) {
      return described.to_json(std::any_cast<const std::vector<T>&>(held));
    };
    report.value_ = std::move(values);
    return report;
  }
  // One value is its record, several are {"NAME": [...]}.
  template <typename T>
  static Report one_or_list(std::vector<T> values, const Described<T>& described, std::string name,
                            int exit_status = 0) {
    Report report({&described.shape(), ReportShape::Form::kOneOrNamedList, name, ""}, exit_status);
    report.to_json_ = [&described, name = std::move(name)](const std::any& held) {
      const auto& all = std::any_cast<const std::vector<T>&>(held);
      if (all.size() == 1) return described.to_json(all.front());
      Json json;
      json.set(name, described.to_json(all));
      return json;
    };
    report.value_ = std::move(values);
    return report;
  }

  // The same data in another text form.
  Report in_form(std::string name) && {
    shape_.text_form = std::move(name);
    return std::move(*this);
  }

  const ReportShape& shape() const { return shape_; }
  // Of the command; a report may say that the data are wrong.
  int exit_status() const { return exit_status_; }
  Json to_json() const { return to_json_(value_); }
  // The value, for a face that prints it in a way of its own; null if it is of another type.
  template <typename T>
  const T* as() const {
    return std::any_cast<T>(&value_);
  }

 private:
  Report(ReportShape shape, int exit_status)
      : shape_(std::move(shape)), exit_status_(exit_status) {}

  ReportShape shape_;
  int exit_status_ = 0;
  std::any value_;
  std::function<Json(const std::any&)> to_json_;
};

// Declared shapes of operations.
template <typename T>
ReportShape one_of(const Described<T>& described) {
  return {&described.shape(), ReportShape::Form::kOne, "", ""};
}
template <typename T>
ReportShape list_of(const Described<T>& described) {
  return {&described.shape(), ReportShape::Form::kList, "", ""};
}
template <typename T>
ReportShape one_or_list_of(const Described<T>& described, std::string name) {
  return {&described.shape(), ReportShape::Form::kOneOrNamedList, std::move(name), ""};
}

}  // namespace falaj::operate
