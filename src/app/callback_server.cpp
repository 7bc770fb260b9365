#include "app/callback_server.hpp"

namespace falaj::app {

Result<uint16_t> CallbackServer::start(uint16_t port, Answer answer) {
  http_server::Options options;
  options.port = port;
  FALAJ_ASSIGN(server_,
               http_server::Server::start(
                   options, [answer = std::move(answer)](const http_server::Request& request) {
                     const auto page =
                         answer({request.method, request.path, [&](std::string_view name) {
                                   return std::string(request.parameter(name).value_or(""));
                                 }});
                     http_server::Response response;
                     response.status = page.status;
                     response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                                         {"Cache-Control", "no-store"},
                                         {"Referrer-Policy", "no-referrer"}};
                     response.body = page.html;
                     response.must_close = true;
                     return response;
                   }));
  return server_->port();
}

void CallbackServer::stop() {
  if (server_ != nullptr) server_->stop();
}

}  // namespace falaj::app
