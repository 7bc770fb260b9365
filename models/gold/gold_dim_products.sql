-- gold_dim_products: products with their history of names, prices and states.
-- grain: one row a version of a product; the first one holds from 1900 on
-- keys: store_id, product_id
-- surrogate: product_key
-- materialisation: scd2
-- scope: store_id BIGINT, product_id BIGINT
-- changes: SELECT store_id, product_id FROM SILVER.silver_products WHERE change_seq > {seq}
-- columns: product_key BIGINT, store_id BIGINT, product_id BIGINT, product_name VARCHAR, sku VARCHAR, category_name VARCHAR, brand_name VARCHAR,
-- columns: product_type VARCHAR, product_status VARCHAR, regular_price DECIMAL(18,4), sale_price DECIMAL(18,4), cost_price DECIMAL(18,4),
-- columns: is_active BOOLEAN, effective_date TIMESTAMP, expiration_date TIMESTAMP, is_current BOOLEAN, change_seq BIGINT
-- checks: unique(product_key); one_current(store_id, product_id)
-- A deletion does not move the source's time of change: that version starts when the run saw it.
SELECT s.store_id, s.product_id, s.product_name, s.sku, s.category_name, s.brand_name, s.product_type,
       CASE WHEN s.is_deleted THEN 'deleted' ELSE s.product_status END AS product_status, s.regular_price, s.sale_price, s.cost_price,
       CASE WHEN s.is_deleted THEN FALSE ELSE s.is_active END AS is_active, CASE WHEN s.is_deleted THEN NULL ELSE s.updated_at END AS changed_at
FROM SILVER.silver_products s {{changed(s.store_id, s.product_id)}}
