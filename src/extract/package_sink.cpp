#include "extract/package_sink.hpp"

namespace falaj::extract {

PackageSink::PackageSink(landing::Landing& landing, UlidGenerator& ulids, RunId run, StoreId store,
                         landing::PackageWriterOptions options, OnSealed on_sealed)
    : landing_(landing),
      ulids_(ulids),
      run_(std::move(run)),
      store_(store),
      options_(std::move(options)),
      on_sealed_(std::move(on_sealed)) {}

Status PackageSink::append(landing::PageRecord page) {
  auto& writer = open_[page.stream];
  if (writer == nullptr) {
    landing::PackageIdentity identity{PackageId(ulids_.next()), run_, store_, page.stream};
    writer = landing_.create_package(std::move(identity), options_);
  }
  FALAJ_TRY(writer->append(std::move(page)));
  if (!writer->full()) {
    bound_memory();
    return {};
  }
  auto full = std::move(writer);
  return seal(*full);
}

Status PackageSink::seal_all() {
  Status first_failure;
  for (auto& [stream, writer] : open_) {
    if (writer == nullptr) continue;
    auto sealed = seal(*writer);
    writer.reset();
    if (!sealed.ok() && first_failure.ok()) first_failure = std::move(sealed);
  }
  return first_failure;
}

Status PackageSink::flush() {
  for (auto& [stream, writer] : open_) {
    if (writer != nullptr) FALAJ_TRY(writer->flush());
  }
  return {};
}

void PackageSink::bound_memory() {
  size_t kept = 0;
  landing::PackageWriter* largest = nullptr;
  for (const auto& [stream, writer] : open_) {
    if (writer == nullptr) continue;
    kept += writer->kept_bytes();
    if (largest == nullptr || writer->kept_bytes() > largest->kept_bytes()) largest = writer.get();
  }
  if (kept > 2 * options_.raw_bytes_max) largest->forget_pages();
}

Status PackageSink::seal(landing::PackageWriter& writer) {
  FALAJ_ASSIGN(auto sealed, writer.seal());
  if (sealed.manifest.pages == 0) return {};
  return on_sealed_(std::move(sealed));
}

}  // namespace falaj::extract
