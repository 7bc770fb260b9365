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
  SELECT * FROM {{known(BRONZE.bronze_reviews, review_id, type, content, order_id, product_id, is_published, reply, customer_id, created_at,
    rating)}} k
),
gone AS (
  SELECT * FROM {{gone(reviews)}} d
)
SELECT n.store_id, n.review_id, n.type AS review_type, n.content, n.order_id, n.product_id, n.is_published, n.reply, n.customer_id,
       n.created_at,
       NULLIF(n.rating, 0) AS rating,
       CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.review_id
