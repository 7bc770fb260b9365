// The streams of the catalogue that need no procedure of their own, in three steps of a run: small
// lists before the orders, long ones between the order list and the calls for single orders, and what
// hangs on orders last.
// Shape:    lists that are read whole tell what is gone: entities known from before that a whole and
//           steady list no longer has, confirmed by a 404 where the API lets one ask. A list of which
//           only the last days were read tells it of what was created on these days.
// Threads:  confined to one.
// Errors:   of read_catalogue_lists; what stores do not have or allow ends up in notes().
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "extract/catalogue_list.hpp"
#include "extract/known_store.hpp"
#include "extract/named_entity.hpp"

namespace falaj::extract {

// Calls that confirm what is gone, of one stream in one run; what is left is asked for by the next.
constexpr size_t kConfirmationsMax = 500;

// The column of a stream's table that says when an entity was created.
inline constexpr std::string_view kCreatedColumn = "created_at";

using IdsByStream = std::map<std::string, std::vector<int64_t>>;
// Which entities of a stream the warehouse is asked about.
struct KnownIdsAsk {
  StreamSpec stream;
  std::optional<DayWindow> created;  // only those created on these days
};
// What the warehouse has of these streams: live ids, sorted.
using ReadKnownIds = std::function<Result<IdsByStream>(const std::vector<KnownIdsAsk>& asks)>;

class MoreStreams {
 public:
  // `streams` outlives it. Started: a run that is resumed began up to a day earlier.
  MoreStreams(PageLoop& loop, Clock& clock, CursorStore& cursors,
              const std::vector<StreamSpec>& streams, int64_t page_size);

  // `seen`: ids of products, whose children are read here.
  Status read_before_orders(IdsByStream seen);
  // Lists of the customers' bucket, and what hangs on customers.
  Status read_of_customers(std::vector<int64_t> customers);
  Status read_before_deepening();
  Status read_of_orders(std::vector<int64_t> orders);
  // Entities that events have named, where the catalogue can ask for one and the lists of this run
  // have not shown it: after the lists.
  Status read_named(const std::vector<NamedEntity>& named);
  // Asks the warehouse about lists whose ids are not those of the last run only.
  Status land_vanished(const ReadKnownIds& read_known);
  // A list with a procedure of its own that could not be read.
  void add_refusal(const std::string& stream, const std::string& scope, const ListRefusal& refusal);
  // After a successful run: the next one goes on from here.
  Status remember();

  // What reading all of them will take, by name; of children only that of `parents`, whose number is
  // given, and of lists among themselves.
  Result<std::map<std::string, CatalogueListPlan>> plan(std::map<std::string, CountRange> parents,
                                                        int64_t asks_max);

  std::vector<std::pair<std::string, int64_t>> announced() const { return announced_; }
  std::vector<std::string> notes() const;

 private:
  Status read(const std::vector<const StreamSpec*>& streams);
  Result<CatalogueListAsk> ask_of(const StreamSpec& stream);
  Status land_vanished(const StreamSpec& stream, const std::vector<int64_t>& seen,
                       const std::vector<int64_t>& missing);
  Status confirm(const StreamSpec& stream, const std::vector<int64_t>& missing);
  const StreamSpec* find(const std::string& name) const;
  // Streams whose place in the run is this one, without and with a parent; not those of customers.
  std::vector<const StreamSpec*> pick(bool is_newest_first, bool has_parent) const;
  bool is_of_customers(const StreamSpec& stream) const;

  PageLoop& loop_;
  Clock& clock_;
  CursorStore& cursors_;
  const std::vector<StreamSpec>& streams_;
  int64_t page_size_;
  Day started_;
  IdsByStream seen_;
  struct WholeList {
    std::vector<int64_t> ids;
    std::optional<DayWindow> created;  // all that was created on these days; nothing: all there is
  };
  std::map<std::string, WholeList> whole_;          // of lists that were read to their end
  std::map<std::string, std::string> to_remember_;  // cursors by name
  std::vector<std::pair<std::string, int64_t>> announced_;
  std::map<std::string, std::vector<std::string>> without_scope_;  // streams by scope
  std::vector<std::string> notes_;
};

}  // namespace falaj::extract
