#include "operate/report.hpp"

namespace falaj::operate {

std::string ReportShape::name() const {
  if (record == nullptr) return "";
  if (!text_form.empty()) return text_form;
  return form == Form::kOne ? record->name : record->name + " list";
}

}  // namespace falaj::operate
