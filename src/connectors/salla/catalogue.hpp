// The streams of a Salla store: what each one's JSON becomes in BRONZE.
// Shape:    one TableSpec a stream; orders bring their lines along when a payload has them.
// Threads:  constant data.
// Facts:    salla-api.md, by section at each stream; its documents are docs.salla.dev/<id>.
#pragma once

#include <vector>

#include "decode/table_spec.hpp"

namespace falaj::connectors::salla {

// Every stream that this falaj extracts, "deletions" (our own records) included.
const std::vector<decode::TableSpec>& catalogue();

const decode::TableSpec& orders_spec();

}  // namespace falaj::connectors::salla
