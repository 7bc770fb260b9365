// A few numbers that several processes of this machine read and write together: a small file that
// each maps, under a lock that the kernel frees when its holder dies.
// Shape:    up to 8192 bytes of plain numbers and 128 members. A member is one open SharedRecord
//           that was opened as one; the others only read and write.
// Owns:     the mapping, the file descriptor and the membership.
// Threads:  confined to one; other threads open the file for themselves.
// Errors:   kStorageFailed naming the file; kConflict when all memberships are taken.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace falaj::state {

class SharedRecord {
 public:
  static constexpr size_t kBytes = 8192;
  static constexpr size_t kMembers = 128;
  static constexpr size_t kNoMember = kMembers;
  // Makes the folder (for its owner alone) and the file if need be; a new record is all zero.
  static Result<SharedRecord> open(const std::string& path, bool as_member = true);
  // One that is there already, without becoming a member; kNotFound if it is not.
  static Result<SharedRecord> open_existing(const std::string& path);
  SharedRecord(SharedRecord&& other) noexcept;
  SharedRecord& operator=(SharedRecord&&) = delete;
  ~SharedRecord();

  void lock();
  void unlock();
  // To be touched between lock() and unlock().
  void* data() { return data_; }
  // kNoMember if it was not opened as one.
  size_t member() const { return member_; }
  // False once that member has ended, however it ended.
  bool is_alive(size_t member) const;

 private:
  static Result<SharedRecord> map(UniqueFd fd, const std::string& path, size_t member);
  SharedRecord(UniqueFd fd, void* data, size_t member)
      : fd_(std::move(fd)), data_(data), member_(member) {}
  UniqueFd fd_;
  void* data_;
  size_t member_;
};

}  // namespace falaj::state
