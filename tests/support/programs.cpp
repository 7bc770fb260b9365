#include "support/programs.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "base/unique_fd.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

// One request on a connection of its own, read to its end.
std::string ask(int port, const std::string& request) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // The socket API takes every address family through one pointer type.
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return "";
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return "";
  std::string answer;
  std::string chunk(65536, '\0');
  while (true) {
    const auto got = ::recv(fd.get(), chunk.data(), chunk.size(), 0);
    if (got <= 0) break;
    answer.append(chunk.data(), static_cast<size_t>(got));
  }
  return answer;
}

}  // namespace

std::string support_script(const std::string& name) {
  return std::string(FALAJ_SOURCE_DIR) + "/tests/support/" + name;
}

std::string browse(const std::string& url) {
  const auto host = url.find("://") + 3;
  const auto path = url.find('/', host);
  const auto colon = url.find(':', host);
  return ask(std::atoi(url.c_str() + colon + 1),
             fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                         url.substr(path), url.substr(host, path - host)));
}

std::string program_path(const std::string& name) {
  const char* given = std::getenv("FALAJ_BIN_DIR");
  const std::string folder = given != nullptr && *given != '\0' ? given : FALAJ_BINARY_DIR;
  return folder + "/" + name;
}

SimStore::SimStore(std::vector<std::string> arguments) {
  std::vector<std::string> command = {program_path("salla-sim"), "serve", "--port", "0"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto started = ChildProcess::start({.command = std::move(command)});
  if (!started.ok()) {
    ADD_FAILURE() << started.error().to_text();
    return;
  }
  process_ = std::move(started).value();
  auto line = process_->read_line(60s);
  if (!line.ok()) {
    ADD_FAILURE() << line.error().to_text();
    return;
  }
  const auto at = line->find("http://");
  base_url_ = at == std::string::npos ? "" : line->substr(at);
  const auto colon = base_url_.rfind(':');
  port_ = colon == std::string::npos ? 0 : std::atoi(base_url_.c_str() + colon + 1);
}

Json SimStore::call(const std::string& method, const std::string& path, const std::string& body,
                    const std::string& content_type) {
  const auto answer =
      ask(port_, fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n"
                             "Content-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
                             method, path, port_, content_type, body.size(), body));
  const auto split = answer.find("\r\n\r\n");
  if (split == std::string::npos || answer.find(" 200 ") > 16) {
    ADD_FAILURE() << method << " " << path << ": " << answer.substr(0, 300);
    return {};
  }
  auto parsed = Json::parse(std::string_view(answer).substr(split + 4));
  if (!parsed.ok()) {
    ADD_FAILURE() << path << ": " << parsed.error().to_text();
    return {};
  }
  return *parsed;
}

Json SimStore::get(const std::string& path) {
  return call("GET", path, "");
}

Json SimStore::post(const std::string& path, const std::string& body) {
  return call("POST", path, body);
}

int64_t SimStore::requests() {
  return get("/_sim/counters")["total"].as_int(-1);
}

void SimStore::wait_for_requests(int64_t goal, ChildProcess& client) {
  while (requests() < goal && !client.has_ended()) std::this_thread::sleep_for(1ms);
}

std::string SimStore::refresh_token() {
  return call("POST", "/oauth2/token",
              "grant_type=refresh_token&client_id=a&client_secret=b&refresh_token=sim-refresh",
              "application/x-www-form-urlencoded")["access_token"]
      .as_string();
}

Falaj::Falaj(std::string home, std::string base_url, std::string token) : home_(std::move(home)) {
  environment_["SALLA_API_BASE_URL"] = std::move(base_url);
  environment_["SALLA_API_TOKEN"] = std::move(token);
  environment_["FALAJ_HOME"] = home_;
  environment_["FALAJ_QUOTA_DIR"] = home_ + "/quota";
}

Result<ChildProcess> Falaj::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {program_path("falaj")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return start_command(std::move(command));
}

Result<ChildProcess> Falaj::start_apart(const std::string& setup,
                                        const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {"/usr/bin/unshare",
                                      "--user",
                                      "--map-root-user",
                                      "--mount",
                                      "/bin/bash",
                                      "-c",
                                      setup + " && exec \"$0\" \"$@\"",
                                      program_path("falaj")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return start_command(std::move(command));
}

Result<ChildProcess> Falaj::start_command(std::vector<std::string> command) const {
  std::error_code ignored;
  std::filesystem::remove(stderr_path(), ignored);
  ChildProcess::Options options;
  options.command = std::move(command);
  options.environment.assign(environment_.begin(), environment_.end());
  options.working_directory = std::filesystem::path(home_).parent_path().string();
  options.stderr_file = stderr_path();
  return ChildProcess::start(std::move(options));
}

Finished Falaj::run(const std::vector<std::string>& arguments) const {
  return finish(start(arguments));
}

Finished Falaj::run_as_nobody(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
                                      "--clear-groups", program_path("falaj")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return finish(start_command(std::move(command)));
}

Finished Falaj::run_shell(const std::string& line) const {
  return finish(start_command({"/bin/bash", "-c", line, program_path("falaj")}));
}

Finished Falaj::finish(Result<ChildProcess> child) const {
  if (!child.ok()) {
    ADD_FAILURE() << child.error().to_text();
    return {};
  }
  Finished finished;
  finished.out = child->read_rest();
  const auto exit = child->wait();
  finished.status = exit.status;
  finished.signalled = exit.signalled;
  finished.err = read_text_file(stderr_path());
  return finished;
}

void Falaj::leave_out_other_lists() const {
  static const auto catalogue = run_ok({"catalog", "show"});
  const std::set<std::string> kept = {"store_info", "order_statuses", "customers", "products",
                                      "orders",     "order_items",    "deletions", "webhooks"};
  std::filesystem::create_directories(home_);
  std::ofstream file(home_ + "/catalogue.toml");
  for (const auto& stream : catalogue.as_array()) {
    const auto name = stream["stream"].as_string();
    if (!kept.contains(name)) file << "[streams." << name << "]\nenabled = false\n";
  }
}

Json Falaj::run_ok(std::vector<std::string> arguments) const {
  if (arguments.empty() || arguments.front().starts_with('-'))
    arguments.insert(arguments.begin(), "run");
  arguments.emplace_back("--json");
  const auto finished = run(arguments);
  EXPECT_EQ(finished.status, 0) << finished.out << finished.err;
  auto parsed = Json::parse(finished.out);
  if (!parsed.ok()) {
    ADD_FAILURE() << finished.out << finished.err;
    return {};
  }
  return *parsed;
}

Json::Array Falaj::sql(const std::string& query) const {
  const auto finished = run({"sql", "--json", query});
  EXPECT_EQ(finished.status, 0) << query << "\n" << finished.err;
  auto parsed = Json::parse(finished.out);
  if (!parsed.ok()) {
    ADD_FAILURE() << query << "\n" << finished.out << finished.err;
    return {};
  }
  return parsed->as_array();
}

std::string Falaj::csv(const std::string& query) const {
  auto finished = run({"sql", "--csv", query});
  EXPECT_EQ(finished.status, 0) << query << "\n" << finished.err;
  return std::move(finished.out);
}

std::string cell_text(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.as_string() : value.dump();
}

std::string Falaj::value(const std::string& query) const {
  const auto rows = sql(query);
  if (rows.size() != 1 || rows[0].as_object().empty()) {
    ADD_FAILURE() << query << ": " << rows.size() << " rows";
    return "";
  }
  return cell_text(rows[0].as_object()[0].second);
}

}  // namespace falaj::test
