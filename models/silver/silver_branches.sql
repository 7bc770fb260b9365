-- silver_branches: each branch and warehouse as last seen.
-- grain: one row a branch, deleted ones included (is_deleted)
-- keys: store_id, branch_id
-- materialisation: merge
-- scope: store_id BIGINT, branch_id BIGINT
-- changes: SELECT store_id, branch_id FROM BRONZE.bronze_branches WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'branches' AND load_seq > {seq}
-- columns: store_id BIGINT, branch_id BIGINT, branch_name VARCHAR, branch_type VARCHAR, status VARCHAR, is_default BOOLEAN, latitude DECIMAL(18,8),
-- columns: longitude DECIMAL(18,8), street VARCHAR, postal_code VARCHAR, country_code VARCHAR, city_id BIGINT, city_name VARCHAR, phone VARCHAR,
-- columns: is_cod_available BOOLEAN, cod_cost DECIMAL(18,4), is_deleted BOOLEAN, deleted_at TIMESTAMP, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, branch_id)
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_branches, branch_id, name, type, status, is_default, latitude, longitude, street, postal_code,
    country_code, city_id, city_name, phone, is_cod_available, cod_cost)}} k
),
gone AS (
  SELECT * FROM {{gone(branches)}} d
)
SELECT n.store_id, n.branch_id, n.name AS branch_name, n.type AS branch_type, n.status, n.is_default, n.latitude, n.longitude, n.street,
       n.postal_code, n.country_code, n.city_id, n.city_name, n.phone, n.is_cod_available, n.cod_cost,
       CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.branch_id
