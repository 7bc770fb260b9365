// What must hold between the keys of a stream and between the streams of a catalogue.
// Threads:  a value over streams that outlive it.
#pragma once

#include <optional>
#include <string>

#include "connectors/salla/catalogue.hpp"

namespace falaj::connectors::salla {

class StreamCheck {
 public:
  explicit StreamCheck(const Streams& streams) : streams_(streams) {}

  // The first thing that is wrong.
  std::optional<CatalogueProblem> check() const;
  const extract::StreamSpec* find(const std::string& name) const;  // null: there is none

 private:
  bool is_child_of(const std::string& parent, const std::string& name) const;
  std::string objection(const extract::StreamSpec& stream) const;

  const Streams& streams_;
};

}  // namespace falaj::connectors::salla
