#include "stores/quota_books.hpp"

#include <cstdlib>

#include "base/log.hpp"
#include "base/sha256.hpp"
#include "http/transport.hpp"
#include "state/shared_record.hpp"

namespace falaj::stores {
namespace {

static_assert(http::kQuotaMembers <= state::SharedRecord::kMembers);

template <typename Record>
class FileBook final : public http::SharedBook<Record> {
  static_assert(sizeof(Record) <= state::SharedRecord::kBytes);

 public:
  explicit FileBook(state::SharedRecord file) : file_(std::move(file)) {}
  void with(const std::function<void(Record&)>& work) override {
    file_.lock();
    work(*static_cast<Record*>(file_.data()));
    file_.unlock();
  }
  size_t member() const override { return file_.member(); }
  bool is_alive(size_t member) const override { return file_.is_alive(member); }

 private:
  state::SharedRecord file_;
};

template <typename Record>
std::shared_ptr<http::SharedBook<Record>> open_book(const std::string& path, bool as_member) {
  auto file = state::SharedRecord::open(path, as_member);
  if (!file.ok()) {
    log_warn("request limits are not shared with other falaj processes: {}",
             file.error().to_text());
    return nullptr;
  }
  return std::make_shared<FileBook<Record>>(std::move(*file));
}

std::string directory_of(const home::Home& home) {
  if (!home.settings().quota_directory.empty()) return home.settings().quota_directory;
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
    return std::string(state) + "/falaj/quota";
  if (const char* own = std::getenv("HOME"); own != nullptr && *own == '/')
    return std::string(own) + "/.local/state/falaj/quota";
  return "/tmp/falaj-quota-" + std::to_string(::getuid());
}

}  // namespace

std::string quota_file(const home::Home& home, const std::string& store) {
  // Programs whose clocks run at different speeds share nothing, nor do versions whose records
  // differ.
  const auto api = fmt::format("{}\n{}\n{}", home.settings().api_base_url,
                               home.settings().time_scale, http::kQuotaRecordVersion);
  const auto name = store.empty() ? "customers" : "store " + store;
  return fmt::format("{}/{}", directory_of(home), to_hex(sha256(api + "\n" + name)).substr(0, 24));
}

http::QuotaOptions quota_options(const home::Home& home, const std::string& store) {
  http::QuotaOptions options;
  options.uses_slow_tail = home.settings().after_limit == "one_a_second";
  if (!http::is_loopback_url(home.settings().api_base_url))
    options.per_second_without_headers = home.settings().requests_per_second_without_headers;
  options.customers = open_book<http::SpanRecord>(quota_file(home, ""), false);
  if (!store.empty()) options.book = open_book<http::QuotaRecord>(quota_file(home, store), true);
  return options;
}

}  // namespace falaj::stores
