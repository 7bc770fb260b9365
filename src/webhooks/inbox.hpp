// The run's end of the inbox: finds what receivers have sealed, repairs what a killed one left, asks
// living ones to seal what they hold.
// Shape:    collect() yields whole files; each stays until remove() is called with its name, so
//           that a kill in between costs nothing.
// Threads:  confined to one; receivers write beside it.
// Errors:   kStorageFailed. A file that cannot be read at all stays and is named.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "landing/file_store.hpp"
#include "webhooks/inbox_segment.hpp"

namespace falaj::webhooks {

struct Segment {
  std::string name;                         // a ULID: by age
  std::shared_ptr<const std::string> text;  // what `content` borrows
  SegmentContent content;
};

struct CollectReport {
  std::vector<std::string> names;  // sealed files, by age
  int64_t repaired = 0;            // files of dead receivers that were sealed
  int64_t bytes_cut = 0;           // of their torn tails
  std::vector<std::string> notes;
};

class Inbox {
 public:
  Inbox(landing::FileStore& files, Clock& clock, std::string directory)
      : files_(files), clock_(clock), directory_(std::move(directory)) {}

  // Waits up to `patience` for receivers that hold events to seal them; what they do not seal in
  // time is for the next run.
  Result<CollectReport> collect(Micros patience);
  Result<Segment> read(const std::string& name) const;
  Status remove(const std::string& name);
  // Keeps a damaged file under another name, which is returned.
  Result<std::string> set_aside(const std::string& name);

 private:
  Result<std::vector<std::string>> names_with(std::string_view suffix) const;
  // True when its receiver lives.
  Result<bool> repair(const std::string& name, CollectReport& report);
  Result<std::shared_ptr<const std::string>> read_text(const std::string& path) const;
  std::string path(const std::string& name, std::string_view suffix) const;

  landing::FileStore& files_;
  Clock& clock_;
  std::string directory_;
};

}  // namespace falaj::webhooks
