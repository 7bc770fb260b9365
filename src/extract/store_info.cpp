#include "extract/store_info.hpp"

#include "base/json.hpp"
#include "base/json_part.hpp"

namespace falaj::extract {

Result<StoreInfo> parse_store_info(std::string_view body) {
  FALAJ_ASSIGN(const auto json, Json::parse(json_part(body)).while_doing("reading /store/info"));
  const Json& data = json["data"];
  StoreInfo info;
  info.id =
      data["id"].is_string() ? std::atoll(data["id"].as_string().c_str()) : data["id"].as_int();
  info.name = data["name"].as_string();
  info.plan = data["plan"].as_string();
  info.currency = data["currency"].as_string();
  if (info.id <= 0) {
    return Error(ErrorKind::kBadResponse, "/store/info has no data.id: " + excerpt(body));
  }
  return info;
}

}  // namespace falaj::extract
