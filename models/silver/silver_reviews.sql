-- silver_reviews: each review and question as last seen.
-- grain: one row a review, deleted ones included (is_deleted)
-- keys: store_id, review_id
-- materialisation: merge
-- scope: store_id BIGINT, review_id BIGINT
-- changes: SELECT store_id, review_id FROM BRONZE.bronze_reviews WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'reviews' AND load_seq > {seq}
-- columns: store_id BIGINT, review_id BIGINT, review_type VARCHAR, content VARCHAR, order_id BIGINT, product_id BIGINT, is_published BOOLEAN,
-- columns: reply VARCHAR, customer_id BIGINT, created_at TIMESTAMP, rating BIGINT, is_deleted BOOLEAN, deleted_at TIMESTAMP, processed_at TIMESTAMP,
-- columns: change_seq BIGINT
-- checks: unique(store_id, review_id)
-- The rating of a question is 0 in the API: none here.
WITH newest AS (
  SELECT b.store_id, b.review_id, b.type, b.content, b.order_id, b.product_id, b.is_published, b.reply, b.customer_id, b.created_at,
         b.rating, b.extracted_at
  FROM BRONZE.bronze_reviews b {{changed(b.store_id, b.review_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.review_id
                             ORDER BY b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) = 1
),
gone AS (
  SELECT store_id, deletion_id, MAX(extracted_at) AS gone_at
  FROM BRONZE.bronze_deletions WHERE entity = 'reviews' GROUP BY store_id, deletion_id
)
SELECT n.store_id, n.review_id, n.type AS review_type, n.content, n.order_id, n.product_id, n.is_published, n.reply, n.customer_id,
       n.created_at,
       NULLIF(n.rating, 0) AS rating,
       CASE WHEN g.gone_at >= n.extracted_at THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN g.gone_at >= n.extracted_at THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.review_id
