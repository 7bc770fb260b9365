// Events a second that the receiver takes over loopback, and how long each waits for its answer:
// one thread keeps N connections busy with signed events, all different.
// usage: bench-webhooks --events 100000 --connections 64 --directory DIR [--not-durable]
// Prints one JSON object.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "operate/webhook_receiver.hpp"
#include "base/hmac.hpp"
#include "base/unique_fd.hpp"
#include "landing/file_store.hpp"

namespace falaj {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Arguments {
  int64_t events = 100'000;
  int connections = 64;
  std::string directory;
  bool is_not_durable = false;
};

// About what Salla's own example of order.created weighs: 3.5 kB.
std::string event_body(int64_t number) {
  static const std::string items = [] {
    std::string text;
    for (int i = 0; i < 6; ++i) {
      text += fmt::format(
          R"({}{{"id":{},"name":"قهوة سعودية مختصة فاخرة","sku":"SKU-{}","quantity":2,"currency":)"
          R"("SAR","weight":0.25,"amounts":{{"price_without_tax":{{"amount":59.5,"currency":"SAR"}},)"
          R"("total_discount":{{"amount":0,"currency":"SAR"}},"tax":{{"percent":"15.00","amount":)"
          R"({{"amount":17.85,"currency":"SAR"}}}},"total":{{"amount":119,"currency":"SAR"}}}},)"
          R"("options":[],"images":[],"codes":[],"files":[],"product":{{"id":{},"type":"product",)"
          R"("status":"sale","thumbnail":"https://cdn.salla.sa/DouwL2ZZl4/5xRJ7pSG2G.jpg"}}}})",
          i == 0 ? "" : ",", 1000 + i, i, 2000 + i);
    }
    return text;
  }();
  return fmt::format(
      R"({{"event":"order.created","merchant":1305146709,"created_at":)"
      R"("Sun Jun 26 2022 12:21:48 GMT+0300","data":{{"id":{},"reference_id":{},"status":)"
      R"({{"id":566146469,"name":"بإنتظار المراجعة","slug":"under_review"}},"amounts":{{"total":)"
      R"({{"amount":714,"currency":"SAR"}}}},"items":[{}]}}}})",
      number, number, items);
}

struct Link {
  UniqueFd fd;
  SteadyTime sent_at;
  std::string answer;
};

class Generator {
 public:
  Generator(uint16_t port, const Arguments& arguments) : arguments_(arguments) {
    epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
    links_.resize(static_cast<size_t>(arguments.connections));
    for (size_t i = 0; i < links_.size(); ++i) {
      links_[i].fd = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::connect(links_[i].fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) !=
          0) {
        std::perror("connect");
        std::exit(1);
      }
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, links_[i].fd.get(), &event);
    }
  }

  // Seconds it took.
  double run() {
    const auto start = std::chrono::steady_clock::now();
    for (auto& link : links_) send_next(link);
    std::vector<epoll_event> ready(links_.size());
    while (done_ < arguments_.events) {
      const int count =
          ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), 10'000);
      if (count <= 0) {
        std::fprintf(stderr, "no answer within 10 s\n");
        std::exit(1);
      }
      for (int i = 0; i < count; ++i) receive(links_[ready[static_cast<size_t>(i)].data.u64]);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  double percentile_ms(double share) {
    std::sort(waits_.begin(), waits_.end());
    return waits_[static_cast<size_t>(share * static_cast<double>(waits_.size() - 1))];
  }

 private:
  void send_next(Link& link) {
    if (sent_ >= arguments_.events) return;
    const auto body = event_body(sent_++);
    const auto request = fmt::format(
        "POST /webhooks/salla HTTP/1.1\r\nHost: h\r\nX-Salla-Signature: {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        to_hex(hmac_sha256("secret", body)), body.size(), body);
    link.sent_at = std::chrono::steady_clock::now();
    if (::send(link.fd.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      std::perror("send");
      std::exit(1);
    }
  }

  void receive(Link& link) {
    char buffer[4096];
    const auto got = ::recv(link.fd.get(), buffer, sizeof buffer, 0);
    if (got <= 0) {
      std::fprintf(stderr, "the receiver closed a connection\n");
      std::exit(1);
    }
    link.answer.append(buffer, static_cast<size_t>(got));
    if (!link.answer.ends_with('}')) return;
    if (!link.answer.starts_with("HTTP/1.1 200")) {
      std::fprintf(stderr, "answered: %s\n", link.answer.c_str());
      std::exit(1);
    }
    link.answer.clear();
    const auto now = std::chrono::steady_clock::now();
    waits_.push_back(std::chrono::duration<double, std::milli>(now - link.sent_at).count());
    ++done_;
    send_next(link);
  }

  const Arguments& arguments_;
  UniqueFd epoll_;
  std::vector<Link> links_;
  std::vector<double> waits_;
  int64_t sent_ = 0;
  int64_t done_ = 0;
};

int run(const Arguments& arguments) {
  landing::PosixFileStore files;
  SystemClock clock;
  const home::Home home(home::home_paths("."), {}, clock);
  UlidGenerator ulids(clock, 1);
  webhooks::ReceiverOptions options;
  options.secrets.general.emplace_back("secret");
  options.inbox.directory = arguments.directory;
  options.inbox.is_durable = !arguments.is_not_durable;
  auto receiver =
      webhooks::Receiver::start(files, clock, ulids, std::move(options), operate::receiver_hooks(home));
  if (!receiver.ok()) {
    std::fprintf(stderr, "%s\n", receiver.error().to_text().c_str());
    return 1;
  }
  Generator generator((*receiver)->port(), arguments);
  const double seconds = generator.run();
  const auto kept = (*receiver)->counters().kept;
  (*receiver)->stop();
  fmt::print(R"({{"events_per_s": {:.0f}, "p50_ms": {:.2f}, "p99_ms": {:.2f}, "kept": {}}})"
             "\n",
             static_cast<double>(arguments.events) / seconds, generator.percentile_ms(0.5),
             generator.percentile_ms(0.99), kept);
  return kept == arguments.events ? 0 : 1;
}

}  // namespace
}  // namespace falaj

int main(int argc, char** argv) {
  falaj::Arguments arguments;
  CLI::App app("events a second that falaj's receiver takes");
  app.add_option("--events", arguments.events)->check(CLI::Range(1000, 10'000'000));
  app.add_option("--connections", arguments.connections)->check(CLI::Range(1, 1000));
  app.add_option("--directory", arguments.directory, "an empty folder on the disk to measure")
      ->required();
  app.add_flag("--not-durable", arguments.is_not_durable);
  CLI11_PARSE(app, argc, argv);
  return falaj::run(arguments);
}
