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
  SELECT b.store_id, b.category_id, b.name, b.sort_order, b.status, b.url, b.updated_at, b.parent_id, b.extracted_at
  FROM BRONZE.bronze_categories b {{changed(b.store_id, b.category_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.category_id
                             ORDER BY b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) = 1
),
gone AS (
  SELECT store_id, deletion_id, MAX(extracted_at) AS gone_at
  FROM BRONZE.bronze_deletions WHERE entity = 'categories' GROUP BY store_id, deletion_id
)
SELECT n.store_id, n.category_id, n.name AS category_name, n.sort_order, n.status, n.url, n.updated_at,
       NULLIF(n.parent_id, 0) AS parent_id,
       CASE WHEN g.gone_at >= n.extracted_at THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN g.gone_at >= n.extracted_at THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.category_id
