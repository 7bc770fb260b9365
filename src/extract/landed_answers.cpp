#include "extract/landed_answers.hpp"

#include <algorithm>

namespace falaj::extract {

Result<LandedAnswers> LandedAnswers::of_run(const landing::Landing& landing, const RunId& run,
                                            StoreId store) {
  FALAJ_ASSIGN(auto requests,
               landing.requests_of_run(run, store).while_doing("reading what has landed"));
  LandedAnswers answers;
  std::erase_if(requests, [](const auto& each) { return each.source == landing::kUnreadable; });
  answers.left_ = requests.size();
  for (auto& request : requests) answers.by_request_[request.request].push_back(std::move(request));
  for (auto& [text, landed] : answers.by_request_) {
    // Newest first: take() pops the oldest from the back.
    std::sort(landed.begin(), landed.end(),
              [](const auto& a, const auto& b) { return a.fetched_at > b.fetched_at; });
  }
  return answers;
}

std::optional<landing::LandedRequest> LandedAnswers::take(const std::string& request) {
  const auto found = by_request_.find(request);
  if (found == by_request_.end() || found->second.empty()) return std::nullopt;
  auto landed = std::move(found->second.back());
  found->second.pop_back();
  --left_;
  return landed;
}

}  // namespace falaj::extract
