// A plain socket to a server of this machine, for tests that send what no HTTP client would.
// Threads:  confined to one. Reads give up after 20 s.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace falaj::test {

class PlainClient {
 public:
  explicit PlainClient(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  bool send(std::string_view text) {
    return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  // Reads until `mark` is there, or the peer closes.
  std::string read_until(const std::string& mark) {
    while (text_.find(mark) == std::string::npos && receive()) {
    }
    const auto at = text_.find(mark);
    const auto end = at == std::string::npos ? text_.size() : at + mark.size();
    auto found = text_.substr(0, end);
    text_.erase(0, end);
    return found;
  }
  std::string read_rest() {
    while (receive()) {
    }
    return std::move(text_);
  }
  // One answer with a Content-Length.
  std::string answer() {
    auto head = read_until("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    const auto length = static_cast<size_t>(std::stoul(head.substr(at + 16)));
    while (text_.size() < length && receive()) {
    }
    head += text_.substr(0, length);
    text_.erase(0, std::min(length, text_.size()));
    return head;
  }
  int last_errno() const { return errno_; }
  void close() { fd_.reset(); }

 private:
  bool receive() {
    char buffer[65536];
    const auto got = ::recv(fd_.get(), buffer, sizeof buffer, 0);
    if (got < 0) errno_ = errno;
    if (got <= 0) return false;
    text_.append(buffer, static_cast<size_t>(got));
    return true;
  }
  UniqueFd fd_;
  std::string text_;
  int errno_ = 0;
};

}  // namespace falaj::test
