#include "operate/waits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "operate/report_shapes.hpp"

namespace falaj::operate {
namespace {

using namespace std::chrono_literals;

// A shorter wait is over before anybody reads of it.
constexpr double kWorthShowing = 1;
constexpr double kWorthLogging = 5;
constexpr Micros kLogEvery = 30s;

struct Words {
  WaitFor what;
  const char* name;
  const char* phrase;  // {}: the subject
};

constexpr Words kWords[] = {
    {WaitFor::kQuota, "quota", "for the quota of {}"},
    {WaitFor::kCustomersQuota, "customers_quota", "for the quota of customers' requests of {}"},
    {WaitFor::kRetry, "retry", "to ask {} again"},
    {WaitFor::kLock, "lock", "for the lock {}"},
    {WaitFor::kWriterTurn, "writer_turn", "for the turn to write to {}"},
    {WaitFor::kConflict, "conflict", "to write to {} again"},
    {WaitFor::kEvents, "events", "for {}"},
};

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

const Words* words_of(const std::string& name) {
  const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                   [&](const auto& words) { return name == words.name; });
  return found == std::end(kWords) ? nullptr : found;
}

bool takes(const WaitView& wait, double seconds) {
  const bool takes_more = !wait.is_limit && wait.left_seconds >= seconds;
  return takes_more || wait.waited_seconds >= seconds;
}

// The one that ends first; of those whose end nobody knows, the oldest.
const WaitView& soonest(const std::vector<WaitView>& waits) {
  return *std::min_element(waits.begin(), waits.end(), [](const auto& a, const auto& b) {
    const auto end = [](const WaitView& wait) {
      return wait.left_seconds < 0 || wait.is_limit ? HUGE_VAL : wait.left_seconds;
    };
    return end(a) < end(b);
  });
}

}  // namespace

bool WaitView::is_of_store() const {
  return what == "quota" || what == "customers_quota" || what == "retry";
}

WaitView to_view(const CurrentWait& wait) {
  WaitView view;
  for (const auto& words : kWords) {
    if (words.what == wait.wait.what) view.what = words.name;
  }
  view.subject = wait.wait.subject;
  view.cause = wait.wait.cause;
  view.waited_seconds = seconds(wait.waited);
  if (wait.left) view.left_seconds = seconds(*wait.left);
  view.is_limit = wait.wait.is_limit;
  return view;
}

std::vector<WaitView> waits_now() {
  std::vector<WaitView> views;
  for (const auto& wait : current_waits()) {
    auto view = to_view(wait);
    // One that began with a second or more is shown to its end.
    const bool was_worth = !view.is_limit && view.left_seconds >= 0 &&
                           view.left_seconds + view.waited_seconds >= kWorthShowing;
    if (was_worth || takes(view, kWorthShowing)) views.push_back(std::move(view));
  }
  return views;
}

const Described<WaitView>& wait_shape() {
  static const auto kShape =
      Described<WaitView>("wait")
          .field("what", &WaitView::what, "quota, customers_quota, retry, lock, writer_turn ...")
          .field("subject", &WaitView::subject, "whose quota, which lock")
          .field("cause", &WaitView::cause, "such as HTTP 503; may be empty")
          .field("waited_seconds", &WaitView::waited_seconds, "until now", "s")
          .field("left_seconds", &WaitView::left_seconds, "-1: not known", "s")
          .field("is_limit", &WaitView::is_limit,
                 "it may end sooner, and is given up when the time is over");
  return kShape;
}

Json to_json(const std::vector<WaitView>& waits) {
  return wait_shape().to_json(waits);
}

std::vector<WaitView> waits_of(const Json& json) {
  std::vector<WaitView> waits;
  for (const auto& row : json.as_array()) {
    WaitView wait;
    wait.what = row["what"].as_string();
    wait.subject = row["subject"].as_string();
    wait.cause = row["cause"].as_string();
    wait.waited_seconds = row["waited_seconds"].as_double();
    wait.left_seconds = row["left_seconds"].as_double(-1);
    wait.is_limit = row["is_limit"].as_bool();
    waits.push_back(std::move(wait));
  }
  return waits;
}

std::string seconds_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::ceil(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string to_text(const WaitView& wait) {
  auto subject = wait.subject.empty() ? std::string("the store") : wait.subject;
  // The folder of a lock is the home's.
  if (wait.what == "lock") subject = subject.substr(subject.find_last_of('/') + 1);
  std::string time;
  if (wait.left_seconds >= 0) time = seconds_text(wait.left_seconds) + " ";
  if (wait.left_seconds >= 0 && wait.is_limit) time += "at the most ";
  if (wait.left_seconds < 0 && wait.waited_seconds >= kWorthShowing)
    time = fmt::format("since {} ", seconds_text(wait.waited_seconds));
  const auto* words = words_of(wait.what);
  auto text =
      time + fmt::format(fmt::runtime(words != nullptr ? words->phrase : "for {}"), subject);
  if (!wait.cause.empty()) text += fmt::format(" ({})", wait.cause);
  return text;
}

std::string to_text(const std::vector<WaitView>& waits) {
  if (waits.empty()) return "";
  const auto& first = soonest(waits);
  if (waits.size() == 1) return "waiting " + to_text(first);
  const bool are_stores =
      std::all_of(waits.begin(), waits.end(), [](const auto& wait) { return wait.is_of_store(); });
  return fmt::format("{} {}, the next one {}", waits.size(), are_stores ? "stores wait" : "waits",
                     to_text(first));
}

std::optional<std::string> WaitLog::line(const std::vector<WaitView>& waits, Micros now) {
  std::vector<WaitView> long_ones;
  bool is_due = false;
  for (const auto& wait : waits) {
    const bool was_long = !wait.is_limit && wait.left_seconds >= 0 &&
                          wait.left_seconds + wait.waited_seconds >= kWorthLogging;
    if (!was_long && !takes(wait, kWorthLogging)) continue;
    const auto said = said_at_.find(wait.what);
    is_due = is_due || said == said_at_.end() || now - said->second >= kLogEvery;
    long_ones.push_back(wait);
  }
  if (!is_due) return std::nullopt;
  for (const auto& wait : long_ones) said_at_[wait.what] = now;
  return to_text(long_ones);
}

}  // namespace falaj::operate
