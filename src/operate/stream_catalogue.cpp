#include "operate/stream_catalogue.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/closest.hpp"
#include "stores/home_streams.hpp"

namespace falaj::operate {

Result<std::vector<StreamView>> show_catalogue(const home::Home& home, const std::string& file,
                                               const std::string& stream) {
  FALAJ_ASSIGN(const auto streams,
               file.empty() ? stores::home_streams(home.paths()) : stores::streams_with(file));
  std::vector<StreamView> views;
  for (const auto& one : streams) {
    if (!stream.empty() && one.name != stream) continue;
    StreamView view;
    view.name = one.name;
    view.path = one.path;
    view.paging = to_string(one.paging);
    view.parent = one.parent;
    view.changes = to_string(one.changes);
    view.scope = one.scope;
    view.bucket = one.bucket;
    view.cost = extract::cost_of(one);
    view.table = "BRONZE." + one.table.table;
    view.note = one.note;
    view.document = one.document;
    view.is_enabled = one.is_enabled;
    for (const auto& field : one.table.fields) {
      const auto& important = one.table.important;
      view.columns.push_back(
          {field.column, std::string(connectors::salla::kind_name(field.kind)),
           fmt::format("{}", fmt::join(field.paths, ", ")),
           std::string(to_string(meaning_of(one.table, field, decode::Empty::kList))),
           std::string(to_string(meaning_of(one.table, field, decode::Empty::kText))),
           std::find(important.begin(), important.end(), field.column) != important.end()});
    }
    views.push_back(std::move(view));
  }
  if (views.empty()) {
    std::vector<std::string> names;
    for (const auto& one : streams) names.push_back(one.name);
    return Error(ErrorKind::kUsage,
                 fmt::format("no stream is called {}{}; `falaj catalog show` lists them",
                             excerpt(stream, 80), did_you_mean(stream, names)));
  }
  return views;
}

}  // namespace falaj::operate
