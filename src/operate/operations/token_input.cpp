#include "operate/operations/token_input.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>

#include "base/text_file.hpp"
#include "base/token_text.hpp"

namespace falaj::operate::operations {
namespace {

Result<std::string> read_whole(Caller& caller, const std::string& path, const std::string& prompt) {
  if (path == "-") return caller.read_input("standard input", prompt);
  auto text = read_text_file(path);
  if (!text.ok()) return Error(ErrorKind::kUsage, text.error().message());
  return text;
}

}  // namespace

Result<Secret> token_of_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return Error(ErrorKind::kUsage, "the variable " + name + " is not set");
  return clean_token(value, "the variable " + name);
}

Result<Secret> token_of_file(Caller& caller, const std::string& path) {
  FALAJ_ASSIGN(const auto text,
               read_whole(caller, path, "Paste the store's access token, then Enter and Ctrl-D:"));
  if (trimmed(text).starts_with('{')) return Secret(std::string(trimmed(text)));  // an answer
  return clean_token_file(text, path == "-" ? "standard input" : "the file " + path);
}

Result<std::vector<NewStore>> stores_of_file(Caller& caller, const std::string& path) {
  FALAJ_ASSIGN(const auto text, read_whole(caller, path, ""));
  std::istringstream lines(text);
  std::vector<NewStore> stores;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto words = without_comment(line);
    if (words.empty()) continue;
    const auto blank = words.find_first_of(" \t");
    const auto place = fmt::format("{}, line {}", path, number);
    if (blank == std::string_view::npos)
      return Error(ErrorKind::kUsage, place + ": expected a name, a blank and a token");
    FALAJ_ASSIGN(auto token, clean_token(words.substr(blank), place));
    stores.push_back({std::string(unquoted(words.substr(0, blank))), std::move(token)});
  }
  if (stores.empty()) return Error(ErrorKind::kUsage, "there is no store in " + path);
  return stores;
}

}  // namespace falaj::operate::operations
