#include "http/curl_transport.hpp"

#include <curl/curl.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_map>

namespace falaj::http {
namespace {

constexpr size_t kParserPadding = 64;
constexpr long kSendBufferBytes = 16 * 1024;  // the least that libcurl takes

struct Exchange {
  CURL* handle = nullptr;
  curl_slist* header_list = nullptr;
  HttpRequest request;
  HttpResponse response;
  Transport::Done done;
  size_t body_bytes_max = 0;
  bool too_large = false;
  bool was_sent = false;  // at least the first bytes
};

size_t on_body(char* data, size_t size, size_t count, void* opaque) {
  auto& exchange = *static_cast<Exchange*>(opaque);
  const size_t bytes = size * count;
  auto& body = exchange.response.body;
  if (body.size() + bytes > exchange.body_bytes_max) {
    exchange.too_large = true;
    return 0;
  }
  if (body.empty()) {
    curl_off_t announced = -1;
    curl_easy_getinfo(exchange.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    const size_t expected = announced > 0 ? static_cast<size_t>(announced) : bytes;
    body.reserve(std::min(expected, exchange.body_bytes_max) + kParserPadding);
  }
  body.append(data, bytes);
  return bytes;
}

size_t on_header(char* data, size_t size, size_t count, void* opaque) {
  auto& exchange = *static_cast<Exchange*>(opaque);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) {
    exchange.response.headers.clear();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    auto value = line.substr(colon + 1);
    const auto first = value.find_first_not_of(" \t");
    const auto last = value.find_last_not_of(" \t\r\n");
    value = first == std::string_view::npos ? "" : value.substr(first, last - first + 1);
    exchange.response.headers.add(std::string(line.substr(0, colon)), std::string(value));
  }
  return size * count;
}

Error failure(const Exchange& exchange, CURLcode code) {
  const auto what = fmt::format("{} {}", exchange.request.method,
                                exchange.request.url.substr(0, exchange.request.url.find('?')));
  if (exchange.too_large) {
    return {ErrorKind::kBadResponse,
            fmt::format("{}: the answer is larger than {} bytes", what, exchange.body_bytes_max)};
  }
  const auto kind =
      code == CURLE_OPERATION_TIMEDOUT ? ErrorKind::kTimeout : ErrorKind::kUnavailable;
  Error error(kind, fmt::format("{}: no whole answer: {}", what, curl_easy_strerror(code)));
  if (!exchange.was_sent) error.vendor_code = kNotSent;
  return error;
}

// A line end within a value would begin another header.
Status check_headers(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    for (const char c : value) {
      if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F') continue;
      return Error(ErrorKind::kInvalidConfig,
                   fmt::format("the header {} would hold a line end or another control character; "
                               "nothing is sent: correct the setting or token that it comes from",
                               name));
    }
  }
  return {};
}

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

struct CurlTransport::Core {
  CurlOptions options;
  CURLM* multi = nullptr;
  std::unordered_map<CURL*, std::unique_ptr<Exchange>> running;
  std::vector<CURL*> idle;
  std::vector<std::pair<std::unique_ptr<Exchange>, CURLcode>> finished;
  std::vector<std::pair<Transport::Done, Error>> refused;

  ~Core() {
    for (auto& [handle, exchange] : running) {
      curl_multi_remove_handle(multi, handle);
      curl_slist_free_all(exchange->header_list);
      curl_easy_cleanup(handle);
    }
    for (CURL* handle : idle) curl_easy_cleanup(handle);
    curl_multi_cleanup(multi);
  }

  void configure(Exchange& exchange) const {
    CURL* handle = exchange.handle;
    curl_easy_setopt(handle, CURLOPT_URL, exchange.request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, static_cast<long>(options.receive_buffer_bytes));
    curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, kSendBufferBytes);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(options.connect_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_USERAGENT, options.user_agent.c_str());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
    if (is_loopback_url(exchange.request.url)) {
      curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    } else {
      curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    }
    for (const auto& [name, value] : exchange.request.headers) {
      exchange.header_list = curl_slist_append(exchange.header_list, (name + ": " + value).c_str());
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, exchange.header_list);
    if (exchange.request.method != "GET") {
      // On a connection that was kept alive, curl sends again what found it closed.
      curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
      curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, exchange.request.method.c_str());
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE,
                       static_cast<long>(exchange.request.body.size()));
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, exchange.request.body.c_str());
    }
  }

  void collect() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* handle = message->easy_handle;
      const CURLcode code = message->data.result;
      auto found = running.find(handle);
      auto exchange = std::move(found->second);
      running.erase(found);
      long status = 0;
      curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
      exchange->response.status = static_cast<int>(status);
      long request_bytes = 0;
      curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &request_bytes);
      exchange->was_sent = request_bytes > 0;
      curl_multi_remove_handle(multi, handle);
      curl_slist_free_all(exchange->header_list);
      exchange->header_list = nullptr;
      curl_easy_reset(handle);  // keeps the connection
      idle.push_back(handle);
      finished.emplace_back(std::move(exchange), code);
    }
  }
};

CurlTransport::CurlTransport(CurlOptions options) : core_(std::make_unique<Core>()) {
  initialise_once();
  core_->options = std::move(options);
  core_->multi = curl_multi_init();
  curl_multi_setopt(core_->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
}

CurlTransport::~CurlTransport() = default;

size_t CurlTransport::in_flight() const {
  return core_->running.size();
}

void CurlTransport::start(HttpRequest request, Done done) {
  auto checked = check_url(request.url);
  if (checked.ok()) checked = check_headers(request);
  if (!checked.ok()) {
    checked.error().vendor_code = kNotSent;
    core_->refused.emplace_back(std::move(done), std::move(checked).error());
    return;
  }
  auto exchange = std::make_unique<Exchange>();
  if (core_->idle.empty()) {
    exchange->handle = curl_easy_init();
  } else {
    exchange->handle = core_->idle.back();
    core_->idle.pop_back();
  }
  exchange->request = std::move(request);
  exchange->done = std::move(done);
  exchange->body_bytes_max = core_->options.body_bytes_max;
  core_->configure(*exchange);
  CURL* handle = exchange->handle;
  core_->running.emplace(handle, std::move(exchange));
  curl_multi_add_handle(core_->multi, handle);
}

void CurlTransport::drop_all(const Error& reason) {
  auto running = std::exchange(core_->running, {});
  for (auto& [handle, exchange] : running) {
    curl_multi_remove_handle(core_->multi, handle);
    curl_slist_free_all(exchange->header_list);
    curl_easy_cleanup(handle);
  }
  for (auto& [handle, exchange] : running) exchange->done(reason);
}

void CurlTransport::poll(std::chrono::milliseconds wait) {
  int running = 0;
  curl_multi_perform(core_->multi, &running);
  core_->collect();
  if (core_->finished.empty() && core_->refused.empty() && running > 0 && wait.count() > 0) {
    curl_multi_poll(core_->multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
    curl_multi_perform(core_->multi, &running);
    core_->collect();
  }
  // Callbacks may start new requests: they see a consistent transport.
  auto finished = std::exchange(core_->finished, {});
  auto refused = std::exchange(core_->refused, {});
  for (auto& [done, error] : refused) done(std::move(error));
  for (auto& [exchange, code] : finished) {
    if (code != CURLE_OK) {
      exchange->done(failure(*exchange, code));
      continue;
    }
    auto& body = exchange->response.body;
    if (body.capacity() < body.size() + kParserPadding) body.reserve(body.size() + kParserPadding);
    exchange->done(std::move(exchange->response));
  }
}

}  // namespace falaj::http
