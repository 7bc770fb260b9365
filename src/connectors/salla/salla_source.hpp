// The Source of a Salla store: extraction's requests over the HTTP client.
// Owns:     nothing: the client must outlive it.
// Threads:  confined to one.
#pragma once

#include "extract/source.hpp"
#include "http/client.hpp"

namespace falaj::connectors::salla {

class SallaSource final : public extract::Source {
 public:
  explicit SallaSource(http::Client& client) : client_(client) {}
  void fetch(const std::string& request, extract::Purpose purpose, Done done) override;
  bool poll() override { return client_.poll(); }
  void give_back() override { client_.give_back(); }
  size_t max_in_flight() const override { return client_.max_in_flight(); }
  extract::SourceCounters counters() const override;

 private:
  http::Client& client_;
};

}  // namespace falaj::connectors::salla
