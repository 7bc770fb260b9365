-- silver_categories: each category as last seen.
-- grain: one row a category, deleted ones included (is_deleted)
-- keys: store_id, category_id
-- materialisation: merge
-- scope: store_id BIGINT, category_id BIGINT
-- changes: SELECT store_id, category_id FROM BRONZE.bronze_categories WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'categories' AND load_seq > {seq}
-- columns: store_id BIGINT, category_id BIGINT, category_name VARCHAR, sort_order BIGINT, status VARCHAR, url VARCHAR, updated_at TIMESTAMP,
-- columns: parent_id BIGINT, is_deleted BOOLEAN, deleted_at TIMESTAMP, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, category_id)
-- parent_id is NULL at the top.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_categories, category_id, name, sort_order, status, url, updated_at, parent_id)}} k
),
gone AS (
  SELECT * FROM {{gone(categories)}} d
)
SELECT n.store_id, n.category_id, n.name AS category_name, n.sort_order, n.status, n.url, n.updated_at,
       NULLIF(n.parent_id, 0) AS parent_id,
       CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.category_id
