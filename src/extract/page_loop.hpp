// The loop around every request: ask landing first, then the store; check the answer, cut out sold
// codes, land it, hand its index to whoever asked.
// Shape:    up to max_in_flight requests are under way; handlers run in order of arrival.
// Threads:  confined to one.
// Errors:   a handler's error, a storage error or a fatal answer stops the loop: what is in flight
//           is still landed, then the first error is returned. An answer that is no whole JSON is
//           asked for again kBrokenRetries times. A call for one entity that fails for good is left
//           to the handler, so that one bad entity does not keep the others; kFailedInRowMax of them
//           without a good answer in between stop the loop: then it is the store.
//           An answer that is_whole and announces more than it has is read to its end (answer_parts.hpp)
//           and lands as one; what it announces and does not give is in notes().
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "decode/page_index.hpp"
#include "extract/answer_parts.hpp"
#include "extract/landed_answers.hpp"
#include "extract/package_sink.hpp"
#include "extract/side_line.hpp"
#include "extract/source.hpp"

namespace falaj::extract {

constexpr int kBrokenRetries = 3;
constexpr int kFailedInRowMax = 3;

struct PageAsk {
  std::string request;
  std::string stream;
  std::string source = "list";
  int64_t parent_id = 0;
  bool is_list = true;  // a broken list page stops the run; a broken entity goes to quarantine
  Purpose purpose = Purpose::kChanges;
  int64_t entity_id = 0;  // what a detail request is about, for its handler
  // What the store answers to it goes to the handler, whatever it is: the run can do without.
  bool is_optional = false;
  // The answer has all that there is to have; further pages of it are asked for and belong to it.
  bool is_whole = false;
  // Time that is up goes to the handler too: what is left undone is asked for by the next run.
  bool may_be_left = false;
  // What the rows' ids are, where it is not `id`; outlives the request.
  const decode::TableSpec* table = nullptr;
  // When set, the rows' payload keys are computed without these members; outlives the request.
  const std::vector<std::string>* volatile_members = nullptr;
};

// What the page brought, or why it did not come: kNotFound, kBadResponse with http_status 422, of an
// entity's call whatever may be that entity's own trouble (a server error, an unreadable answer), and of
// an optional request every answer of the store. Other errors do not reach the handler.
using PageResult = Result<decode::PageIndex>;

struct StreamTally {
  int64_t requests = 0;  // answered by the store, this time
  int64_t pages = 0;     // landed, including what had landed before
  int64_t rows = 0;
};

class PageLoop {
 public:
  struct Options {
    std::stop_token stop;
    std::function<void(const std::string& stream)> on_page;  // for progress
  };
  PageLoop(Source& source, landing::Landing& landing, LandedAnswers landed, PackageSink& sink,
           Options options);
  // Only looks: nothing is landed.
  PageLoop(Source& source, Options options) : source_(source), options_(std::move(options)) {}
  ~PageLoop();

  using Next = std::function<std::optional<PageAsk>()>;
  using Handle = std::function<Status(const PageAsk&, PageResult)>;
  Status run(const Next& next, const Handle& handle);
  // One page; errors other than 404 and 422 included.
  PageResult ask_one(PageAsk ask);

  // Work with this loop that goes on beside whatever else runs on it, taking turns (side_line.hpp).
  // Its answers come in while the main line waits for its own. One at a time.
  void start_side(std::function<Status()> work);
  // Waits for the end of the side line, if there is one; what it returned. To give up (the main line
  // has failed): it asks for nothing more and ends as soon as what is under way has come.
  Status finish_side(bool gives_up);

  Status land(landing::PageRecord page);
  // What was landed so far becomes durable at once rather than with what follows; not waited for.
  void start_flush() {
    if (sink_ != nullptr) sink_->start_flush();
  }
  // What was landed so far is durable, and handed on to be loaded.
  Status hand_on() { return sink_ == nullptr ? Status() : sink_->seal_all(); }
  bool is_side_running() const { return side_.is_running(); }
  const std::map<std::string, StreamTally>& tallies() const { return tallies_; }
  int64_t codes_cut() const { return codes_cut_; }
  int64_t broken_pages() const { return broken_pages_; }
  // What the answers of whole lists lacked, and what stood around their JSON.
  std::vector<std::string> notes() const;

 private:
  struct Flight;
  // Returns when an answer came, to this line or the other; false when none is to come.
  bool wait_for_answers();
  bool answer_from_landing(const PageAsk& ask, const Handle& handle, Flight& flight);
  // On the way to a whole answer: what has come of it, and what is asked for next.
  struct Further {
    std::shared_ptr<AnswerParts> parts;
    std::string request;
    // Of the last part:
    int status = 200;
    UtcTime received_at{};
  };
  void send(PageAsk ask, Further further, int tries, const Handle& handle, Flight& flight);
  void arrived(PageAsk ask, Further further, int tries, Result<Answer> answer, const Handle& handle,
               Flight& flight);
  // True when more of the answer was asked for; else `answer` and `index` are those of the whole.
  bool is_continued(const PageAsk& ask, Further further, Answer& answer, PageResult& index,
                    const Handle& handle, Flight& flight);
  std::string finish(const PageAsk& ask, const AnswerParts& parts);
  Status accept_parts(const PageAsk& ask, const Further& further, const Handle& handle);
  void note_count(const PageAsk& ask, int64_t rows, int64_t total, int64_t missing);
  void cut_surroundings(const PageAsk& ask, Answer& answer);
  Status accept(const PageAsk& ask, Answer answer, PageResult index, const Handle& handle);
  bool is_left_to_handler(const PageAsk& ask, const Error& error);

  Source& source_;
  landing::Landing* landing_ = nullptr;
  LandedAnswers landed_;
  PackageSink* sink_ = nullptr;
  Options options_;
  SideLine side_;
  bool is_side_over_ = false;   // it shall ask for nothing more
  bool is_source_dry_ = false;  // it has forgotten requests of the side line
  bool has_side_news_ = false;  // an answer of the side line has come
  std::map<std::string, StreamTally> tallies_;
  int64_t codes_cut_ = 0;
  int64_t broken_pages_ = 0;
  struct Finding {
    int64_t answers = 0;
    std::string first;
  };
  std::map<std::string, Finding> incomplete_;  // by stream
  Finding surrounded_;
  int failed_in_row_ = 0;  // calls for one entity each
};

// "summary", "details", "full" or "items": what this answer of an order stream holds; "full" for
// every other stream.
std::string shape_of(const PageAsk& ask, const decode::PageIndex& index);

}  // namespace falaj::extract
