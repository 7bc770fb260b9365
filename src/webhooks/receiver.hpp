// The HTTP end that Salla delivers events to: checks each delivery, keeps it in the inbox, and
// answers 200 only once it is durable there.
// Shape:    POST to one path. 200 kept, or a body seen before (Salla delivers again when an answer
//           was late); 400 not an event; 401 not signed; 404, 405; 408 dripped; 413 too large; 503
//           the disk, or whoever takes credentials, cannot: Salla delivers again.
// Owns:     the server and the inbox's writer.
// Threads:  safe. One io thread does all checks; a credentials handler may block it.
// Errors:   start(): kInvalidConfig (no secret, bad address), kUnavailable (port), kStorageFailed.
// Facts:    salla-api.md 5.3 to 5.5: 200 or 201 within 30 s counts as delivered, three more tries
//           about 5 minutes apart
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http_server/server.hpp"
#include "landing/file_store.hpp"
#include "webhooks/inbox_writer.hpp"
#include "webhooks/signature.hpp"

namespace falaj::webhooks {

// What the one who knows the events says of a body.
struct Inspection {
  int64_t merchant = 0;             // 0: the body does not say
  std::optional<std::string> kept;  // the body without its secrets, where it has some
  bool has_credentials = false;     // of a store: take_credentials gets the body as received
};

struct ReceiverOptions {
  http_server::Options server;
  std::string path = "/webhooks/salla";
  Strategy strategy = Strategy::kSignature;
  Secrets secrets;
  InboxWriterOptions inbox;
  size_t remembered_bodies = 65'536;  // digests of durable events, to tell a repeat by
};

// Called on the io thread.
struct ReceiverHooks {
  // kBadResponse: not an event.
  std::function<Result<Inspection>(std::string_view body)> inspect;
  // Must have kept the credentials durably when it returns; nothing: they are dropped.
  std::function<Status(std::string_view body)> take_credentials;
};

struct ReceiverCounters {
  int64_t kept = 0;
  int64_t repeated = 0;
  int64_t malformed = 0;
  int64_t not_genuine = 0;
  int64_t failed = 0;  // answered 503
};

class Receiver {
 public:
  // Everything must outlive the receiver.
  static Result<std::unique_ptr<Receiver>> start(landing::FileStore& files, const Clock& clock,
                                                 UlidGenerator& ulids, ReceiverOptions options,
                                                 ReceiverHooks hooks);
  virtual ~Receiver() = default;  // stops

  virtual uint16_t port() const = 0;
  virtual ReceiverCounters counters() const = 0;
  // Answers what it has, seals the inbox, closes.
  virtual void stop() = 0;
};

// Whether a receiver could listen there: kUnavailable if somebody else does.
Status check_port(const std::string& address, uint16_t port);

}  // namespace falaj::webhooks
