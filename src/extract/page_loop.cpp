#include "extract/page_loop.hpp"

#include "base/json_part.hpp"
#include "base/log.hpp"
#include "decode/sold_codes.hpp"

namespace falaj::extract {

namespace {

Result<decode::PageIndex> index_of(const PageAsk& ask, std::string_view body) {
  auto index = decode::PageIndex::read(body, ask.volatile_members, ask.table, ask.parent_id);
  const bool is_about_one = !ask.is_list && ask.entity_id != 0 && ask.parent_id == 0;
  if (is_about_one && index.ok() && index->rows.empty()) {
    return Error(
        ErrorKind::kBadResponse,
        fmt::format("an answer that cannot be understood: `data` is empty, and one entity was "
                    "asked for; it begins: {}",
                    excerpt(body, 120)));
  }
  return index;
}

// Which may come of one entity alone; a token, a quota or a stop concern them all.
bool may_be_its_own(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::kUnavailable:
    case ErrorKind::kTimeout:
    case ErrorKind::kNotAllowed:
    case ErrorKind::kBadResponse: return true;
    default: return false;
  }
}

Error with_row(Error error) {
  return std::move(error).while_doing(fmt::format(
      "asking for one entity after another, {} of which failed in a row", kFailedInRowMax + 1));
}

// An answer to one page that says nothing about the token, the quota or the network: the list ends there.
bool is_end_of_list(const Error& error) {
  return error.http_status != 0 && error.kind() != ErrorKind::kRateLimited &&
         error.kind() != ErrorKind::kAuthFailed;
}

}  // namespace

struct PageLoop::Flight {
  size_t under_way = 0;
  Status failure;        // the first one
  bool is_side = false;  // of the side line

  void fail(Error error) {
    if (failure.ok()) failure = std::move(error);
  }
};

PageLoop::PageLoop(Source& source, landing::Landing& landing, LandedAnswers landed,
                   PackageSink& sink, Options options)
    : source_(source),
      landing_(&landing),
      landed_(std::move(landed)),
      sink_(&sink),
      options_(std::move(options)) {}

PageLoop::~PageLoop() {
  if (auto left = finish_side(true); !left.ok()) log_debug("{}", left.error().to_text());
}

std::string shape_of(const PageAsk& ask, const decode::PageIndex& index) {
  if (ask.stream == "order_items") return "items";
  if (ask.stream != "orders") return "full";
  if (!index.first_row_has("amounts")) return "summary";
  return index.first_row_has("items") ? "full" : "details";
}

Status PageLoop::run(const Next& next, const Handle& handle) {
  Flight flight;
  flight.is_side = side_.is_here();
  bool is_exhausted = false;
  while (true) {
    while (!is_exhausted && flight.failure.ok() && flight.under_way < source_.max_in_flight()) {
      if (options_.stop.stop_requested() || (flight.is_side && is_side_over_)) {
        flight.fail(Error(ErrorKind::kCancelled, "asked to stop; what has landed stays"));
        break;
      }
      auto ask = next();
      if (!ask) {
        is_exhausted = true;
      } else if (!answer_from_landing(*ask, handle, flight)) {
        send(std::move(*ask), {}, 0, handle, flight);
      }
    }
    if (flight.under_way == 0) break;
    if (!wait_for_answers()) {
      flight.fail(
          Error(ErrorKind::kBug, fmt::format("the source forgot {} requests", flight.under_way)));
      break;
    }
  }
  return std::move(flight.failure);
}

bool PageLoop::wait_for_answers() {
  if (side_.is_here()) {
    side_.wait();  // the main line asks the source for both
    return !is_source_dry_;
  }
  if (!source_.poll()) return false;
  if (std::exchange(has_side_news_, false)) side_.resume();
  return true;
}

void PageLoop::start_side(std::function<Status()> work) {
  is_side_over_ = false;
  side_.start(std::move(work));
}

Status PageLoop::finish_side(bool gives_up) {
  if (gives_up && side_.is_running()) {
    is_side_over_ = true;
    source_.give_back();
  }
  while (side_.is_running()) {
    if (wait_for_answers()) continue;
    is_source_dry_ = true;
    side_.resume();
  }
  return side_.take();
}

PageResult PageLoop::ask_one(PageAsk ask) {
  std::optional<PageResult> got;
  bool is_asked = false;
  auto status = run(
      [&]() -> std::optional<PageAsk> {
        if (std::exchange(is_asked, true)) return std::nullopt;
        return ask;
      },
      [&](const PageAsk&, PageResult result) -> Status {
        got.emplace(std::move(result));
        return {};
      });
  if (!status.ok()) return std::move(status).error();
  if (!got) return Error(ErrorKind::kBug, "a request was never answered: " + ask.request);
  return std::move(*got);
}

// True when the answer had landed before: no request is sent.
bool PageLoop::answer_from_landing(const PageAsk& ask, const Handle& handle, Flight& flight) {
  auto landed = landed_.take(ask.request);
  if (!landed) return false;
  auto& tally = tallies_[ask.stream];
  if (!ask.is_list) {
    ++tally.pages;
    if (auto handled = handle(ask, decode::PageIndex()); !handled.ok()) {
      flight.fail(std::move(handled).error());
    }
    return true;
  }
  auto page = landing_->read_page(*landed);
  if (!page.ok()) {
    log_warn("{}; asking the store again", page.error().to_text());
    return false;
  }
  auto index = index_of(ask, page->body.view());
  if (!index.ok()) return false;
  ++tally.pages;
  tally.rows += static_cast<int64_t>(index->rows.size());
  if (auto handled = handle(ask, std::move(index)); !handled.ok()) {
    flight.fail(std::move(handled).error());
  }
  return true;
}

void PageLoop::send(PageAsk ask, Further further, int tries, const Handle& handle, Flight& flight) {
  ++flight.under_way;
  const auto request = further.parts ? further.request : ask.request;
  const auto purpose = ask.purpose;
  source_.fetch(request, purpose,
                [this, ask = std::move(ask), further = std::move(further), tries, &handle,
                 &flight](Result<Answer> answer) {
                  --flight.under_way;
                  arrived(ask, further, tries, std::move(answer), handle, flight);
                });
}

void PageLoop::cut_surroundings(const PageAsk& ask, Answer& answer) {
  const auto part = json_part(answer.body);
  if (part.size() == answer.body.size()) return;
  if (surrounded_.answers++ == 0) {
    surrounded_.first = fmt::format("{}: {}", ask.request, excerpt(answer.body, 120));
  }
  answer.body = std::string(part);
}

bool PageLoop::is_continued(const PageAsk& ask, Further further, Answer& answer, PageResult& index,
                            const Handle& handle, Flight& flight) {
  const auto& announced = index->announced;
  if (!further.parts) {
    if (!index->data_is_array) return false;
    if (!announced.has_more()) {
      note_count(ask, announced.rows, announced.total, 0);
      return false;
    }
    further.parts = std::make_shared<AnswerParts>(ask.request);
  }
  auto next = further.parts->take(answer.body, announced);
  if (!next) {
    answer.body = finish(ask, *further.parts);
    index = index_of(ask, answer.body);
    return false;
  }
  if (options_.stop.stop_requested()) {
    flight.fail(Error(ErrorKind::kCancelled, "asked to stop; what has landed stays"));
  }
  // Not landed, it is asked for again from its beginning.
  if (!flight.failure.ok()) return true;
  further.request = std::move(*next);
  further.status = answer.status;
  further.received_at = answer.received_at;
  send(ask, std::move(further), 0, handle, flight);
  return true;
}

std::string PageLoop::finish(const PageAsk& ask, const AnswerParts& parts) {
  note_count(ask, parts.rows(), parts.total(), parts.missing());
  return parts.joined();
}

// The page after them did not come: they are what there is.
Status PageLoop::accept_parts(const PageAsk& ask, const Further& further, const Handle& handle) {
  Answer answer{further.status, finish(ask, *further.parts), further.received_at};
  auto index = index_of(ask, answer.body);
  return accept(ask, std::move(answer), std::move(index), handle);
}

void PageLoop::note_count(const PageAsk& ask, int64_t rows, int64_t total, int64_t missing) {
  if (missing == 0 && (total < 0 || total == rows)) return;
  auto& found = incomplete_[ask.stream];
  if (found.answers++ > 0) return;
  found.first = fmt::format("{}: {} rows, {} announced", ask.request, rows,
                            total < 0 ? "more" : std::to_string(total));
}

std::vector<std::string> PageLoop::notes() const {
  std::vector<std::string> notes;
  for (const auto& [stream, found] : incomplete_) {
    notes.push_back(fmt::format(
        "{}: {} answers announce another number of rows than the store gave when asked for all of "
        "them; what is known already is not replaced by less, and the next run asks again. The "
        "first: {}",
        stream, found.answers, found.first));
  }
  if (surrounded_.answers > 0) {
    notes.push_back(
        fmt::format("{} answers had text around their JSON, such as a byte order mark or a notice "
                    "of PHP, which "
                    "was cut off. The first: {}",
                    surrounded_.answers, surrounded_.first));
  }
  return notes;
}

void PageLoop::arrived(PageAsk ask, Further further, int tries, Result<Answer> answer,
                       const Handle& handle, Flight& flight) {
  if (flight.is_side) has_side_news_ = true;
  ++tallies_[ask.stream].requests;
  if (!answer.ok() && further.parts && is_end_of_list(answer.error())) {
    if (auto done = accept_parts(ask, further, handle); !done.ok()) {
      flight.fail(std::move(done).error());
    }
    return;
  }
  if (!answer.ok()) {
    if (!is_left_to_handler(ask, answer.error())) {
      const bool is_row = !ask.is_list && may_be_its_own(answer.error());
      flight.fail(is_row ? with_row(std::move(answer).error()) : std::move(answer).error());
    } else if (auto handled = handle(ask, std::move(answer).error()); !handled.ok()) {
      flight.fail(std::move(handled).error());
    }
    return;
  }
  cut_surroundings(ask, *answer);
  auto index = index_of(ask, answer->body);
  if (!index.ok() && tries < kBrokenRetries && flight.failure.ok()) {
    log_info("{}: {}; asking again", ask.request, index.error().to_text());
    send(std::move(ask), std::move(further), tries + 1, handle, flight);
    return;
  }
  if (!index.ok() && further.parts) {
    if (auto done = accept_parts(ask, further, handle); !done.ok()) {
      flight.fail(std::move(done).error());
    }
    return;
  }
  if (!index.ok() && ask.is_list) {
    Error unreadable(ErrorKind::kBadResponse,
                     fmt::format("{}: the answer cannot be read, {} times in a row: {}",
                                 ask.request, kBrokenRetries + 1, index.error().message()));
    unreadable.http_status = answer->status;
    if (!ask.is_optional) {
      flight.fail(std::move(unreadable));
    } else if (auto handled = handle(ask, std::move(unreadable)); !handled.ok()) {
      flight.fail(std::move(handled).error());
    }
    return;
  }
  if (!index.ok() && !is_left_to_handler(ask, index.error())) {
    flight.fail(with_row(std::move(index).error().while_doing("reading " + ask.request)));
    return;
  }
  if (index.ok()) {
    failed_in_row_ = 0;
    if (ask.is_whole && is_continued(ask, std::move(further), *answer, index, handle, flight))
      return;
  } else {
    ++broken_pages_;
  }
  if (auto done = accept(ask, std::move(*answer), std::move(index), handle); !done.ok()) {
    flight.fail(std::move(done).error());
  }
}

bool PageLoop::is_left_to_handler(const PageAsk& ask, const Error& error) {
  const bool is_normal = error.kind() == ErrorKind::kNotFound ||
                         (error.kind() == ErrorKind::kBadResponse && error.http_status == 422);
  if (is_normal || (ask.may_be_left && error.vendor_code == kTimeIsUp)) return true;
  if (!ask.is_list && may_be_its_own(error)) return ++failed_in_row_ <= kFailedInRowMax;
  return ask.is_optional && error.http_status != 0 && error.kind() != ErrorKind::kRateLimited;
}

Status PageLoop::accept(const PageAsk& ask, Answer answer, PageResult index, const Handle& handle) {
  landing::PageRecord page;
  page.stream = ask.stream;
  page.source = ask.source;
  page.request = ask.request;
  page.parent_id = ask.parent_id;
  page.http_status = answer.status;
  page.fetched_at = answer.received_at;
  page.shape = shape_of(ask, index.ok() ? *index : decode::PageIndex());
  if (!index.ok() || index->holds_sold_codes) {
    codes_cut_ += static_cast<int64_t>(decode::redact_sold_codes(answer.body));
  }
  if (!index.ok()) {
    page.source = landing::kUnreadable;
    // A list row does not make up for it.
    if (ask.stream == "orders" && !ask.is_list) page.shape = "details";
    // So that the quarantine knows what the answer was about.
    if (page.parent_id == 0) page.parent_id = ask.entity_id;
  }
  page.body = landing::PageBody(std::move(answer.body));
  FALAJ_TRY(land(std::move(page)));
  auto& tally = tallies_[ask.stream];
  ++tally.pages;
  if (index.ok()) tally.rows += static_cast<int64_t>(index->rows.size());
  if (options_.on_page) options_.on_page(ask.stream);
  return handle(ask, std::move(index));
}

Status PageLoop::land(landing::PageRecord page) {
  if (sink_ == nullptr) return {};
  return sink_->append(std::move(page)).while_doing("landing a page");
}

}  // namespace falaj::extract
