#include "cli/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <thread>

#include "base/unique_fd.hpp"
#include "cli/program.hpp"
#include "operate/operations/table.hpp"
#include "support/temp_dir.hpp"
#include "unit/cli/echo_console.hpp"

namespace falaj::cli {
namespace {

void add_store_and_webhooks(operate::Services& services) {
  services.store.list = [](const home::Home&) -> Result<std::vector<operate::StoreView>> {
    return std::vector<operate::StoreView>();
  };
  services.store.show = [](const home::Home&, const std::string&) -> Result<operate::StoreView> {
    return operate::StoreView();
  };
  services.store.remove = [](const home::Home&, const std::string&) -> Status { return {}; };
  services.store.rekey = [](const home::Home&, const Secret&) -> Status { return {}; };
  services.store.refresh = [](const home::Home&, const operate::RefreshRequest&)
      -> Result<std::vector<operate::StoreView>> { return std::vector<operate::StoreView>(1); };
  services.webhooks.serve = [](const home::Home&, const operate::WebhookServeRequest&,
                               const std::function<void(const std::string&)>& tell)
      -> Result<operate::WebhookServeReport> {
    tell("http://127.0.0.1:1/");
    return operate::WebhookServeReport();
  };
  services.webhooks.list = [](const home::Home&, const std::vector<std::string>&)
      -> Result<std::vector<operate::WebhookView>> { return std::vector<operate::WebhookView>(); };
}

operate::Services small_services() {
  operate::Services services;
  services.init = [](const home::Home& home) -> Result<operate::InitReport> {
    return operate::InitReport{.home = home.paths().root};
  };
  services.print_sql = [](const home::Home&) -> Result<std::string> { return std::string("SQL"); };
  services.check = [](const home::Home&) -> Result<std::vector<operate::CheckItem>> {
    return std::vector<operate::CheckItem>{{"disk", operate::CheckItem::State::kOk, "", "", 0}};
  };
  services.plan = [](const home::Home&,
                     const operate::RunRequest&) -> Result<std::vector<operate::PlanReport>> {
    return std::vector<operate::PlanReport>(1);
  };
  services.run = [](const home::Home&, const operate::RunRequest&,
                    const operate::ProgressSink&) -> Result<operate::RunReport> {
    return operate::RunReport();
  };
  services.status = [](const home::Home&, bool) -> Result<operate::StatusReport> {
    return operate::StatusReport();
  };
  services.quota = [](const home::Home&) -> Result<operate::QuotaReport> {
    return operate::QuotaReport();
  };
  services.coverage = [](const home::Home&) -> Result<std::vector<operate::Coverage>> {
    return std::vector<operate::Coverage>();
  };
  services.open_sql =
      [](const home::Home&,
         const operate::SqlRequest&) -> Result<std::unique_ptr<operate::SqlConsole>> {
    return std::unique_ptr<operate::SqlConsole>(std::make_unique<EchoConsole>());
  };
  services.config = [](const home::Home&) -> Result<std::vector<operate::SettingView>> {
    return std::vector<operate::SettingView>(1);
  };
  services.catalog = [](const home::Home&, const std::string&,
                        const std::string&) -> Result<std::vector<operate::StreamView>> {
    return std::vector<operate::StreamView>(2);
  };
  services.demo = [](const home::Home&, const operate::DemoRequest&,
                     const operate::ProgressSink&) -> Result<operate::DemoReport> {
    return operate::DemoReport();
  };
  services.accept = [](const home::Home&, const operate::AcceptRequest&,
                       const std::function<void(const std::string&)>&) {
    return Result<operate::AcceptReport>(operate::AcceptReport());
  };
  add_store_and_webhooks(services);
  return services;
}

int run(std::vector<const char*> words) {
  words.insert(words.begin(), "falaj");
  return run_program(static_cast<int>(words.size()), words.data(),
                     operate::operations::all(small_services()));
}

const std::vector<std::vector<const char*>>& commands() {
  static const std::vector<std::vector<const char*>> all = {
      {"--help"},
      {"--version"},
      {"run", "--help"},
      {"store", "add", "--help"},
      {"init"},
      {"init", "--print-sql"},
      {"check"},
      {"check", "--json"},
      {"plan"},
      {"plan", "--json"},
      {"run"},
      {"run", "--json"},
      {"reconcile"},
      {"backfill", "--from", "2025-01-01", "--to", "2025-01-02"},
      {"coverage"},
      {"coverage", "--json"},
      {"status"},
      {"status", "--json"},
      {"quota"},
      {"sql", "SELECT 1"},
      {"sql", "--csv", "SELECT 1"},
      {"sql", "--json", "SELECT 1"},
      {"config"},
      {"config", "--json"},
      {"catalog", "show"},
      {"catalog", "check"},
      {"demo"},
      {"demo", "--json"},
      {"store", "list"},
      {"store", "show", "a"},
      {"store", "remove", "a"},
      {"store", "refresh"},
      {"store", "rekey"},
      {"webhooks", "serve"},
      {"webhooks", "list"}};
  return all;
}

// Each in a process of its own: what has failed once stays failed.
void expect_end(const std::vector<const char*>& words, const std::function<void()>& arrange,
                const std::function<bool(int)>& end, const char* said) {
  std::string line;
  for (const auto* word : words) line += std::string(" ") + word;
  SCOPED_TRACE(line);
  EXPECT_EXIT(
      {
        arrange();
        ::_exit(run(words));
      },
      end, said);
}

TEST(Output, EachCommandEnds74OnAFullDisk) {
  for (const auto& words : commands()) {
    expect_end(
        words, [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); },
        testing::ExitedWithCode(74), "falaj: cannot write to standard output: No space left");
  }
}

TEST(Output, EachCommandEnds74WhenStandardOutputIsClosed) {
  const auto close_it = [] {
    ::close(STDOUT_FILENO);
    guard_standard_streams();
  };
  for (const auto& words : commands()) {
    expect_end(words, close_it, testing::ExitedWithCode(74),
               "falaj: cannot write to standard output: Bad file descriptor");
  }
}

TEST(Output, EachCommandEndsAsToolsDoWhenItsReaderGoes) {
  const auto break_it = [] {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    guard_standard_streams();
  };
  for (const auto& words : commands()) {
    expect_end(words, break_it, testing::KilledBySignal(SIGPIPE), "^$");
  }
}

TEST(Output, AFailureOfTheCommandItselfKeepsItsStatus) {
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"sql", "--json", "a", "--file", "b"},
        std::vector<const char*>{"nonsense"}}) {
    expect_end(
        words, [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); },
        testing::ExitedWithCode(64), "falaj: ");
  }
}

TEST(Output, AFileNeverTakesTheNumberOfAClosedStream) {
  EXPECT_EXIT(
      {
        for (const int number : {0, 1}) ::close(number);
        guard_standard_streams();
        const int opened = ::open("/dev/zero", O_RDWR);
        char byte = 0;
        // Neither stream works, and both numbers are taken.
        ::_exit(opened > 2 && ::read(0, &byte, 1) < 0 && ::write(1, "x", 1) < 0 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Output, TellsAWriterOfMuchToStop) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  Output out(full.get());
  const std::string line(1000, 'x');
  int lines = 0;
  while (out.is_good() && lines < 1000) {
    out.write(line);
    ++lines;
  }
  EXPECT_LT(lines, 100);
  EXPECT_EQ(out.flush().error().kind(), ErrorKind::kStorageFailed);
  EXPECT_FALSE(out.is_reader_gone());
}

TEST(Output, WritesAllThroughAPipeThatDoesNotBlock) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  ASSERT_EQ(::fcntl(reading.get(), F_SETFL, 0), 0);
  std::string read;
  std::jthread reader([&] {
    std::array<char, 4096> chunk{};
    for (ssize_t got = 0; (got = ::read(reading.get(), chunk.data(), chunk.size())) > 0;)
      read.append(chunk.data(), static_cast<size_t>(got));
  });
  std::string whole;
  {
    Output out(writing.get());
    for (int i = 0; i < 100'000; ++i) {
      const auto line = std::to_string(i) + "\n";
      whole += line;
      out.write(line);
    }
    EXPECT_TRUE(out.finish().ok());
  }
  writing.reset();
  reader.join();
  EXPECT_TRUE(read == whole) << read.size() << " of " << whole.size();
}

}  // namespace
}  // namespace falaj::cli
