-- silver_order_items: the lines of each order, from its newest complete set of lines; from an incomplete one
-- (lines in quarantine, or announced and not given) only while there is no complete one.
-- grain: one row a line of an order
-- keys: store_id, order_id, order_item_id, line_place
-- materialisation: merge
-- scope: store_id BIGINT, order_id BIGINT
-- changes: SELECT store_id, order_id FROM BRONZE.bronze_order_item_sets WHERE load_seq > {seq}
-- changes: SELECT i.store_id, i.order_id FROM SILVER.silver_order_items i LEFT JOIN (SELECT store_id, sku, MIN(product_id) AS product_id FROM SILVER.silver_products WHERE sku <> '' GROUP BY store_id, sku HAVING COUNT(*) = 1) p ON p.store_id = i.store_id AND p.sku = i.sku WHERE i.is_matched_by_sku AND i.product_id IS DISTINCT FROM p.product_id AND EXISTS (SELECT 1 FROM SILVER.silver_products q WHERE q.change_seq > {seq})
-- columns: store_id BIGINT, order_item_id BIGINT, order_id BIGINT, product_id BIGINT, variant_id BIGINT, sku VARCHAR, product_name VARCHAR, quantity DECIMAL(18,4),
-- columns: unit_price DECIMAL(18,4), discount_amount DECIMAL(18,4), tax_percent DECIMAL(18,4), tax_amount DECIMAL(18,4), total_amount DECIMAL(18,4),
-- columns: currency VARCHAR, weight DECIMAL(18,4), options VARCHAR, line_place BIGINT, is_matched_by_sku BOOLEAN, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, order_id, order_item_id, line_place)
-- payload: BRONZE.bronze_order_items(store_id, order_id, order_item_id)
-- A set may have a line id more than once, and 0 is none: the same payload again under a real id counts once, other payloads
-- are lines of their own. line_place tells them apart: 0 for the first, else the line's place in the set.
-- An event without lines has not told them, where lines are known.
-- Few lines have an id twice: ranking those alone is cheaper than ranking all.
-- A line without a product id is joined to the product of its sku, if exactly one has it.
WITH sets AS (
  SELECT s.store_id, s.order_id, s.package_id, s.package_row
  FROM BRONZE.bronze_order_item_sets s {{changed(s.store_id, s.order_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.store_id, s.order_id
                             ORDER BY CASE WHEN s.rejected_count > 0 OR (s.source = 'webhook' AND s.line_count = 0) THEN 1 ELSE 0 END, {{newest(s)}}) = 1
),
told AS (
  SELECT i.store_id, i.order_item_id, i.order_id, i.product_id, i.variant_id, i.sku, i.product_name, i.quantity, i.unit_price, i.discount_amount,
         i.tax_percent, i.tax_amount, i.total_amount, i.currency, i.weight, i.options, i.line_no, i.payload_sha256
  FROM sets s
  JOIN BRONZE.bronze_order_items i
    ON i.store_id = s.store_id AND i.order_id = s.order_id AND i.package_id = s.package_id AND i.set_row = s.package_row
),
repeated AS (
  SELECT t.store_id, t.order_id, t.order_item_id FROM told t GROUP BY t.store_id, t.order_id, t.order_item_id HAVING COUNT(*) > 1
),
further AS (
  SELECT t.store_id, t.order_id, t.order_item_id, t.line_no,
         ROW_NUMBER() OVER (PARTITION BY t.store_id, t.order_id, t.order_item_id ORDER BY t.line_no) AS of_id,
         ROW_NUMBER() OVER (PARTITION BY t.store_id, t.order_id, t.order_item_id, t.payload_sha256 ORDER BY t.line_no) AS of_payload
  FROM told t
  JOIN repeated r ON r.store_id = t.store_id AND r.order_id = t.order_id AND r.order_item_id = t.order_item_id
),
lines AS (
  SELECT t.*, COALESCE(f.of_id, 1) AS of_id
  FROM told t
  LEFT JOIN further f ON f.store_id = t.store_id AND f.order_id = t.order_id AND f.order_item_id = t.order_item_id AND f.line_no = t.line_no
  WHERE t.order_item_id = 0 OR COALESCE(f.of_payload, 1) = 1
),
by_sku AS (
  SELECT store_id, sku, MIN(product_id) AS product_id FROM SILVER.silver_products
  WHERE sku <> '' GROUP BY store_id, sku HAVING COUNT(*) = 1
)
SELECT i.store_id, i.order_item_id, i.order_id, COALESCE(i.product_id, p.product_id) AS product_id, i.variant_id, i.sku,
       i.product_name, i.quantity, i.unit_price, i.discount_amount, i.tax_percent, i.tax_amount, i.total_amount, i.currency,
       i.weight, i.options, CASE WHEN i.of_id = 1 THEN 0 ELSE i.line_no END AS line_place, i.product_id IS NULL AS is_matched_by_sku
FROM lines i
LEFT JOIN by_sku p ON p.store_id = i.store_id AND p.sku = i.sku
