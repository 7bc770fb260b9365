-- silver_brands: each brand as last seen.
-- grain: one row a brand, deleted ones included (is_deleted)
-- keys: store_id, brand_id
-- materialisation: merge
-- scope: store_id BIGINT, brand_id BIGINT
-- changes: SELECT store_id, brand_id FROM BRONZE.bronze_brands WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'brands' AND load_seq > {seq}
-- columns: store_id BIGINT, brand_id BIGINT, brand_name VARCHAR, description VARCHAR, logo VARCHAR, is_active BOOLEAN, is_deleted BOOLEAN,
-- columns: deleted_at TIMESTAMP, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, brand_id)
-- A brand whose state is not said is active.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_brands, brand_id, name, description, logo, is_active)}} k
),
gone AS (
  SELECT * FROM {{gone(brands)}} d
)
SELECT n.store_id, n.brand_id, n.name AS brand_name, n.description, n.logo,
       COALESCE(n.is_active, TRUE) AS is_active,
       CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.brand_id
