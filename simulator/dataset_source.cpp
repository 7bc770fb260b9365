#include "simulator/dataset_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <vector>

#include "duck/database.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/id_permutation.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

constexpr int64_t kMicros = 1'000'000;

// What the mapping of docs/salla-sim.md says, word for word.
constexpr const char* kPrepare = R"(
CREATE TEMP TABLE lines AS
  SELECT file_row_number AS line, Invoice AS invoice, upper(trim(StockCode)) AS sku,
         Description AS description, abs(CAST(Quantity AS BIGINT)) AS quantity,
         CAST(Price AS DECIMAL(18,4)) AS price, CAST("Customer ID" AS BIGINT) AS customer,
         Country AS country, CAST(InvoiceDate AS TIMESTAMP) AS invoiced_at
  FROM read_parquet({}, file_row_number = true);
CREATE TEMP TABLE products AS
  SELECT CAST(row_number() OVER (ORDER BY sku) - 1 AS BIGINT) AS position, sku,
         CAST(median(price) AS DECIMAL(18,4)) AS price
  FROM lines GROUP BY sku;
CREATE TEMP TABLE names AS
  SELECT sku, description FROM (
    SELECT sku, description, count(*) AS uses FROM lines WHERE description IS NOT NULL
    GROUP BY sku, description)
  QUALIFY row_number() OVER (PARTITION BY sku ORDER BY uses DESC, description) = 1;
CREATE TEMP TABLE orders AS
  SELECT CAST(row_number() OVER (ORDER BY min(invoiced_at), min(line)) - 1 AS BIGINT) AS position,
         invoice, min(invoiced_at) AS created, max(customer) AS customer
  FROM lines GROUP BY invoice;
CREATE TEMP TABLE customers AS
  SELECT CAST(row_number() OVER (ORDER BY min(invoiced_at), customer) - 1 AS BIGINT) AS position,
         customer, arg_min(country, line) AS country, min(invoiced_at) AS created
  FROM lines WHERE customer IS NOT NULL GROUP BY customer;)";

struct Line {
  uint32_t product = 0;
  int32_t quantity = 0;
  int64_t price = 0;
};

struct Invoice {
  std::string reference;
  int64_t created = 0;
  int64_t customer = -1;  // position
  uint64_t first_line = 0;
};

struct Buyer {
  int64_t id = 0;
  std::string country;
  int64_t created = 0;
};

struct Article {
  std::string sku;
  std::string name;
  int64_t price = 0;
};

Status each_row(duck::Connection& connection, const std::string& sql,
                const std::function<void(const duck::Chunk&, size_t)>& take) {
  FALAJ_ASSIGN(auto result, connection.query(sql));
  while (true) {
    FALAJ_ASSIGN(const auto* chunk, result.next_chunk());
    if (chunk == nullptr) return {};
    for (size_t row = 0; row < chunk->row_count(); ++row) take(*chunk, row);
  }
}

class DatasetSource final : public EntitySource {
 public:
  explicit DatasetSource(const DatasetOptions& options)
      : seed_(options.seed),
        order_ids_(options.seed, 11, options.has_permuted_ids),
        item_ids_(options.seed, 12, options.has_permuted_ids),
        product_ids_(options.seed, 14, options.has_permuted_ids) {}

  Status read(duck::Connection& connection) {
    FALAJ_TRY(each_row(connection,
                       "SELECT p.sku, coalesce(n.description, p.sku), p.price FROM products p "
                       "LEFT JOIN names n USING (sku) ORDER BY p.position",
                       [this](const duck::Chunk& chunk, size_t row) {
                         articles_.push_back({std::string(chunk.text(0, row)),
                                              std::string(chunk.text(1, row)),
                                              chunk.int64(2, row)});
                       }));
    FALAJ_TRY(
        each_row(connection,
                 "SELECT customer, coalesce(country, ''), created FROM customers ORDER BY position",
                 [this](const duck::Chunk& chunk, size_t row) {
                   buyers_.push_back({chunk.int64(0, row), std::string(chunk.text(1, row)),
                                      chunk.int64(2, row) / kMicros});
                   by_customer_[buyers_.back().id] = buyers_.size() - 1;
                 }));
    FALAJ_TRY(
        each_row(connection, "SELECT invoice, created, customer FROM orders ORDER BY position",
                 [this](const duck::Chunk& chunk, size_t row) {
                   Invoice invoice{.reference = std::string(chunk.text(0, row)),
                                   .created = chunk.int64(1, row) / kMicros};
                   if (!chunk.is_null(2, row)) {
                     invoice.customer = static_cast<int64_t>(by_customer_.at(chunk.int64(2, row)));
                   }
                   by_reference_[invoice.reference] = invoices_.size();
                   invoices_.push_back(std::move(invoice));
                 }));
    uint64_t known = 0;
    FALAJ_TRY(each_row(connection,
                       "SELECT o.position, p.position, l.quantity, l.price FROM lines l JOIN "
                       "orders o USING (invoice) "
                       "JOIN products p USING (sku) ORDER BY o.position, l.line",
                       [this, &known](const duck::Chunk& chunk, size_t row) {
                         for (const auto order = static_cast<uint64_t>(chunk.int64(0, row));
                              known <= order; ++known) {
                           invoices_[known].first_line = lines_.size();
                         }
                         lines_.push_back({static_cast<uint32_t>(chunk.int64(1, row)),
                                           static_cast<int32_t>(chunk.int64(2, row)),
                                           chunk.int64(3, row)});
                       }));
    return {};
  }

  uint64_t order_count() const override { return invoices_.size(); }
  uint64_t customer_count() const override { return buyers_.size(); }
  uint64_t product_count() const override { return articles_.size(); }
  std::string_view currency() const override { return "GBP"; }

  int64_t order_time(uint64_t index) const override { return invoices_[index].created; }
  std::pair<uint64_t, uint64_t> orders_between(int64_t from, int64_t to) const override {
    const auto first_at = [this](int64_t seconds) {
      return static_cast<uint64_t>(std::lower_bound(invoices_.begin(), invoices_.end(), seconds,
                                                    [](const Invoice& invoice, int64_t time) {
                                                      return invoice.created < time;
                                                    }) -
                                   invoices_.begin());
    };
    return {first_at(from * kDaySeconds), first_at((to + 1) * kDaySeconds)};
  }
  int64_t order_id(uint64_t index) const override { return order_ids_.to_id(index); }
  uint64_t order_index(int64_t id) const override { return order_ids_.to_index(id); }
  std::optional<uint64_t> order_by_reference(std::string_view reference) const override {
    const auto found = by_reference_.find(std::string(reference));
    return found == by_reference_.end() ? std::nullopt : std::optional(found->second);
  }

  void order(uint64_t index, std::optional<int64_t> created, OrderFacts& out) const override {
    // An order made later repeats one of the file.
    const auto model = created && !invoices_.empty() ? mix64(index) % invoices_.size() : index;
    const auto& invoice = invoices_[model];
    out.index = index;
    out.id = order_id(index);
    out.reference = created ? fmt::format("N{}", index) : invoice.reference;
    out.is_reference_text = true;
    out.created = created.value_or(invoice.created);
    out.updated = out.created;
    out.status = invoice.reference.starts_with('C') ? kRestored : kCompleted;
    out.payment = kCreditCard;
    out.customer = invoice.customer < 0 ? std::nullopt
                                        : std::optional(static_cast<uint64_t>(invoice.customer));
    out.currency = "GBP";
    out.tax_percent = 0;
    out.shipping = 0;
    out.cash_on_delivery = 0;
    out.discount = 0;
    RandomStream random(seed_, 15, index);
    out.noise = random.next();
    out.version = 0;
    out.items.clear();
    const auto end = model + 1 < invoices_.size() ? invoices_[model + 1].first_line : lines_.size();
    for (auto at = invoice.first_line; at < end; ++at) {
      auto& item = out.items.emplace_back();
      item.id =
          item_ids_.to_id(created ? lines_.size() + index * 1024 + (at - invoice.first_line) : at);
      item.product = lines_[at].product;
      item.quantity = lines_[at].quantity;
      item.unit_price = lines_[at].price;
      item.noise = random.next();
    }
    out.settle();
  }

  int64_t customer_time(uint64_t index) const override { return buyers_[index].created; }
  int64_t customer_id(uint64_t index) const override { return buyers_[index].id; }
  uint64_t customer_index(int64_t id) const override {
    const auto found = by_customer_.find(id);
    return found == by_customer_.end() ? ~uint64_t{0} : found->second;
  }
  void customer(uint64_t index, CustomerFacts& out) const override {
    const auto& buyer = buyers_[index];
    out.index = index;
    out.id = buyer.id;
    out.first_name = "Customer";
    out.last_name = std::to_string(buyer.id);
    out.mobile = 500'000'000 + buyer.id;
    out.email = "";
    out.is_female = false;
    out.birthday = std::nullopt;
    out.city = "";
    out.country = buyer.country;
    out.country_code = "";
    out.currency = "GBP";
    out.created = buyer.created;
    out.updated = buyer.created;
    // No oddities that come by chance: 1 is divisible by nothing.
    out.noise = 1;
  }

  void product(uint64_t index, ProductFacts& out) const override {
    const auto& article = articles_[index];
    out.index = index;
    out.id = product_ids_.to_id(index);
    out.sku = article.sku;
    out.name = article.name;
    out.description = "";
    out.price = article.price;
    out.sale_price = std::nullopt;
    out.currency = "GBP";
    out.is_taxed = false;
    out.quantity = 100;
    out.weight_grams = 0;
    out.category = {};
    out.brand = {};
    out.option_name = {};
    out.option_values.clear();
    out.updated = invoices_.empty() ? 0 : invoices_.back().created;
    out.noise = mix64(index);
  }
  uint64_t product_index(int64_t id) const override { return product_ids_.to_index(id); }

 private:
  uint64_t seed_;
  IdPermutation order_ids_;
  IdPermutation item_ids_;
  IdPermutation product_ids_;
  std::vector<Invoice> invoices_;
  std::vector<Line> lines_;
  std::vector<Buyer> buyers_;
  std::vector<Article> articles_;
  std::unordered_map<std::string, uint64_t> by_reference_;
  std::unordered_map<int64_t, uint64_t> by_customer_;
};

}  // namespace

Result<std::unique_ptr<EntitySource>> read_dataset(const DatasetOptions& options) {
  const auto doing = [&options] { return fmt::format("reading the data set {}", options.file); };
  FALAJ_ASSIGN(auto database, duck::Database::open({}).while_doing(doing()));
  FALAJ_ASSIGN(auto connection, database.connect().while_doing(doing()));
  const auto prepared =
      connection.execute(fmt::format(fmt::runtime(kPrepare), duck::quote_text(options.file)));
  if (!prepared.ok()) {
    return Error(ErrorKind::kUsage, fmt::format("cannot read the data set {}: {}", options.file,
                                                prepared.error().message()));
  }
  auto source = std::make_unique<DatasetSource>(options);
  FALAJ_TRY(source->read(connection).while_doing(doing()));
  return std::unique_ptr<EntitySource>(std::move(source));
}

}  // namespace falaj::simulator
