// A store read from a parquet file of invoice lines (the columns of the Online Retail II data set):
// Invoice, StockCode, Description, Quantity, InvoiceDate, Price, "Customer ID", Country.
// Shape:    docs/salla-sim.md, "Data sets": one order an invoice, one item a line, in the file's
//           order; products by upper(trim(StockCode)).
// Units:    prices exact to 1/10,000; totals of lines rounded to 1/100, half away from zero.
// Owns:     the lines, 24 bytes each, and the texts.
// Errors:   kUsage when the file is missing or lacks a column.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "simulator/entity_source.hpp"

namespace falaj::simulator {

struct DatasetOptions {
  std::string file;
  uint64_t seed = 1;
  bool has_permuted_ids = true;
};

Result<std::unique_ptr<EntitySource>> read_dataset(const DatasetOptions& options);

}  // namespace falaj::simulator
