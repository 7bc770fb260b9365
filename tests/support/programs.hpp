// The two real programs, as a test drives them: salla-sim started on a free port, falaj run with
// arguments. Both are stopped by process id.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/json.hpp"

namespace falaj::test {

// Folder of the programs under test (FALAJ_BIN_DIR when set, else where this build put them).
std::string program_path(const std::string& name);

// A script of tests/support.
std::string support_script(const std::string& name);

// One GET, as a browser sends it, to a port of this machine; the whole answer, head included.
std::string browse(const std::string& url);

class SimStore {
 public:
  // Starts `salla-sim serve --port 0 <arguments>`; fails the test if it does not come up.
  explicit SimStore(std::vector<std::string> arguments);
  const std::string& base_url() const { return base_url_; }
  // Where accounts.salla.sa is simulated.
  std::string accounts_url() const { return base_url_.substr(0, base_url_.find("/admin/v2")); }
  // Control calls (GET /_sim/..., POST with a JSON body); fails the test unless answered 200.
  Json get(const std::string& path);
  Json post(const std::string& path, const std::string& body);
  // Requests counted so far over all API endpoints.
  int64_t requests();
  // Counting starts again.
  void reset_counters() { call("DELETE", "/_sim/counters", ""); }
  // Returns when `goal` requests are counted, or `client` has ended.
  void wait_for_requests(int64_t goal, ChildProcess& client);
  // Spends the store's first refresh token; the new access token.
  std::string refresh_token();

 private:
  Json call(const std::string& method, const std::string& path, const std::string& body,
            const std::string& content_type = "application/json");
  std::optional<ChildProcess> process_;
  std::string base_url_;
  int port_ = 0;
};

struct Finished {
  int status = 0;
  bool signalled = false;
  std::string out;
  std::string err;
};

// Runs falaj to its end, with the store's URL and token in its environment.
class Falaj {
 public:
  Falaj(std::string home, std::string base_url, std::string token = "sim-token");
  Finished run(const std::vector<std::string>& arguments) const;
  Result<ChildProcess> start(const std::vector<std::string>& arguments) const;
  // The same in a mount namespace of its own, after `setup` (shell commands).
  Result<ChildProcess> start_apart(const std::string& setup,
                                   const std::vector<std::string>& arguments) const;
  // As a user of this machine without any rights; only where the test runs as root.
  Finished run_as_nobody(const std::vector<std::string>& arguments) const;
  // A line of shell, "$0" being falaj.
  Finished run_shell(const std::string& line) const;
  // `falaj run --json`, which must succeed; its report. Arguments may name another command first.
  Json run_ok(std::vector<std::string> arguments = {}) const;
  // `falaj sql --json`: rows of a query, which must succeed.
  Json::Array sql(const std::string& query) const;
  // `falaj sql --csv` of a query, which must succeed: the text.
  std::string csv(const std::string& query) const;
  // The single value of a query, as text ("" for NULL).
  std::string value(const std::string& query) const;
  // Writes a catalogue in which the lists that are read by no procedure of their own are left out:
  // they are some thirty requests a run.
  void leave_out_other_lists() const;
  void set_environment(const std::string& name, const std::string& value) {
    environment_[name] = value;
  }
  const std::string& home() const { return home_; }
  std::string stderr_path() const { return home_ + ".stderr"; }

 private:
  Result<ChildProcess> start_command(std::vector<std::string> command) const;
  Finished finish(Result<ChildProcess> child) const;
  std::string home_;
  std::map<std::string, std::string> environment_;
};

// A JSON value as SQL clients print it: numbers bare, text as is.
std::string cell_text(const Json& value);

}  // namespace falaj::test
