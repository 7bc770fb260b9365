// The streams of a Salla store: the built-in catalogue (the .toml files beside this one, embedded),
// and what a user's file of the same form adds to it or changes.
// Shape:    a document is a JSON tree {"streams": {name: {key: value}}}, whoever parsed it.
// Threads:  constant data; reading is a pure function.
// Errors:   read_catalogue names the place in the document ("streams.orders.columns[2]") and what is
//           accepted there; the caller knows which line that is.
// Facts:    salla-api.md, by section at each stream; its documents are docs.salla.dev/<id>.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "extract/stream_spec.hpp"

namespace falaj::connectors::salla {

// What is wrong with a document, and where.
struct CatalogueProblem {
  std::string place;    // "streams.orders.columns[2]"; empty: the document as a whole
  std::string message;  // "no kind of column is called 'txt'; accepted: int, text, ..."
};

using Streams = std::vector<extract::StreamSpec>;

// `changes` over `base`: a stream of the same name is changed key by key (its columns are added to,
// a column of the same name is replaced), another one is new. In order of declaration; a child stream
// follows.
std::variant<Streams, CatalogueProblem> read_catalogue(const Streams& base, const Json& changes);

// "money_sum": a kind of column as documents spell it.
std::string_view kind_name(decode::FieldKind kind);

// The built-in streams.
const Streams& built_in_streams();

// Extraction reads these in a way of its own: orders and their items, customers, products, statuses,
// store_info; and writes deletions and events. A user's file may change their columns and volatile members.
bool has_own_procedure(std::string_view stream);

// The others, as far as they are enabled; a stream comes after its parent.
Streams more_streams(const Streams& streams);

// Their tables, for whoever needs no more: every stream that this falaj knows, "deletions" (our own
// records) included.
const std::vector<decode::TableSpec>& catalogue();
std::vector<decode::TableSpec> tables_of(const Streams& streams);

const decode::TableSpec& orders_spec();

}  // namespace falaj::connectors::salla
