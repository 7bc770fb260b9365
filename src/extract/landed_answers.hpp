// What an unfinished run has already landed: its requests are answered from here and not sent
// again (what could not be read is no answer), which is all that resuming needs (docs/decisions/0001-resume-by-replay.md).
// Shape:    the k-th time a run asks a request gets the k-th landed answer to it.
// Owns:     an index of requests; bodies are read from landing when asked for.
// Threads:  confined to one.
// Errors:   of landing; a package that turns out damaged counts as not landed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "landing/landing.hpp"

namespace falaj::extract {

class LandedAnswers {
 public:
  // Nothing landed yet: a new run.
  LandedAnswers() = default;
  static Result<LandedAnswers> of_run(const landing::Landing& landing, const RunId& run,
                                      StoreId store);

  size_t size() const { return left_; }
  // The next landed answer to this request, or nothing. Takes it.
  std::optional<landing::LandedRequest> take(const std::string& request);

 private:
  std::unordered_map<std::string, std::vector<landing::LandedRequest>> by_request_;
  size_t left_ = 0;
};

}  // namespace falaj::extract
