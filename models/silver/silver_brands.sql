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
  SELECT b.store_id, b.brand_id, b.name, b.description, b.logo, b.is_active, b.extracted_at
  FROM BRONZE.bronze_brands b {{changed(b.store_id, b.brand_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.brand_id
                             ORDER BY b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) = 1
),
gone AS (
  SELECT store_id, deletion_id, MAX(extracted_at) AS gone_at
  FROM BRONZE.bronze_deletions WHERE entity = 'brands' GROUP BY store_id, deletion_id
)
SELECT n.store_id, n.brand_id, n.name AS brand_name, n.description, n.logo,
       COALESCE(n.is_active, TRUE) AS is_active,
       CASE WHEN g.gone_at >= n.extracted_at THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN g.gone_at >= n.extracted_at THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.brand_id
