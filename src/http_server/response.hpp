// What a handler answers: a body in one piece, one that follows later, or a stream (server-sent
// events); and, for simulated trouble, ways to answer late, in part or not at all.
// Shape:    Content-Length, Connection and Date are added by the server; a Date given in `headers`
//           is kept.
// Owns:     the body, or shares it: a body in `shared_body` is written without being copied.
// Threads:  a value.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace falaj::http_server {

// The far end of a streamed answer. Threads: safe.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  // Queues bytes; false when the peer is gone or has more than Options::stream_queue_bytes_max
  // unread (the stream is then closed: a reader that slow must connect again).
  virtual bool write(std::string bytes) = 0;
  virtual bool is_open() const = 0;
  // Ends the answer after what was queued.
  virtual void close() = 0;
};

struct Response;

// A request that is answered later. Threads: safe; the first answer counts. Dropped without an
// answer, the connection is closed.
class PendingAnswer {
 public:
  virtual ~PendingAnswer() = default;
  virtual void answer(Response response) = 0;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // used instead of body when set

  // Streamed answer: called on the io thread once the head is under way; keep the pointer, return.
  std::function<void(std::shared_ptr<BodyStream>)> stream;

  // Answered later, for instance once something is durable: called on the thread of the handler;
  // keep the pointer, return. Everything else here is then taken from the answer.
  std::function<void(std::shared_ptr<PendingAnswer>)> later;

  // Trouble on purpose.
  std::chrono::milliseconds delay{0};    // waits, without holding a thread, before answering
  std::optional<size_t> cut_body_after;  // promises the whole body, sends so many bytes, closes
  bool is_reset = false;                 // no answer: the connection is reset (RST)
  bool must_close = false;               // Connection: close
  // Written byte for byte instead of head and body, each piece after its wait; then the
  // connection ends as told. kHold: it stays open, silent, until the peer goes.
  struct Piece {
    std::string bytes;
    std::chrono::milliseconds wait{0};
  };
  enum class End { kClose, kReset, kHold };
  std::vector<Piece> pieces;
  End pieces_end = End::kClose;

  std::string_view payload() const { return shared_body ? *shared_body : body; }
};

// "OK", "Not Found"; "Status" for codes without a name.
std::string_view reason_phrase(int status);

// Status line and header fields as the server writes them, the empty line included.
std::string response_head(const Response& response, bool keeps_alive, bool is_chunked);

}  // namespace falaj::http_server
