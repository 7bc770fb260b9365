// The warehouse that a home's settings name: a lake, a DuckDB file or a Snowflake account.
// Threads:  see warehouse/opener.hpp.
// Errors:   of opening it (see the warehouse port).
#pragma once

#include "home/home.hpp"
#include "operate/scratch_warehouses.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"
#include "warehouse/opener.hpp"

namespace falaj::app {

class HomeWarehouse final : public warehouse::Opener {
 public:
  // `home` must outlive it and what it opens.
  explicit HomeWarehouse(const home::Home& home) : home_(home) {}

  Result<std::unique_ptr<warehouse::Warehouse>> open(bool is_read_only,
                                                     const warehouse::StatementTag& tag) override;
  Result<std::unique_ptr<warehouse::Console>> open_console(const std::string& parquet) override;
  bool exists() const override;
  bool has_embedded() const override;
  bool is_remote() const override;
  std::string place(const std::string& database_name) const override;
  std::vector<warehouse::Finding> examine() override;

 private:
  // How the embedded warehouse of the home is opened.
  warehouse::LakeOptions lake_options(bool is_read_only) const;

  const home::Home& home_;
};

class HomeScratchWarehouses final : public operate::ScratchWarehouses {
 public:
  // `home` must outlive it and what it makes.
  explicit HomeScratchWarehouses(const home::Home& home) : home_(home) {}

  std::unique_ptr<warehouse::contract::Subject> embedded(Kind kind, std::string folder) override;
  std::unique_ptr<warehouse::contract::ScratchDatabase> account(std::string database,
                                                                std::string folder,
                                                                const std::string& id) override;

 private:
  const home::Home& home_;
};

}  // namespace falaj::app
