#include "duck/batch_columns.hpp"

namespace falaj::duck {
namespace {

ColumnType type_of(rows::ColumnType type) {
  switch (type) {
    case rows::ColumnType::kBigInt: return ColumnType::kBigInt;
    case rows::ColumnType::kText: return ColumnType::kText;
    case rows::ColumnType::kMoney:
    case rows::ColumnType::kRate: return ColumnType::kDecimal18;
    case rows::ColumnType::kTimestamp: return ColumnType::kTimestamp;
    case rows::ColumnType::kDate: return ColumnType::kDate;
    case rows::ColumnType::kBool: return ColumnType::kBool;
  }
  return ColumnType::kText;
}

int scale_of(rows::ColumnType type) {
  if (type == rows::ColumnType::kMoney) return 4;
  return type == rows::ColumnType::kRate ? 8 : 0;
}

}  // namespace

ColumnSet columns_of(std::shared_ptr<const rows::RowBatch> batch) {
  ColumnSet set;
  set.rows = batch->row_count();
  const auto& columns = batch->schema().columns;
  for (size_t i = 0; i < columns.size(); ++i) {
    ColumnData data;
    data.name = columns[i].name;
    data.type = type_of(columns[i].type);
    data.scale = scale_of(columns[i].type);
    data.numbers = batch->numbers(i).data();
    data.texts = batch->texts(i).data();
    data.valid = batch->valid(i).data();
    set.columns.push_back(std::move(data));
  }
  set.keep_alive = std::move(batch);
  return set;
}

}  // namespace falaj::duck
