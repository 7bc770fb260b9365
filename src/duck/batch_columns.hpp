// A batch of typed rows as DuckDB reads it in place.
// Owns:     the set keeps the batch alive.
// Threads:  a function; the batch must not change meanwhile.
#pragma once

#include <memory>

#include "duck/row_source.hpp"
#include "rows/row_batch.hpp"

namespace falaj::duck {

ColumnSet columns_of(std::shared_ptr<const rows::RowBatch> batch);

}  // namespace falaj::duck
