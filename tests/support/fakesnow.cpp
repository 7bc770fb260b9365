#include "support/fakesnow.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "base/child_process.hpp"

namespace falaj::test {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = FALAJ_SOURCE_DIR;

std::string python() {
  return (kSource / "build/fakesnow-venv/bin/python").string();
}

}  // namespace

bool has_fakesnow() {
  return fs::exists(kSource / "build/fakesnow-venv/requirements.sha256") &&
         !snowflake_driver().empty();
}

std::vector<std::string> fakesnow_command() {
  return {python(), (kSource / "tools/fakesnow-server").string()};
}

const std::string& fakesnow_url() {
  static std::optional<ChildProcess> server;
  static std::string url;
  if (server) return url;
  ChildProcess::Options options;
  options.command = fakesnow_command();
  // What it says of each refused statement is not of interest here.
  options.stderr_file = "/dev/null";
  auto started = ChildProcess::start(std::move(options));
  EXPECT_TRUE(started.ok()) << started.error().to_text();
  if (!started.ok()) return url;
  server.emplace(std::move(*started));
  const auto line = server->read_line(std::chrono::seconds(120));
  EXPECT_TRUE(line.ok()) << "fakesnow did not start";
  if (line.ok()) url = line->substr(line->rfind(' ') + 1);
  return url;
}

std::string snowflake_driver() {
  const auto place = kSource / "build/deps/lib/falaj/libadbc_driver_snowflake.so";
  return fs::exists(place) ? place.string() : "";
}

}  // namespace falaj::test
