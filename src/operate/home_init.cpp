#include "operate/home_init.hpp"

#include <filesystem>
#include <fstream>

#include "base/system_error.hpp"
#include "home/home_access.hpp"

namespace falaj::operate {

namespace fs = std::filesystem;

Result<InitReport> init_home(const home::Home& home) {
  InitReport report;
  report.home = home.paths().root;
  for (const auto& folder : {home.paths().root, home.paths().landing(),
                             home.paths().root + "/state", home.paths().lake()}) {
    std::error_code problem;
    const bool is_new = fs::create_directories(folder, problem);
    if (problem) {
      return Error(ErrorKind::kStorageFailed,
                   fmt::format("cannot make the folder {}: {}", folder, system_text(problem)));
    }
    (is_new ? report.created : report.kept).push_back(folder);
  }
  FALAJ_TRY(home::give_home_to(home.paths().root, home.settings().home_group));
  if (fs::exists(home.paths().settings_file())) {
    report.kept.push_back(home.paths().settings_file());
    return report;
  }
  std::ofstream file(home.paths().settings_file());
  file << config::default_file();
  file.close();
  if (!file)
    return Error(ErrorKind::kStorageFailed, "cannot write " + home.paths().settings_file());
  report.created.push_back(home.paths().settings_file());
  return report;
}

Result<std::vector<SettingView>> show_config(const home::Home& home) {
  std::vector<SettingView> views;
  for (const auto& setting : home.loaded().all) {
    views.push_back({setting.name, setting.value, setting.origin, setting.help});
  }
  return views;
}

}  // namespace falaj::operate
