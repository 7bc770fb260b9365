-- silver_transactions: each payment as last seen.
-- grain: one row a transaction
-- keys: store_id, transaction_id
-- materialisation: merge
-- scope: store_id BIGINT, transaction_id BIGINT
-- changes: SELECT store_id, transaction_id FROM BRONZE.bronze_transactions WHERE load_seq > {seq}
-- columns: store_id BIGINT, transaction_id BIGINT, order_id BIGINT, order_reference_id VARCHAR, customer_id BIGINT, status_slug VARCHAR,
-- columns: payment_method VARCHAR, payment_provider VARCHAR, total_amount DECIMAL(18,4), currency VARCHAR, card_brand VARCHAR, card_country VARCHAR,
-- columns: notes VARCHAR, created_at TIMESTAMP, payment_family VARCHAR, is_paid BOOLEAN, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, transaction_id)
-- is_paid: the money came, also where it was given back later.
WITH newest AS (
  SELECT b.store_id, b.transaction_id, b.order_id, b.order_reference_id, b.customer_id, b.status_slug, b.payment_method, b.payment_provider,
         b.total_amount, b.currency, b.card_brand, b.card_country, b.notes, b.created_at, b.extracted_at
  FROM BRONZE.bronze_transactions b {{changed(b.store_id, b.transaction_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.transaction_id
                             ORDER BY {{newest(b)}}) = 1
)
SELECT n.store_id, n.transaction_id, n.order_id, n.order_reference_id, n.customer_id, n.status_slug, n.payment_method, n.payment_provider,
       n.total_amount, n.currency, n.card_brand, n.card_country, n.notes, n.created_at,
       CASE WHEN n.payment_method IS NULL THEN NULL
            WHEN n.payment_method IN ('mada', 'credit_card', 'visa', 'mastercard', 'amex') THEN 'card'
            WHEN n.payment_method IN ('apple_pay', 'stc_pay', 'google_pay', 'samsung_pay', 'wallet') THEN 'wallet'
            WHEN n.payment_method LIKE 'tabby%' OR n.payment_method LIKE 'tamara%' OR n.payment_method LIKE 'mispay%' THEN 'bnpl'
            WHEN n.payment_method = 'cod' THEN 'cod'
            WHEN n.payment_method LIKE 'bank%' THEN 'transfer'
            WHEN n.payment_method = 'free' THEN 'free'
            ELSE 'other' END AS payment_family,
       CASE WHEN n.status_slug IN ('paid', 'refunded', 'partial_refunded') THEN TRUE ELSE FALSE END AS is_paid
FROM newest n
