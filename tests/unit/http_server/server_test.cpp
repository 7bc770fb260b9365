// The server, asked by a plain socket: limits, deadlines, keep-alive, streams, trouble on purpose.
#include "http_server/server.hpp"

#include <gtest/gtest.h>

#include <future>

#include "support/plain_client.hpp"

namespace falaj::http_server {
namespace {

using namespace std::chrono_literals;

using test::PlainClient;
using Client = PlainClient;

Response echo(const Request& request) {
  Response response;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) response.body += "|" + name + "=" + value;
  response.body += "|" + request.body;
  return response;
}

std::unique_ptr<Server> start(Options options, Handler handler = echo) {
  auto server = Server::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server.ok());
  return std::move(server).value();
}

TEST(Server, AnswersSeveralRequestsOnOneConnection) {
  const auto server = start({});
  Client client(server->port());
  client.send("GET /a%20b?x=1&s%5B%5D=q+r&s[]=%D8%A3 HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto first = client.answer();
  EXPECT_TRUE(first.starts_with("HTTP/1.1 200 OK\r\n")) << first;
  EXPECT_TRUE(first.ends_with("GET /a b|x=1|s[]=q r|s[]=أ|")) << first;
  EXPECT_NE(first.find("Connection: keep-alive"), std::string::npos);
  EXPECT_NE(first.find("\r\nDate: "), std::string::npos);
  client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_TRUE(client.answer().ends_with("POST /p|hello"));
  EXPECT_EQ(server->stats().connections, 1);
  client.send("GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto last = client.read_rest();
  EXPECT_NE(last.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(last.ends_with("GET /last|"));
}

TEST(Server, HeadHasNoBodyAndUnknownMethodsReachTheHandler) {
  const auto server = start({});
  Client client(server->port());
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto head = client.read_until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 8"), std::string::npos) << head;
  client.send("BREW /tea HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.answer().ends_with("BREW /tea|"));
}

TEST(Server, RefusesWhatIsTooLargeOrMalformed) {
  const auto server = start({.header_bytes_max = 1000, .body_bytes_max = 100});
  Client header(server->port());
  header.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'x') + "\r\n\r\n");
  EXPECT_TRUE(header.read_rest().starts_with("HTTP/1.1 431 "));
  Client body(server->port());
  body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" +
            std::string(200000, 'y'));
  EXPECT_TRUE(body.read_rest().starts_with("HTTP/1.1 413 "));
  Client chunked(server->port());
  chunked.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nC8\r\n" +
               std::string(200, 'z') + "\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.read_rest().starts_with("HTTP/1.1 413 "));
  Client garbage(server->port());
  garbage.send("\x16\x03\x01 not http\r\n\r\n");
  EXPECT_TRUE(garbage.read_rest().starts_with("HTTP/1.1 400 "));
}

TEST(Server, ClosesAClientThatDripsItsRequest) {
  const auto server = start({.header_bytes_max = 1U << 30U, .request_deadline = 150ms});
  Client client(server->port());
  const auto started = std::chrono::steady_clock::now();
  client.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
  // Each byte comes well within the deadline; all of them together do not.
  while (client.send("x") && std::chrono::steady_clock::now() - started < 20s) {
    std::this_thread::yield();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - started, 15s);
}

TEST(Server, TellsWhoSendsTooSlowlySo) {
  const auto server = start({.request_deadline = 100ms});
  Client head(server->port());
  head.send("POST / HTTP/1.1\r\nHost: h\r\n");
  EXPECT_TRUE(head.read_rest().starts_with("HTTP/1.1 408 "));
  Client body(server->port());
  body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhell");
  EXPECT_TRUE(body.read_rest().starts_with("HTTP/1.1 408 "));
}

TEST(Server, AnswersLaterFromAnotherThread) {
  std::promise<std::shared_ptr<PendingAnswer>> pending;
  const auto server = start({}, [&](const Request&) {
    Response response;
    response.later = [&](std::shared_ptr<PendingAnswer> answer) {
      pending.set_value(std::move(answer));
    };
    return response;
  });
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = pending.get_future().get();
  EXPECT_EQ(server->stats().in_flight, 1);
  Response late;
  late.body = "late";
  answer->answer(late);
  late.body = "later still";
  answer->answer(late);
  const auto text = client.answer();
  EXPECT_TRUE(text.ends_with("\r\n\r\nlate")) << text;
}

TEST(Server, ClosesAConnectionWhoseAnswerIsDropped) {
  const auto server = start({}, [](const Request&) {
    Response response;
    response.later = [](const std::shared_ptr<PendingAnswer>&) {};
    return response;
  });
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_rest(), "");
}

TEST(Server, OutlivesAnAnswerThatComesAfterItsEnd) {
  std::promise<std::shared_ptr<PendingAnswer>> pending;
  auto server = start({}, [&](const Request&) {
    Response response;
    response.later = [&](std::shared_ptr<PendingAnswer> answer) {
      pending.set_value(std::move(answer));
    };
    return response;
  });
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  auto answer = pending.get_future().get();
  server.reset();
  answer->answer(Response());
  answer.reset();
  EXPECT_EQ(client.read_rest(), "");
}

TEST(Server, ClosesAnIdleConnection) {
  const auto server = start({.idle_deadline = 50ms});
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  client.answer();
  EXPECT_EQ(client.read_rest(), "");
}

TEST(Server, RefusesMoreConnectionsThanAllowed) {
  const auto server = start({.connections_max = 1});
  Client first(server->port());
  first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  first.answer();
  Client second(server->port());
  EXPECT_TRUE(second.read_rest().starts_with("HTTP/1.1 503 "));
  first.send("GET /still HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(first.answer().ends_with("GET /still|"));
}

TEST(Server, DelaysWithoutHoldingTheThread) {
  const auto server = start({}, [](const Request& request) {
    Response response;
    response.body = request.path;
    if (request.path == "/slow") response.delay = 400ms;
    return response;
  });
  Client slow(server->port());
  slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  Client quick(server->port());
  while (server->stats().in_flight < 1) std::this_thread::yield();
  quick.send("GET /quick HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(quick.answer().ends_with("/quick"));
  // An answer is counted out just after its last byte has left.
  while (server->stats().in_flight > 1) std::this_thread::yield();
  EXPECT_EQ(server->stats().in_flight, 1) << "the slow one is still waiting";
  EXPECT_TRUE(slow.answer().ends_with("/slow"));
}

TEST(Server, CutsAndResets) {
  const auto server = start({}, [](const Request& request) {
    Response response;
    response.shared_body = std::make_shared<const std::string>(1000, 'b');
    if (request.path == "/cut") response.cut_body_after = 10;
    response.is_reset = request.path == "/reset";
    return response;
  });
  Client cut(server->port());
  cut.send("GET /cut HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto text = cut.read_rest();
  EXPECT_NE(text.find("Content-Length: 1000"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\n\r\nbbbbbbbbbb"));
  Client reset(server->port());
  reset.send("GET /reset HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(reset.read_rest(), "");
  EXPECT_EQ(reset.last_errno(), ECONNRESET);
}

TEST(Server, StreamsEventsAndNoticesThatThePeerIsGone) {
  std::promise<std::shared_ptr<BodyStream>> promise;
  auto stream_given = promise.get_future();
  const auto server = start({}, [&promise](const Request&) {
    Response response;
    response.headers = {{"Content-Type", "text/event-stream"}};
    response.stream = [&promise](std::shared_ptr<BodyStream> stream) {
      promise.set_value(std::move(stream));
    };
    return response;
  });
  Client client(server->port());
  client.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto stream = stream_given.get();
  EXPECT_NE(client.read_until("\r\n\r\n").find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_TRUE(stream->write("data: 1\n\n"));
  EXPECT_EQ(client.read_until("1\n\n\r\n"), "9\r\ndata: 1\n\n\r\n");
  EXPECT_TRUE(stream->write("data: 2\n\n"));
  stream->close();
  EXPECT_EQ(client.read_rest(), "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
  EXPECT_FALSE(stream->write("data: 3\n\n"));
}

TEST(Server, ClosesAStreamWhosePeerDoesNotRead) {
  std::promise<std::shared_ptr<BodyStream>> promise;
  auto stream_given = promise.get_future();
  const auto server = start({.stream_queue_bytes_max = 100'000}, [&promise](const Request&) {
    Response response;
    response.stream = [&promise](std::shared_ptr<BodyStream> stream) {
      promise.set_value(std::move(stream));
    };
    return response;
  });
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto stream = stream_given.get();
  int64_t taken = 0;
  while (stream->write(std::string(10'000, 'e'))) taken += 10'000;
  EXPECT_LT(taken, 100'000'000) << "what the kernel holds, and the queue";
  EXPECT_FALSE(stream->is_open());
}

TEST(Server, WorkersMayBlockAndManyThreadsServe) {
  std::promise<void> gate;
  const auto opened = gate.get_future().share();
  const auto server = start({.threads = 2, .workers = 2}, [opened](const Request& request) {
    if (request.path == "/wait") opened.wait();
    return echo(request);
  });
  Client waiting(server->port());
  waiting.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  Client other(server->port());
  other.send("GET /go HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(other.answer().ends_with("GET /go|"));
  gate.set_value();
  EXPECT_TRUE(waiting.answer().ends_with("GET /wait|"));
}

TEST(Server, AnswersAThrowingHandlerWith500) {
  const auto server =
      start({}, [](const Request&) -> Response { throw std::runtime_error("broken"); });
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = client.answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(answer.find("broken"), std::string::npos);
}

TEST(Server, SaysWhyItCannotListen) {
  const auto server = start({});
  const auto second = Server::start({.port = server->port()}, echo);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind(), ErrorKind::kUnavailable);
  EXPECT_NE(second.error().message().find(std::to_string(server->port())), std::string::npos);
  EXPECT_EQ(Server::start({.address = "nowhere"}, echo).error().kind(), ErrorKind::kInvalidConfig);
}

TEST(Server, StopsWhileConnectionsComeAndGo) {
  Options options;
  options.threads = 2;
  for (int round = 0; round < 20; ++round) {
    auto server = start(options, [](const Request&) { return Response(); });
    std::vector<std::unique_ptr<Client>> clients(100);
    for (auto& client : clients) client = std::make_unique<Client>(server->port());
    for (auto& client : clients) client->send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    server->stop();
  }
}

TEST(Server, StopsWhileRequestsAreUnderWay) {
  auto server = start({}, [](const Request&) {
    Response response;
    response.delay = 60s;
    return response;
  });
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (server->stats().in_flight < 1) std::this_thread::yield();
  server->stop();
  EXPECT_EQ(client.read_rest(), "");
  server.reset();
}

}  // namespace
}  // namespace falaj::http_server
