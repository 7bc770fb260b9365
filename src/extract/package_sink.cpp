#include "extract/package_sink.hpp"

#include <algorithm>

namespace falaj::extract {
namespace {

// So many packages of a slow disk may be in memory beside the open ones.
constexpr size_t kSealingMax = 2;

}  // namespace

PackageSink::PackageSink(landing::Landing& landing, UlidGenerator& ulids, RunId run, StoreId store,
                         landing::PackageWriterOptions options, OnSealed on_sealed)
    : landing_(landing),
      ulids_(ulids),
      run_(std::move(run)),
      store_(store),
      options_(std::move(options)),
      on_sealed_(std::move(on_sealed)) {}

Status PackageSink::append(landing::PageRecord page) {
  // A clock that is set back must not put an answer before one that came earlier.
  newest_at_ = std::max(newest_at_, page.fetched_at);
  page.fetched_at = newest_at_;
  auto& writer = open_[page.stream];
  if (writer == nullptr) {
    landing::PackageIdentity identity{PackageId(ulids_.next()), run_, store_, page.stream};
    writer = landing_.create_package(std::move(identity), options_);
  }
  FALAJ_TRY(writer->append(std::move(page)));
  if (writer->full()) start_seal(std::move(writer));
  bound_memory();
  return hand_on(kSealingMax);
}

// Deletions last: who finds an entity gone may have seen it before, and what is committed later is
// newer.
Status PackageSink::seal_all() {
  for (const bool is_deletions : {false, true}) {
    for (auto& [stream, writer] : open_) {
      if (writer != nullptr && (stream == "deletions") == is_deletions)
        start_seal(std::move(writer));
    }
  }
  return hand_on(0);
}

void PackageSink::start_flush() {
  for (auto& [stream, writer] : open_) {
    if (writer != nullptr) writer->start_flush();
  }
}

void PackageSink::bound_memory() {
  size_t kept = 0;
  for (const auto& each : sealing_) kept += each.writer->kept_bytes();
  landing::PackageWriter* largest = nullptr;
  for (const auto& [stream, writer] : open_) {
    if (writer == nullptr) continue;
    kept += writer->kept_bytes();
    if (largest == nullptr || writer->kept_bytes() > largest->kept_bytes()) largest = writer.get();
  }
  if (largest != nullptr && kept > 2 * options_.raw_bytes_max) largest->forget_pages();
}

void PackageSink::start_seal(std::unique_ptr<landing::PackageWriter> writer) {
  auto sealed = writer->start_seal();
  sealing_.push_back({std::move(writer), std::move(sealed)});
}

// After one that fails the others go on even so: what was fetched is to be loaded.
Status PackageSink::hand_on(size_t left) {
  Status first_failure;
  while (!sealing_.empty()) {
    auto& oldest = sealing_.front();
    const bool is_ready =
        oldest.sealed.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    if (!is_ready && sealing_.size() <= left) break;
    auto sealed = oldest.sealed.get();
    sealing_.pop_front();
    Status done;
    if (!sealed.ok()) {
      done = std::move(sealed).error();
    } else if (sealed->manifest.pages > 0) {
      done = on_sealed_(std::move(*sealed));
    }
    if (first_failure.ok()) first_failure = std::move(done);
  }
  return first_failure;
}

}  // namespace falaj::extract
