#include "support/snowflake_stub/snowflake_stub.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "duck/database.hpp"
#include "http_server/server.hpp"
#include "support/snowflake_stub/stub_session.hpp"
#include "support/snowflake_stub/stub_sql.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using http_server::Request;
using http_server::Response;

constexpr size_t kChunkRows = 3;
constexpr int kPolls = 2;
constexpr std::string_view kLargeChunks = "/large/";

Response json_response(const Json& body) {
  Response response;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = body.dump();
  return response;
}

Response status_response(int status) {
  Response response;
  response.status = status;
  response.body = "{}";
  return response;
}

Response reset() {
  Response response;
  response.is_reset = true;
  return response;
}

Response cut(Response response) {
  response.cut_body_after = response.payload().size() / 2;
  return response;
}

Response refusal(const std::string& code, const std::string& sql_state,
                 const std::string& message) {
  Json data;
  data.set("errorCode", code);
  data.set("sqlState", sql_state);
  Json body;
  body.set("data", std::move(data));
  body.set("code", code);
  body.set("message", message);
  body.set("success", false);
  return json_response(body);
}

Response success(Json data) {
  Json body;
  body.set("data", std::move(data));
  body.set("code", nullptr);
  body.set("message", nullptr);
  body.set("success", true);
  return json_response(body);
}

// Snowflake Token="..."
std::string token_of(const Request& request) {
  const std::string text(request.header("Authorization").value_or(""));
  const auto first = text.find('"');
  const auto last = text.rfind('"');
  return first == std::string::npos || last <= first ? ""
                                                     : text.substr(first + 1, last - first - 1);
}

// Rows as a chunk holds them: lists with commas between, without the outer brackets.
std::string chunk_text(const Json::Array& rows, size_t first, size_t end) {
  std::string text;
  for (size_t i = first; i < end; ++i) text += (i == first ? "" : ",") + rows[i].dump();
  return text;
}

bool is_before_running(StubFault fault) {
  return fault >= StubFault::kSessionExpired && fault <= StubFault::kSlow;
}

}  // namespace

std::string_view to_string(StubFault fault) {
  switch (fault) {
    case StubFault::kNone: return "None";
    case StubFault::kSessionExpired: return "SessionExpired";
    case StubFault::kSessionGone: return "SessionGone";
    case StubFault::kRefused: return "Refused";
    case StubFault::kUnavailable: return "Unavailable";
    case StubFault::kTooManyRequests: return "TooManyRequests";
    case StubFault::kNeverAvailable: return "NeverAvailable";
    case StubFault::kReset: return "Reset";
    case StubFault::kSlow: return "Slow";
    case StubFault::kLostAnswer: return "LostAnswer";
    case StubFault::kLostForEver: return "LostForEver";
    case StubFault::kCutAnswer: return "CutAnswer";
    case StubFault::kRejectedFile: return "RejectedFile";
    case StubFault::kWrongCount: return "WrongCount";
    case StubFault::kAsynchronous: return "Asynchronous";
    case StubFault::kChunks: return "Chunks";
    case StubFault::kCutChunk: return "CutChunk";
  }
  return "?";
}

struct SnowflakeStub::State {
  struct Login {
    std::string token;
    std::string master_token;
    bool is_expired = false;
    bool is_gone = false;
    std::shared_ptr<StubSession> session;
  };
  // A request by its id: what is known of it, and its answer once there is one.
  struct Answer {
    size_t statement = 0;  // its place in the log
    bool is_ready = false;
    int failures_left = 0;
    Response response;
  };
  // What is fetched by a later GET.
  struct Document {
    Response response;
    int polls_left = 0;
  };

  Options options;
  TempDir directory;
  std::optional<duck::Database> database;
  std::optional<duck::Connection> own;
  WriterLocks locks;
  std::unique_ptr<http_server::Server> server;

  mutable std::mutex mutex;
  std::condition_variable changed;
  int64_t next_id = 0;
  std::map<int64_t, Login> sessions;
  std::map<std::string, Answer> answers;  // by requestId
  std::map<std::string, Document> documents;
  std::map<std::string, std::shared_ptr<StubSession>> running;  // by requestId
  std::set<std::string> stopped;                                // requestIds
  std::vector<std::string> aborted;
  std::vector<StubStatement> log;
  std::vector<StubScript> scripts;
  std::vector<Json> login_bodies;
  StubCounts counts;
  std::string login_code;
  int logins_to_refuse = 0;

  explicit State(Options given) : options(std::move(given)), locks(options.silence_allowed) {}

  void start();
  std::string url() const { return fmt::format("http://127.0.0.1:{}", server->port()); }
  Response handle(const Request& request);
  Response log_in(const Request& request);
  Response renew(const Request& request);
  Response end_session(const Request& request);
  Response abort(const Request& request);
  Response query(const Request& request);
  Response upload(const Request& request);
  Response document(const std::string& path);

  Login* find_session(const std::string& token, int64_t* id);
  StubFault take_script(const StubStatement& statement, int* times);
  Response try_again(Answer& answer, StubStatement& statement, std::unique_lock<std::mutex>& lock);
  std::optional<Response> before_running(StubFault fault, int times, Login& login,
                                         const std::string& request_id,
                                         std::unique_lock<std::mutex>& lock);
  Response run(const StubStatement& statement, StubSession& session);
  Response transfer(const std::string& sql, const StubSession& session);
  Response answer_of(StubResult result, StubFault fault);
  Response large_answer();
  Response large_chunk(const std::string& path) const;
  std::string keep(Response response, int polls);
};

void SnowflakeStub::State::start() {
  duck::DatabaseOptions memory;
  memory.threads = 1;
  auto opened = duck::Database::open(memory);
  ASSERT_TRUE(opened.ok()) << opened.error().to_text();
  database.emplace(std::move(*opened));
  own.emplace(std::move(*database->connect()));
  auto attached = own->execute(
      fmt::format("ATTACH ':memory:' AS {0}; USE {0}", duck::quote_name(options.database)));
  ASSERT_TRUE(attached.ok()) << attached.error().to_text();
  http_server::Options web;
  web.workers = 16;
  web.body_bytes_max = uint64_t{256} << 20U;
  auto started =
      http_server::Server::start(web, [this](const Request& request) { return handle(request); });
  ASSERT_TRUE(started.ok()) << started.error().to_text();
  server = std::move(*started);
}

Response SnowflakeStub::State::handle(const Request& request) {
  if (request.path == "/session/v1/login-request") return log_in(request);
  if (request.path == "/session/token-request") return renew(request);
  if (request.path == "/queries/v1/query-request") return query(request);
  if (request.path == "/queries/v1/abort-request") return abort(request);
  if (request.path == "/session" && request.parameter("delete")) return end_session(request);
  if (request.path == "/session/heartbeat") {
    const std::lock_guard lock(mutex);
    ++counts.heartbeats;
    return success(nullptr);
  }
  if (request.path.starts_with("/upload/")) return upload(request);
  if (request.path.starts_with("/documents/")) return document(request.path);
  if (request.path.starts_with(kLargeChunks)) return large_chunk(request.path);
  return status_response(404);
}

Response SnowflakeStub::State::log_in(const Request& request) {
  auto body = Json::parse(request.body);
  if (!body.ok()) return status_response(400);
  const std::lock_guard lock(mutex);
  login_bodies.push_back(*body);
  if (logins_to_refuse > 0) {
    --logins_to_refuse;
    ++counts.refused_logins;
    const Json& data = (*body)["data"];
    const std::string text =
        fmt::format("refused: {} {}", data["TOKEN"].as_string(), data["PASSWORD"].as_string());
    if (login_code.size() != 3) return refusal(login_code, "08001", text);
    Response failure = status_response(std::stoi(login_code));
    failure.body = text;
    return failure;
  }
  ++counts.logins;
  const int64_t id = ++next_id;
  const std::string schema(request.parameter("schemaName").value_or("PUBLIC"));
  sessions[id] = {fmt::format("session-token-{}-0", id), fmt::format("master-token-{}", id), false,
                  false,
                  std::make_shared<StubSession>(
                      *database, locks,
                      StubSession::Options{options.database, schema,
                                           (directory / fmt::format("stages/{}", id)).string()})};
  Json info;
  info.set("databaseName", options.database);
  info.set("schemaName", schema);
  info.set("warehouseName", "FALAJ_WH");
  info.set("roleName", "FALAJ");
  Json answer;
  answer.set("token", sessions[id].token);
  answer.set("validityInSeconds", 3600);
  answer.set("masterToken", sessions[id].master_token);
  answer.set("masterValidityInSeconds", 14400);
  answer.set("sessionId", id);
  answer.set("parameters", Json::Array{});
  answer.set("sessionInfo", std::move(info));
  return success(std::move(answer));
}

Response SnowflakeStub::State::renew(const Request& request) {
  const std::string master = token_of(request);
  const std::lock_guard lock(mutex);
  for (auto& [id, login] : sessions) {
    if (login.master_token != master || login.is_gone) continue;
    ++counts.renewals;
    login.token = fmt::format("session-token-{}-{}", id, counts.renewals);
    login.is_expired = false;
    Json answer;
    answer.set("sessionToken", login.token);
    answer.set("masterToken", login.master_token);
    answer.set("validityInSecondsST", 3600);
    answer.set("validityInSecondsMT", 14400);
    answer.set("sessionId", id);
    return success(std::move(answer));
  }
  return refusal("390114", "08001", "Authentication token has expired.");
}

SnowflakeStub::State::Login* SnowflakeStub::State::find_session(const std::string& token,
                                                                int64_t* id) {
  for (auto& [number, login] : sessions) {
    if (login.token != token) continue;
    *id = number;
    return &login;
  }
  return nullptr;
}

Response SnowflakeStub::State::end_session(const Request& request) {
  std::shared_ptr<StubSession> session;
  {
    const std::lock_guard lock(mutex);
    int64_t id = 0;
    Login* login = find_session(token_of(request), &id);
    if (login == nullptr || login->is_gone) return success(nullptr);
    ++counts.logouts;
    login->is_gone = true;
    session = login->session;
  }
  session->stop();
  session->roll_back();
  return success(nullptr);
}

Response SnowflakeStub::State::abort(const Request& request) {
  const auto body = Json::parse(request.body);
  if (!body.ok()) return status_response(400);
  std::shared_ptr<StubSession> session;
  {
    const std::lock_guard lock(mutex);
    ++counts.aborts;
    const std::string id = (*body)["requestId"].as_string();
    stopped.insert(id);
    aborted.push_back(id);
    const auto found = running.find(id);
    if (found != running.end()) session = found->second;
  }
  changed.notify_all();
  if (session) session->stop();
  return success(nullptr);
}

StubFault SnowflakeStub::State::take_script(const StubStatement& statement, int* times) {
  for (auto script = scripts.begin(); script != scripts.end(); ++script) {
    const bool is_it = script->statement > 0
                           ? script->statement == statement.number
                           : statement.sql.find(script->part) != std::string::npos;
    if (!is_it) continue;
    const StubFault fault = script->fault;
    *times = script->statement > 0 ? script->times : 1;
    if (script->statement > 0 || --script->times == 0) scripts.erase(script);
    return fault;
  }
  return StubFault::kNone;
}

Response SnowflakeStub::State::query(const Request& request) {
  const auto body = Json::parse(request.body);
  if (!body.ok()) return status_response(400);
  const std::string request_id(request.parameter("requestId").value_or(""));
  std::unique_lock lock(mutex);
  int64_t session_id = 0;
  Login* login = find_session(token_of(request), &session_id);
  if (login == nullptr || login->is_expired) {
    return refusal("390112", "08001", "Your session has expired.");
  }
  if (login->is_gone) return refusal("390111", "08001", "Session no longer exists.");
  if (const auto known = answers.find(request_id); known != answers.end()) {
    StubStatement& statement = log[known->second.statement];
    ++statement.tries;
    const bool is_after_renewal = statement.fault == StubFault::kSessionExpired;
    statement.has_retry_count = statement.has_retry_count &&
                                (is_after_renewal || request.parameter("retryCount").has_value());
    if (known->second.is_ready || known->second.failures_left != 0 || statement.runs > 0) {
      return try_again(known->second, statement, lock);
    }
  } else {
    StubStatement statement;
    statement.number = static_cast<int64_t>(log.size()) + 1;
    statement.session = session_id;
    statement.request_id = request_id;
    statement.sql = (*body)["sqlText"].as_string();
    statement.tag = (*body)["parameters"]["QUERY_TAG"].as_string();
    statement.tries = 1;
    int times = 1;
    statement.fault = take_script(statement, &times);
    answers[request_id].statement = log.size();
    log.push_back(statement);
    changed.notify_all();
    if (options.on_arrival) {
      lock.unlock();
      options.on_arrival(statement);
      lock.lock();
    }
    if (auto early = before_running(statement.fault, times, *login, request_id, lock)) {
      return std::move(*early);
    }
  }
  auto session = login->session;
  running[request_id] = session;
  const size_t place = answers[request_id].statement;
  ++log[place].runs;
  const StubStatement statement = log[place];
  lock.unlock();
  Response response = run(statement, *session);
  if (options.on_done) options.on_done(statement);
  lock.lock();
  running.erase(request_id);
  Answer& answer = answers[request_id];
  answer.is_ready = true;
  answer.response = response;
  changed.notify_all();
  switch (statement.fault) {
    case StubFault::kLostForEver: answer.failures_left = -1; return reset();
    case StubFault::kLostAnswer: return reset();
    case StubFault::kCutAnswer: return cut(std::move(response));
    default: return response;
  }
}

// The same request again: what the first one did is what is answered.
Response SnowflakeStub::State::try_again(Answer& answer, StubStatement& statement,
                                         std::unique_lock<std::mutex>& lock) {
  if (answer.failures_left != 0) {
    if (answer.failures_left > 0) --answer.failures_left;
    switch (statement.fault) {
      case StubFault::kTooManyRequests: return status_response(429);
      case StubFault::kLostForEver: return reset();
      default: return status_response(503);
    }
  }
  changed.wait(lock, [&] { return answer.is_ready; });
  return answer.response;
}

std::optional<Response> SnowflakeStub::State::before_running(StubFault fault, int times,
                                                             Login& login,
                                                             const std::string& request_id,
                                                             std::unique_lock<std::mutex>& lock) {
  if (!is_before_running(fault)) return std::nullopt;
  Answer& answer = answers[request_id];
  switch (fault) {
    case StubFault::kSessionExpired:
      login.is_expired = true;
      return refusal("390112", "08001", "Your session has expired. Please login again.");
    case StubFault::kSessionGone: {
      login.is_gone = true;
      const auto session = login.session;
      lock.unlock();
      session->roll_back();
      return refusal("390111", "08001", "Session no longer exists. New login required.");
    }
    case StubFault::kRefused:
      answer.is_ready = true;
      answer.response = refusal("300002", "XX000", "Processing aborted by error 300002:INC0000000");
      return answer.response;
    case StubFault::kNeverAvailable: answer.failures_left = -1; return status_response(503);
    case StubFault::kUnavailable: answer.failures_left = times - 1; return status_response(503);
    case StubFault::kTooManyRequests: answer.failures_left = times - 1; return status_response(429);
    case StubFault::kReset: return reset();
    default: break;
  }
  // Slow: until somebody asks for its end.
  changed.wait(lock, [&] { return stopped.contains(request_id) || login.is_gone; });
  answer.is_ready = true;
  answer.response = refusal("000604", "57014", "SQL execution canceled");
  return answer.response;
}

Response SnowflakeStub::State::run(const StubStatement& statement, StubSession& session) {
  if (!options.large.part.empty() && statement.sql.find(options.large.part) != std::string::npos) {
    return large_answer();
  }
  if (statement_kind(statement.sql) == StatementKind::kPut) {
    return transfer(statement.sql, session);
  }
  auto result = session.run(statement.sql, statement.fault == StubFault::kRejectedFile);
  const std::lock_guard lock(mutex);
  if (result.error) {
    log[static_cast<size_t>(statement.number) - 1].error = result.error->code;
    return refusal(result.error->code, result.error->sql_state, result.error->message);
  }
  return answer_of(std::move(result), statement.fault);
}

// Where the driver is to put the file: here.
Response SnowflakeStub::State::transfer(const std::string& sql, const StubSession& session) {
  const auto put = parse_put(sql);
  if (!put) return refusal("001003", "42000", "a PUT of another form: " + sql);
  const std::string path = session.file_path(sql);
  const std::string place = path.substr(directory.path().string().size() + 1);
  Json stage;
  stage.set("locationType", "GCS");
  stage.set("location", "stages/");
  stage.set("creds", Json(Json::Object{}));
  stage.set("presignedUrl", fmt::format("{}/upload/{}", url(), place));
  Json data;
  data.set("command", "UPLOAD");
  data.set("src_locations", Json::Array{put->path});
  data.set("autoCompress", false);
  data.set("overwrite", true);
  data.set("sourceCompression", "none");
  data.set("parallel", 1);
  data.set("stageInfo", std::move(stage));
  data.set("queryId", "put");
  return success(std::move(data));
}

Response SnowflakeStub::State::upload(const Request& request) {
  const std::string place = request.path.substr(std::string_view("/upload/").size());
  if (place.find("..") != std::string::npos) return status_response(400);
  std::ofstream file(directory / place, std::ios::binary);
  file.write(request.body.data(), static_cast<std::streamsize>(request.body.size()));
  const std::lock_guard lock(mutex);
  ++counts.uploads;
  return file.good() ? status_response(200) : status_response(500);
}

std::string SnowflakeStub::State::keep(Response response, int polls) {
  const std::string path = fmt::format("/documents/{}", ++next_id);
  documents[path] = {std::move(response), polls};
  return path;
}

Response SnowflakeStub::State::answer_of(StubResult result, StubFault fault) {
  const auto count = static_cast<int64_t>(result.rows.size());
  if (fault == StubFault::kWrongCount && count > 0 && result.row_type.size() == 7) {
    auto row = result.rows[0].as_array();  // of COPY's report
    row[3] = std::to_string(std::stoll(row[3].as_string()) - 1);
    result.rows[0] = Json(std::move(row));
  }
  const bool is_wrong = fault == StubFault::kWrongCount && result.row_type.size() != 7;
  Json data;
  data.set("rowtype", result.row_type);
  data.set("total", count + (is_wrong ? 1 : 0));
  data.set("returned", count);
  data.set("queryId", fmt::format("01b00000-0000-0000-0000-{:012}", ++next_id));
  data.set("statementTypeId", result.statement_type);
  data.set("queryResultFormat", "json");
  data.set("finalDatabaseName", options.database);
  const bool is_chunked = fault == StubFault::kChunks || fault == StubFault::kCutChunk;
  const size_t inline_rows =
      is_chunked ? std::min<size_t>(result.rows.size(), 1) : result.rows.size();
  Json::Array chunks;
  for (size_t first = inline_rows; first < result.rows.size(); first += kChunkRows) {
    const size_t end = std::min(first + kChunkRows, result.rows.size());
    Response chunk;
    chunk.body = chunk_text(result.rows, first, end);
    if (fault == StubFault::kCutChunk && end == result.rows.size()) chunk = cut(std::move(chunk));
    Json entry;
    entry.set("rowCount", static_cast<int64_t>(end - first));
    entry.set("uncompressedSize", static_cast<int64_t>(chunk.payload().size()));
    entry.set("compressedSize", static_cast<int64_t>(chunk.payload().size()));
    entry.set("url", url() + keep(std::move(chunk), 0));
    chunks.push_back(std::move(entry));
  }
  if (!chunks.empty()) {
    data.set("chunks", std::move(chunks));
    data.set("chunkHeaders", Json(Json::Object{{"x-stub", Json("1")}}));
  }
  result.rows.resize(inline_rows);
  data.set("rowset", std::move(result.rows));
  Response response = success(std::move(data));
  if (fault != StubFault::kAsynchronous) return response;
  Json later;
  later.set("queryId", "asynchronous");
  later.set("getResultUrl", keep(std::move(response), kPolls));
  Json body;
  body.set("data", std::move(later));
  body.set("code", "333334");
  body.set("message", "Query execution in progress.");
  body.set("success", true);
  return json_response(body);
}

Response SnowflakeStub::State::document(const std::string& path) {
  const std::lock_guard lock(mutex);
  const auto found = documents.find(path);
  if (found == documents.end()) return status_response(404);
  if (found->second.polls_left == 0) return found->second.response;
  --found->second.polls_left;
  Json data;
  data.set("queryId", "asynchronous");
  data.set("getResultUrl", path);
  Json body;
  body.set("data", std::move(data));
  body.set("code", "333333");
  body.set("message", "Query execution in progress.");
  body.set("success", true);
  return json_response(body);
}

Response SnowflakeStub::State::large_answer() {
  const LargeResult& large = options.large;
  Json::Array chunks;
  for (int i = 0; i < large.chunks; ++i) {
    Json entry;
    entry.set("url", fmt::format("{}{}{}", url(), kLargeChunks, i));
    entry.set("rowCount", int64_t{large.chunk.batches} * large.chunk.rows);
    chunks.push_back(std::move(entry));
  }
  Json data;
  data.set("rowtype", Json::Array{column("N", "fixed", 18), column("TEXT", "text")});
  data.set("total", large.rows());
  data.set("queryId", "large");
  data.set("statementTypeId", 4096);
  data.set("queryResultFormat", "arrow");
  data.set("rowsetBase64", "");
  data.set("chunks", std::move(chunks));
  data.set("chunkHeaders", Json(Json::Object{{"x-stub", Json("1")}}));
  return success(std::move(data));
}

Response SnowflakeStub::State::large_chunk(const std::string& path) const {
  const int index = std::atoi(path.c_str() + kLargeChunks.size());
  ArrowRows rows = options.large.chunk;
  rows.first += int64_t{index} * rows.batches * rows.rows;
  Response response;
  response.body = arrow_stream(rows);
  return response;
}

SnowflakeStub::SnowflakeStub(Options options)
    : state_(std::make_unique<State>(std::move(options))) {
  state_->start();
}

SnowflakeStub::~SnowflakeStub() {
  end_sessions();
  if (state_->server) state_->server->stop();
}

std::string SnowflakeStub::url() const {
  return state_->url();
}

void SnowflakeStub::script(const StubScript& fault) {
  const std::lock_guard lock(state_->mutex);
  state_->scripts.push_back(fault);
}

void SnowflakeStub::forget_scripts() {
  const std::lock_guard lock(state_->mutex);
  state_->scripts.clear();
}

void SnowflakeStub::echo_logins(const std::string& code, int times) {
  const std::lock_guard lock(state_->mutex);
  state_->login_code = code;
  state_->logins_to_refuse = times;
}

void SnowflakeStub::wait_for(int64_t statements) {
  std::unique_lock lock(state_->mutex);
  const bool has_come = state_->changed.wait_for(lock, std::chrono::seconds(60), [&] {
    return static_cast<int64_t>(state_->log.size()) >= statements;
  });
  EXPECT_TRUE(has_come) << "statement " << statements << " did not arrive";
}

std::vector<StubStatement> SnowflakeStub::statements() const {
  const std::lock_guard lock(state_->mutex);
  return state_->log;
}

StubCounts SnowflakeStub::counts() const {
  const std::lock_guard lock(state_->mutex);
  StubCounts counts = state_->counts;
  for (const auto& [id, login] : state_->sessions) {
    counts.transactions_ended_by_definition += login.session->transactions_ended_by_definition();
  }
  return counts;
}

std::vector<std::string> SnowflakeStub::aborted() const {
  const std::lock_guard lock(state_->mutex);
  return state_->aborted;
}

std::vector<Json> SnowflakeStub::logins() const {
  const std::lock_guard lock(state_->mutex);
  return state_->login_bodies;
}

std::vector<std::vector<std::string>> SnowflakeStub::look(const std::string& sql) {
  std::vector<std::vector<std::string>> rows;
  auto found = state_->own->query(sql);
  EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.error().to_text());
  while (found.ok()) {
    const auto chunk = found->next_chunk();
    EXPECT_TRUE(chunk.ok()) << sql;
    if (!chunk.ok() || *chunk == nullptr) break;
    for (size_t row = 0; row < (*chunk)->row_count(); ++row) {
      auto& cells = rows.emplace_back();
      for (size_t i = 0; i < (*chunk)->column_count(); ++i) {
        cells.push_back((*chunk)->render(i, row));
      }
    }
  }
  return rows;
}

std::string SnowflakeStub::value(const std::string& sql) {
  const auto rows = look(sql);
  return rows.size() == 1 && rows[0].size() == 1 ? rows[0][0] : "<none>";
}

void SnowflakeStub::end_sessions() {
  std::vector<std::shared_ptr<StubSession>> all;
  {
    const std::lock_guard lock(state_->mutex);
    for (auto& [id, login] : state_->sessions) {
      login.is_gone = true;
      all.push_back(login.session);
    }
  }
  state_->changed.notify_all();
  for (const auto& session : all) {
    session->stop();
    session->roll_back();
  }
}

void SnowflakeStub::forget_statements() {
  const std::lock_guard lock(state_->mutex);
  state_->log.clear();
  state_->answers.clear();
}

}  // namespace falaj::test
