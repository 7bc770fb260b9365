-- silver_products: each product as last seen, with one effective price.
-- grain: one row a product, deleted ones included (is_deleted)
-- keys: store_id, product_id
-- materialisation: merge
-- scope: store_id BIGINT, product_id BIGINT
-- changes: SELECT store_id, product_id FROM BRONZE.bronze_products WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'products' AND load_seq > {seq}
-- columns: store_id BIGINT, product_id BIGINT, product_name VARCHAR, product_description VARCHAR, sku VARCHAR, mpn VARCHAR, gtin VARCHAR, category_id BIGINT,
-- columns: category_name VARCHAR, brand_id BIGINT, brand_name VARCHAR, regular_price DECIMAL(18,4), sale_price DECIMAL(18,4), effective_price DECIMAL(18,4),
-- columns: cost_price DECIMAL(18,4), profit_margin DECIMAL(18,4), discount_percentage DECIMAL(18,4), currency VARCHAR, quantity_available DECIMAL(18,4),
-- columns: is_unlimited BOOLEAN, product_type VARCHAR, product_status VARCHAR, is_active BOOLEAN, weight DECIMAL(18,4), weight_unit VARCHAR, with_tax BOOLEAN,
-- columns: requires_shipping BOOLEAN, created_at TIMESTAMP, updated_at TIMESTAMP, is_deleted BOOLEAN, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, product_id)
-- notes: holds(profit_margin fits its column, profit_margin IS NOT NULL OR cost_price IS NULL OR effective_price IS NULL OR effective_price <= 0)
-- effective_price: the sale price where there is one, else the price. profit_margin and
-- discount_percentage are percentages of the effective and of the regular price. Salla gives no
-- creation time: created_at stays NULL.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_products, product_id, sku, mpn, gtin, type, name, description, status, is_available, price, sale_price,
    regular_price, cost_price, currency, quantity, is_unlimited, weight, weight_type, with_tax, require_shipping, category_id, category_name,
    brand_id, brand_name, updated_at)}} k
),
gone AS (
  SELECT * FROM {{gone(products)}} d
),
priced AS (
  SELECT n.*, CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
         CASE WHEN n.sale_price > 0 THEN n.sale_price ELSE n.price END AS effective_price,
         CASE WHEN n.regular_price > 0 THEN n.regular_price ELSE n.price END AS full_price
  FROM newest n
  LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.product_id
)
SELECT store_id, product_id, name AS product_name, description AS product_description, sku, mpn, gtin, category_id, category_name,
       brand_id, brand_name, full_price AS regular_price, NULLIF(sale_price, 0) AS sale_price, effective_price, cost_price,
       CASE WHEN effective_price > 0 AND cost_price IS NOT NULL
            THEN decimal_ratio(CAST(effective_price AS DECIMAL(38,4)) * 100 - CAST(cost_price AS DECIMAL(38,4)) * 100, effective_price) END AS profit_margin,
       CASE WHEN full_price > 0 AND effective_price < full_price
            THEN decimal_ratio(CAST(full_price AS DECIMAL(38,4)) * 100 - CAST(effective_price AS DECIMAL(38,4)) * 100, full_price)
            ELSE 0 END AS discount_percentage,
       currency, quantity AS quantity_available, COALESCE(is_unlimited, FALSE) AS is_unlimited, type AS product_type, status AS product_status,
       CASE WHEN status = 'sale' AND COALESCE(is_available, TRUE) THEN TRUE ELSE FALSE END AS is_active, weight, weight_type AS weight_unit,
       with_tax, require_shipping AS requires_shipping, CAST(NULL AS TIMESTAMP) AS created_at, updated_at,
       is_deleted
FROM priced
