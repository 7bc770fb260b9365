// The gate against servers whose headers are wrong, absent or not the whole truth: neither a storm
// of 429 nor a stall may follow. Three clients on one record, eight requests each, for some minutes.
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>

#include "http/quota_gate.hpp"

namespace falaj::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::floor;
using std::chrono::seconds;

constexpr UtcTime kStart{Micros(1'795'000'020'000'000)};  // 20 s into a minute
constexpr size_t kClients = 3;
constexpr size_t kAtOnce = 8;
constexpr int kMinutes = 6;
constexpr int64_t kAll = kMinutes * 120;

std::string http_date(UtcTime time) {
  const auto second = time.time_since_epoch() / 1s;
  std::tm parts{};
  const std::time_t unix_time = second;
  ::gmtime_r(&unix_time, &parts);
  std::string text(64, '\0');
  text.resize(std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
  return text;
}

// What the server does, and what it says of it.
struct Server {
  int64_t limit = 120;
  Micros skew{0};  // of its clock
  bool sends_date = true;
  bool sends_retry_after = true;
  double foreign_a_second = 0;  // requests of somebody else
  std::function<void(Server&, UtcTime)> before;
  // The values of Limit, Remaining and Reset; empty: not sent.
  std::function<std::array<std::string, 3>(int64_t most, int64_t remaining, int64_t reset,
                                           int64_t number)>
      says = [](int64_t most, int64_t remaining, int64_t reset, int64_t) {
        return std::array{std::to_string(most), std::to_string(remaining), std::to_string(reset)};
      };

  int64_t window = -1;
  int64_t used = 0;
  int64_t number = 0;
  double foreign_due = 0;
  int64_t granted = 0;
  int64_t refused = 0;

  UtcTime clock(UtcTime now) const { return now + skew; }
  void roll(UtcTime now) {
    const auto current = clock(now).time_since_epoch() / 60s;
    if (current == window) return;
    window = current;
    used = 0;
  }
  void step(UtcTime now, Micros duration) {
    if (before) before(*this, now);
    roll(now);
    foreign_due += foreign_a_second * std::chrono::duration<double>(duration).count();
    for (; foreign_due >= 1; --foreign_due) {
      if (used < limit) ++used;
    }
  }
  struct Reply {
    Headers headers;
    bool is_refused = false;
  };
  Reply serve(UtcTime now) {
    roll(now);
    Reply reply;
    reply.is_refused = used >= limit;
    reply.is_refused ? ++refused : ++granted;
    if (!reply.is_refused) ++used;
    const auto reset = (window + 1) * 60;
    const auto said = says(limit, std::max<int64_t>(0, limit - used), reset, ++number);
    constexpr std::array kNames = {"X-RateLimit-Limit", "X-RateLimit-Remaining",
                                   "X-RateLimit-Reset"};
    for (size_t i = 0; i < said.size(); ++i) {
      if (!said[i].empty()) reply.headers.add(kNames[i], said[i]);
    }
    if (sends_date) reply.headers.add("Date", http_date(clock(now)));
    const auto left = reset - clock(now).time_since_epoch() / 1s;
    if (reply.is_refused && sends_retry_after)
      reply.headers.add("Retry-After", std::to_string(left));
    return reply;
  }
};

struct Outcome {
  int64_t granted = 0;
  int64_t refused = 0;
  std::vector<int64_t> granted_by_minute;  // whole ones
  Micros longest_pause{0};                 // between two requests
};

// Clients that always have a request waiting.
class Race {
 public:
  Race(Server server, unsigned seed) : server_(std::move(server)), random_(seed) {
    const auto record = std::make_shared<QuotaRecord>();
    for (size_t i = 0; i < kClients; ++i) {
      QuotaOptions options;
      options.per_second_without_headers = 1;
      options.book = std::make_shared<Book>(record, i);
      clients_.emplace_back();
      clients_.back().gate = std::make_unique<QuotaGate>(clock_, options);
    }
  }

  Outcome run(int minutes) {
    Outcome outcome;
    UtcTime last = clock_.now();
    const auto begin = clock_.now() + 40s;
    while (clock_.now() < begin + minutes * 60s) {
      const auto granted = server_.granted;
      step();
      const auto now = clock_.now();
      if (server_.granted == granted) continue;
      outcome.longest_pause = std::max(outcome.longest_pause, Micros(now - last));
      last = now;
      if (now < begin) continue;
      const auto minute = static_cast<size_t>((now - begin) / 60s);
      outcome.granted_by_minute.resize(static_cast<size_t>(minutes));
      if (minute < outcome.granted_by_minute.size())
        outcome.granted_by_minute[minute] += server_.granted - granted;
    }
    outcome.longest_pause = std::max(outcome.longest_pause, Micros(clock_.now() - last));
    for (const auto each : outcome.granted_by_minute) outcome.granted += each;
    outcome.refused = server_.refused;
    return outcome;
  }

 private:
  class Book final : public QuotaBook {
   public:
    Book(std::shared_ptr<QuotaRecord> record, size_t member)
        : record_(std::move(record)), member_(member) {}
    void with(const std::function<void(QuotaRecord&)>& work) override { work(*record_); }
    size_t member() const override { return member_; }
    bool is_alive(size_t) const override { return true; }

   private:
    std::shared_ptr<QuotaRecord> record_;
    size_t member_;
  };
  struct Flight {
    Micros sent_at;
    UtcTime served_at;  // half way
    UtcTime back_at;
    std::optional<Server::Reply> reply;
  };
  struct Client {
    std::unique_ptr<QuotaGate> gate;
    std::deque<Flight> flights;
    UtcTime not_before{};
  };

  void step() {
    constexpr Micros kStep = 7ms;
    clock_.advance(kStep);
    server_.step(clock_.now(), kStep);
    std::shuffle(clients_.begin(), clients_.end(), random_);
    for (auto& client : clients_) {
      take_answers(client);
      while (client.flights.size() < kAtOnce && clock_.now() >= client.not_before &&
             client.gate->acquire(Bucket::kStore) == 0us) {
        const auto there = Micros(5'000 + random_() % 150'000);
        const auto back = Micros(5'000 + random_() % 50'000);
        const auto now = clock_.now();
        client.flights.push_back({clock_.shared_now(), now + there, now + there + back, {}});
      }
    }
  }

  void take_answers(Client& client) {
    const auto now = clock_.now();
    std::erase_if(client.flights, [&](Flight& flight) {
      if (!flight.reply && flight.served_at <= now) flight.reply = server_.serve(now);
      if (!flight.reply || flight.back_at > now) return false;
      const auto& reply = *flight.reply;
      const QuotaGate::Answer answer{Bucket::kStore, &reply.headers, flight.sent_at,
                                     reply.is_refused};
      client.gate->observe(answer);
      if (reply.is_refused) {
        std::optional<Micros> told;
        if (const auto text = reply.headers.find("Retry-After"))
          told = seconds(std::atoll(text->c_str()));
        client.gate->refuse(answer, told, 60s);
      }
      return true;
    });
  }

  ManualClock clock_{kStart};
  Server server_;
  std::mt19937 random_;
  std::vector<Client> clients_;
};

class QuotaFaults : public ::testing::Test {
 protected:
  Outcome race(Server server, int minutes = kMinutes) {
    const auto outcome = Race(std::move(server), seed_).run(minutes);
    std::printf("granted %lld, refused %lld, longest pause %lld ms; by minute:",
                static_cast<long long>(outcome.granted), static_cast<long long>(outcome.refused),
                static_cast<long long>(outcome.longest_pause / 1ms));
    for (const auto each : outcome.granted_by_minute)
      std::printf(" %lld", static_cast<long long>(each));
    std::printf("\n");
    return outcome;
  }
  void SetUp() override { std::printf("seed %u\n", seed_); }
  const unsigned seed_ = std::random_device{}();
};

TEST_F(QuotaFaults, AnHonestServerIsUsedUpAndNeverRefuses) {
  const auto outcome = race({});
  EXPECT_EQ(outcome.refused, 0);
  EXPECT_GE(outcome.granted, kAll * 97 / 100);
}

TEST_F(QuotaFaults, WithoutHeadersOneASecond) {
  Server server;
  server.says = [](int64_t, int64_t, int64_t, int64_t) { return std::array<std::string, 3>(); };
  const auto outcome = race(server);
  EXPECT_EQ(outcome.refused, 0);
  EXPECT_GE(outcome.granted, kMinutes * 55);
  EXPECT_LE(outcome.granted, kMinutes * 61);
}

TEST_F(QuotaFaults, HeadersThatAreNoNumbersAreNoHeaders) {
  for (const auto& said :
       {std::array<std::string, 3>{"many", "some", "soon"},
        std::array<std::string, 3>{"120 a minute", "7 left", "in a minute"},
        std::array<std::string, 3>{"-1", "-1", "-1"}, std::array<std::string, 3>{"0", "0", "0"},
        std::array<std::string, 3>{"1e3", "0x10", "NaN"}}) {
    Server server;
    server.says = [said](int64_t, int64_t, int64_t, int64_t) { return said; };
    const auto outcome = race(server, 3);
    EXPECT_EQ(outcome.refused, 0) << said[0];
    EXPECT_GE(outcome.granted, 3 * 55) << said[0];
  }
}

TEST_F(QuotaFaults, HugeNumbersAreNotBelieved) {
  const std::string huge = "9223372036854775807";
  Server server;
  server.says = [&](int64_t, int64_t, int64_t, int64_t) { return std::array{huge, huge, huge}; };
  auto outcome = race(server, 3);
  EXPECT_EQ(outcome.refused, 0);
  EXPECT_GE(outcome.granted, 3 * 55);
  // Only the reset: the minute is then ours, and the server's refusal says where it ends.
  server.says = [&](int64_t limit, int64_t remaining, int64_t, int64_t) {
    return std::array{std::to_string(limit), std::to_string(remaining), huge};
  };
  outcome = race(server);
  EXPECT_LE(outcome.refused, kMinutes * 2);
  EXPECT_GE(outcome.granted, kAll * 80 / 100);
}

TEST_F(QuotaFaults, HeadersThatAreThereNowAndThen) {
  Server server;
  server.says = [](int64_t limit, int64_t remaining, int64_t reset, int64_t number) {
    if (number % 3 != 0) return std::array<std::string, 3>();
    return std::array{std::to_string(limit), std::to_string(remaining), std::to_string(reset)};
  };
  const auto outcome = race(server);
  EXPECT_EQ(outcome.refused, 0);
  EXPECT_GE(outcome.granted, kAll * 75 / 100) << "caution costs some where most answers are silent";
}

TEST_F(QuotaFaults, AResetInThePastStallsNothing) {
  for (const int64_t past : {5, 20 * 60, 3 * 3600}) {
    Server server;
    server.says = [past](int64_t limit, int64_t remaining, int64_t reset, int64_t) {
      return std::array{std::to_string(limit), std::to_string(remaining),
                        std::to_string(reset - 60 - past)};
    };
    const auto outcome = race(server);
    EXPECT_LE(outcome.refused, kMinutes * 3) << past;
    EXPECT_GE(outcome.granted, kAll * 45 / 100) << past;
    EXPECT_LE(outcome.longest_pause, 125s) << past;
  }
}

TEST_F(QuotaFaults, AResetThatIsToldInSecondsFromNow) {
  Server server;
  server.before = [](Server& self, UtcTime now) {
    const auto left = 60 - self.clock(now).time_since_epoch() / 1s % 60;
    self.says = [left](int64_t limit, int64_t remaining, int64_t, int64_t) {
      return std::array{std::to_string(limit), std::to_string(remaining), std::to_string(left)};
    };
  };
  const auto outcome = race(server);
  EXPECT_LE(outcome.refused, 3);
  EXPECT_GE(outcome.granted, kAll * 95 / 100);
}

TEST_F(QuotaFaults, ALimitThatShrinksAndGrowsWithinAMinute) {
  Server server;
  server.before = [](Server& self, UtcTime now) {
    const auto second = (now - kStart) / 1s;
    self.limit = second > 100 && second < 220 ? 60 : 120;
  };
  const auto outcome = race(server);
  EXPECT_LE(outcome.refused, static_cast<int64_t>(kClients * kAtOnce))
      << "what was under way when it shrank, once";
  EXPECT_GE(outcome.granted, (4 * 120 + 2 * 60) * 95 / 100);
}

TEST_F(QuotaFaults, AServerClockThatGoesWrongIsFollowedByItsDate) {
  for (const auto skew : {Micros(5h), Micros(-5h), Micros(7s), Micros(-7s)}) {
    Server server;
    server.skew = skew;
    const auto outcome = race(server);
    EXPECT_EQ(outcome.refused, 0) << skew.count();
    EXPECT_GE(outcome.granted, kAll * 97 / 100) << skew.count();
  }
}

TEST_F(QuotaFaults, AServerClockThatIsSetBackAndForth) {
  Server server;
  server.before = [](Server& self, UtcTime now) {
    const auto second = (now - kStart) / 1s;
    self.skew = second > 100 && second < 250 ? -8s : 0s;
  };
  const auto outcome = race(server);
  EXPECT_LE(outcome.refused, 5);
  EXPECT_GE(outcome.granted, kAll * 90 / 100);
}

TEST_F(QuotaFaults, ASkewWithoutADateIsLearnedFromTheAnswers) {
  for (const auto skew : {Micros(-7s), Micros(7s), Micros(-40s)}) {
    Server server;
    server.sends_date = false;
    server.sends_retry_after = false;
    server.skew = skew;
    const auto outcome = race(server);
    EXPECT_LE(outcome.refused, 2 * kMinutes) << skew.count();
    EXPECT_GE(outcome.granted, kAll * 75 / 100) << skew.count();
    EXPECT_LE(outcome.longest_pause, 125s) << skew.count();
  }
}

TEST_F(QuotaFaults, WhatRemainsMayGrowWithinAMinute) {
  Server server;
  server.before = [](Server& self, UtcTime now) {
    // Half of what was used is given back in the middle of each minute.
    const auto second = self.clock(now).time_since_epoch() / 10ms % 6000;
    if (second == 3000 || second == 3001) self.used = std::min<int64_t>(self.used, 60);
  };
  const auto outcome = race(server);
  EXPECT_EQ(outcome.refused, 0);
  EXPECT_GE(outcome.granted, kAll * 97 / 100);
}

TEST_F(QuotaFaults, SomebodyElseEatsOfTheSameQuota) {
  for (const double foreign : {0.5, 1.8, 20.0}) {
    Server server;
    server.foreign_a_second = foreign;
    const auto outcome = race(server);
    // Who is quicker has the rest: against twenty a second we get about half.
    const auto left = foreign < 2 ? 120 - foreign * 60 : 40;
    EXPECT_LE(outcome.refused, kMinutes * 2) << foreign;
    EXPECT_GE(static_cast<double>(outcome.granted), kMinutes * left * 0.95) << foreign;
  }
}

TEST_F(QuotaFaults, SomebodyElseEatsAndTheServerDoesNotSayHowLongToWait) {
  Server server;
  server.foreign_a_second = 1.5;
  server.sends_retry_after = false;
  const auto outcome = race(server);
  EXPECT_LE(outcome.refused, kMinutes * 2);
  EXPECT_GE(outcome.granted, kMinutes * 30 * 9 / 10);
}

TEST_F(QuotaFaults, AServerThatRefusesEverythingIsAskedLessAndLess) {
  Server server;
  server.limit = 0;
  server.says = [](int64_t, int64_t, int64_t, int64_t) { return std::array<std::string, 3>(); };
  server.sends_retry_after = false;
  const auto outcome = race(server);
  EXPECT_LE(outcome.refused, kMinutes + 1) << "one a minute";
}

}  // namespace
}  // namespace falaj::http
