-- The star of the baseline: raw text in bronze, typed tables in silver, facts and dimensions in gold.
-- Files are read with small buffers (a page has about 250 kB) and in any order, which is DuckDB's fast path.
-- stage: bronze
SET preserve_insertion_order = false;
CREATE MACRO pages_of(stream) AS getvariable('pages') || '/' || stream || '-*.json';
CREATE MACRO key_of(entity, part) AS
  (('0x' || left(sha256(entity || chr(31) || coalesce(part::VARCHAR, chr(0))), 16))::UBIGINT >> 1)::BIGINT;
CREATE TABLE bronze_orders AS
SELECT json_extract(raw_data, '$.id')::BIGINT AS order_id, raw_data::VARCHAR AS raw_data, sha256(raw_data) AS payload_sha256,
  now() AS extracted_at
FROM (SELECT unnest(data) AS raw_data FROM read_json(pages_of('orders'), format = 'newline_delimited',
                                                     columns = {data: 'JSON[]'}, maximum_object_size = 1000000));
CREATE TABLE bronze_customers AS
SELECT json_extract(raw_data, '$.id')::BIGINT AS customer_id, raw_data::VARCHAR AS raw_data,
  sha256(raw_data) AS payload_sha256, now() AS extracted_at
FROM (SELECT unnest(data) AS raw_data FROM read_json(pages_of('customers'), format = 'newline_delimited',
                                                     columns = {data: 'JSON[]'}, maximum_object_size = 1000000));
CREATE TABLE bronze_products AS
SELECT json_extract(raw_data, '$.id')::BIGINT AS product_id, raw_data::VARCHAR AS raw_data,
  sha256(raw_data) AS payload_sha256, now() AS extracted_at
FROM (SELECT unnest(data) AS raw_data FROM read_json(pages_of('products'), format = 'newline_delimited',
                                                     columns = {data: 'JSON[]'}, maximum_object_size = 1000000));

-- stage: silver
CREATE TEMP TABLE orders AS
SELECT unnest(data) AS o
FROM read_json(pages_of('orders'), format = 'newline_delimited', maximum_object_size = 1000000, columns = {data: 'STRUCT(
  id BIGINT, reference_id VARCHAR, source VARCHAR, payment_method VARCHAR, currency VARCHAR,
  date STRUCT(date TIMESTAMP), updated_at STRUCT(date TIMESTAMP), status STRUCT(slug VARCHAR, name VARCHAR),
  exchange_rate STRUCT(rate DECIMAL(18,6)),
  amounts STRUCT(
    sub_total STRUCT(amount DECIMAL(18,4)), shipping_cost STRUCT(amount DECIMAL(18,4)),
    cash_on_delivery STRUCT(amount DECIMAL(18,4)), tax STRUCT(amount STRUCT(amount DECIMAL(18,4))),
    discounts STRUCT(code VARCHAR, discount DECIMAL(18,4))[], total STRUCT(amount DECIMAL(18,4))),
  shipping STRUCT(company VARCHAR,
                  address STRUCT(country_code VARCHAR, city VARCHAR, shipping_address VARCHAR, postal_code VARCHAR)),
  customer STRUCT(id BIGINT, first_name VARCHAR, last_name VARCHAR, email VARCHAR, mobile VARCHAR, mobile_code VARCHAR),
  items STRUCT(id BIGINT, name VARCHAR, sku VARCHAR, quantity BIGINT, currency VARCHAR, weight DOUBLE, options JSON,
               product STRUCT(id BIGINT),
               amounts STRUCT(price_without_tax STRUCT(amount DECIMAL(18,4)), total_discount STRUCT(amount DECIMAL(18,4)),
                              tax STRUCT(percent DECIMAL(9,4), amount STRUCT(amount DECIMAL(18,4))),
                              total STRUCT(amount DECIMAL(18,4))))[])[]'});

CREATE TABLE silver_orders AS
SELECT o.id AS order_id, o.reference_id, o.status.slug AS order_status, o.status.name AS order_status_name,
  o.date.date::DATE AS order_date, o.date.date - INTERVAL 3 HOUR AS order_at,
  o.customer.id AS customer_id, o.customer.first_name || ' ' || o.customer.last_name AS customer_name,
  o.customer.email AS customer_email, o.customer.mobile_code || o.customer.mobile AS customer_mobile,
  o.payment_method, o.shipping.company AS shipping_method, o.shipping.address.country_code AS shipping_country,
  o.shipping.address.city AS shipping_city, o.shipping.address.shipping_address AS shipping_address_line,
  o.shipping.address.postal_code AS shipping_postal_code, o.amounts.sub_total.amount AS subtotal_amount,
  coalesce(list_sum([d.discount FOR d IN o.amounts.discounts]), 0)::DECIMAL(18,4) AS discount_amount,
  o.amounts.tax.amount.amount AS tax_amount, o.amounts.shipping_cost.amount AS shipping_cost,
  o.amounts.cash_on_delivery.amount AS cod_cost, o.amounts.total.amount AS total_amount, o.currency,
  coalesce(o.exchange_rate.rate, 1) AS exchange_rate, o.amounts.discounts[1].code AS coupon_code,
  len(o.items) AS items_count, o.source AS source_channel, o.updated_at.date - INTERVAL 3 HOUR AS updated_at
FROM orders;

CREATE TABLE silver_order_items AS
SELECT i.id AS order_item_id, order_id, order_date, i.product.id AS product_id, i.sku, i.name AS product_name, i.quantity,
  i.amounts.price_without_tax.amount AS unit_price, i.amounts.total_discount.amount AS discount_amount,
  i.amounts.tax.percent AS tax_percent, i.amounts.tax.amount.amount AS tax_amount,
  i.amounts.total.amount AS total_amount, i.currency, i.weight, i.options
FROM (SELECT o.id AS order_id, o.date.date::DATE AS order_date, unnest(o.items) AS i FROM orders);

CREATE TABLE silver_customers AS
SELECT c.id AS customer_id, c.first_name || ' ' || c.last_name AS full_name, c.first_name, c.last_name, c.email, c.mobile,
  c.mobile_code, c.country, c.city, c.gender, c.birthday.date::DATE AS birthday, c.updated_at.date - INTERVAL 3 HOUR AS last_updated
FROM (SELECT from_json(raw_data, '{"id": "BIGINT", "first_name": "VARCHAR", "last_name": "VARCHAR", "email": "VARCHAR",
  "mobile": "VARCHAR", "mobile_code": "VARCHAR", "country": "VARCHAR", "city": "VARCHAR", "gender": "VARCHAR",
  "birthday": {"date": "TIMESTAMP"}, "updated_at": {"date": "TIMESTAMP"}}') AS c FROM bronze_customers);

CREATE TABLE silver_products AS
SELECT p.id AS product_id, p.name AS product_name, p.sku, p.type AS product_type, p.status AS product_status,
  p.price.amount AS price, p.sale_price.amount AS sale_price, p.regular_price.amount AS regular_price,
  p.cost_price AS cost_price, p.quantity, p.brand.name AS brand_name, p.categories[1].name AS category_name
FROM (SELECT from_json(raw_data, '{"id": "BIGINT", "name": "VARCHAR", "sku": "VARCHAR", "type": "VARCHAR", "status": "VARCHAR",
  "price": {"amount": "DECIMAL(18,4)"}, "sale_price": {"amount": "DECIMAL(18,4)"}, "regular_price": {"amount": "DECIMAL(18,4)"},
  "cost_price": "VARCHAR", "quantity": "VARCHAR", "brand": {"name": "VARCHAR"}, "categories": [{"name": "VARCHAR"}]}') AS p
  FROM bronze_products);

-- stage: gold
CREATE TABLE gold_dim_date AS
SELECT strftime(day, '%Y%m%d')::INTEGER AS date_key, day::DATE AS full_date, isodow(day) AS day_of_week,
  dayname(day) AS day_name_en, day(day) AS day_of_month, weekofyear(day) AS week_of_year, month(day) AS month_number,
  monthname(day) AS month_name_en, quarter(day) AS quarter, year(day) AS year, isodow(day) IN (5, 6) AS is_weekend
FROM generate_series(DATE '2015-01-01', DATE '2050-12-31', INTERVAL 1 DAY) AS days(day);
CREATE TABLE gold_dim_customers AS
SELECT key_of('customer', customer_id) AS customer_key, *, TIMESTAMP '2015-01-01' AS effective_date, TIMESTAMP '9999-12-31' AS expiration_date,
  true AS is_current FROM silver_customers;
CREATE TABLE gold_dim_products AS
SELECT key_of('product', product_id) AS product_key, *, TIMESTAMP '2015-01-01' AS effective_date, TIMESTAMP '9999-12-31' AS expiration_date,
  true AS is_current FROM silver_products;
CREATE TABLE gold_dim_payment_method AS
SELECT row_number() OVER (ORDER BY payment_method) AS payment_method_key, payment_method AS payment_method_name
FROM (SELECT DISTINCT payment_method FROM silver_orders WHERE payment_method IS NOT NULL);
CREATE TABLE gold_dim_shipping_method AS
SELECT row_number() OVER (ORDER BY shipping_method) AS shipping_method_key, shipping_method AS shipping_method_name
FROM (SELECT DISTINCT shipping_method FROM silver_orders WHERE shipping_method IS NOT NULL);
CREATE TABLE gold_fact_orders AS
SELECT key_of('order', o.order_id) AS order_key, o.order_id, o.reference_id, coalesce(c.customer_key, -1) AS customer_key,
  strftime(o.order_date, '%Y%m%d')::INTEGER AS order_date_key, coalesce(p.payment_method_key, -1) AS payment_method_key,
  coalesce(s.shipping_method_key, -1) AS shipping_method_key, o.order_status, o.order_status = 'canceled' AS is_cancelled,
  o.order_status = 'delivered' AS is_delivered, o.items_count, o.subtotal_amount, o.discount_amount, o.tax_amount,
  o.shipping_cost, o.cod_cost, o.total_amount, o.currency,
  (o.total_amount * o.exchange_rate)::DECIMAL(18,4) AS total_amount_sar, o.coupon_code, o.shipping_country, o.shipping_city,
  o.order_at AS order_created_at, o.updated_at AS order_updated_at, now() AS loaded_at
FROM silver_orders o
LEFT JOIN gold_dim_customers c USING (customer_id)
LEFT JOIN gold_dim_payment_method p ON p.payment_method_name = o.payment_method
LEFT JOIN gold_dim_shipping_method s ON s.shipping_method_name = o.shipping_method;
CREATE TABLE gold_fact_order_items AS
SELECT key_of('order_item', i.order_item_id) AS order_item_key, key_of('order', i.order_id) AS order_key, coalesce(p.product_key, -1) AS product_key, i.order_id,
  strftime(i.order_date, '%Y%m%d')::INTEGER AS order_date_key, i.quantity, i.unit_price, i.discount_amount, i.tax_amount,
  i.total_amount, now() AS loaded_at
FROM silver_order_items i LEFT JOIN gold_dim_products p USING (product_id);
CREATE TABLE mv_daily_sales AS
SELECT d.full_date, o.currency, sum(o.total_amount) AS daily_revenue, count(*) AS order_count
FROM gold_fact_orders o JOIN gold_dim_date d ON d.date_key = o.order_date_key
WHERE NOT o.is_cancelled GROUP BY ALL;
CHECKPOINT;
