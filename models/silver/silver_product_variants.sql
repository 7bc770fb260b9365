-- silver_product_variants: the variants of each product, from its newest complete set of them; from an incomplete
-- one only while there is no complete one.
-- grain: one row a variant of a product
-- keys: store_id, product_id, product_variant_id
-- materialisation: merge
-- scope: store_id BIGINT, product_id BIGINT
-- changes: SELECT store_id, product_id FROM BRONZE.bronze_product_variant_sets WHERE load_seq > {seq}
-- columns: store_id BIGINT, product_id BIGINT, product_variant_id BIGINT, sku VARCHAR, barcode VARCHAR, mpn VARCHAR, gtin VARCHAR, price DECIMAL(18,4),
-- columns: regular_price DECIMAL(18,4), sale_price DECIMAL(18,4), cost_price DECIMAL(18,4), currency VARCHAR, stock_quantity DECIMAL(18,4), is_unlimited BOOLEAN,
-- columns: weight DECIMAL(18,4), weight_type VARCHAR, option_value_ids VARCHAR, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, product_id, product_variant_id)
-- payload: BRONZE.bronze_product_variants(store_id, product_id, product_variant_id)
-- A set that has an id more than once gives the last of them.
-- Simple products have none: their stock and prices are in silver_products.
WITH sets AS (
  SELECT s.store_id, s.product_id, s.package_id, s.package_row
  FROM BRONZE.bronze_product_variant_sets s {{changed(s.store_id, s.product_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.store_id, s.product_id
                             ORDER BY CASE WHEN s.rejected_count > 0 THEN 1 ELSE 0 END, {{newest(s)}}) = 1
)
SELECT v.store_id, v.product_id, v.product_variant_id, v.sku, v.barcode, v.mpn, v.gtin, v.price, v.regular_price,
       NULLIF(v.sale_price, 0) AS sale_price, v.cost_price, v.currency, v.stock_quantity, COALESCE(v.is_unlimited, FALSE) AS is_unlimited,
       v.weight, v.weight_type, v.option_value_ids
FROM sets s
JOIN BRONZE.bronze_product_variants v
  ON v.store_id = s.store_id AND v.product_id = s.product_id AND v.package_id = s.package_id AND v.set_row = s.package_row
QUALIFY ROW_NUMBER() OVER (PARTITION BY v.store_id, v.product_id, v.product_variant_id ORDER BY v.line_no DESC) = 1
