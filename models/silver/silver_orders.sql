-- silver_orders: what is known of each order now, from all shapes in which it was seen.
-- grain: one row an order, deleted ones included (is_deleted)
-- keys: store_id, order_id
-- materialisation: merge
-- scope: store_id BIGINT, order_id BIGINT
-- changes: SELECT store_id, order_id FROM BRONZE.bronze_orders WHERE load_seq > {seq}
-- changes: SELECT store_id, order_id FROM BRONZE.bronze_order_item_sets WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'orders' AND load_seq > {seq}
-- changes: SELECT store_id, order_id FROM BRONZE.bronze_transactions WHERE order_id IS NOT NULL AND load_seq > {seq}
-- changes: SELECT store_id, order_id FROM BRONZE.bronze_invoices WHERE order_id IS NOT NULL AND load_seq > {seq}
-- changes: SELECT store_id, order_id FROM BRONZE.bronze_shipments WHERE order_id IS NOT NULL AND load_seq > {seq}
-- columns: store_id BIGINT, order_id BIGINT, reference_id VARCHAR, order_status VARCHAR, order_status_name VARCHAR, order_date DATE, order_at TIMESTAMP,
-- columns: customer_id BIGINT, customer_name VARCHAR, customer_email VARCHAR, customer_mobile VARCHAR, payment_method VARCHAR, payment_family VARCHAR,
-- columns: shipping_method VARCHAR, shipping_country VARCHAR, shipping_city VARCHAR, shipping_address_line VARCHAR, shipping_postal_code VARCHAR,
-- columns: subtotal_amount DECIMAL(18,4), discount_amount DECIMAL(18,4), tax_amount DECIMAL(18,4), shipping_cost DECIMAL(18,4), cod_cost DECIMAL(18,4),
-- columns: total_amount DECIMAL(18,4), currency VARCHAR, exchange_rate DECIMAL(18,8), total_amount_sar DECIMAL(18,4), coupon_code VARCHAR, notes VARCHAR,
-- columns: items_count BIGINT, source_channel VARCHAR, is_deleted BOOLEAN, deleted_at TIMESTAMP, detail_depth VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP,
-- columns: processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, order_id); not_null(order_status); not_null(total_amount); not_null(order_at)
-- Status, total and payment come from the newest payload of any shape; the rest from the newest one
-- that has details. What an order does not say itself is taken from the lists beside it: the payment
-- method from its transaction, else from its invoice; shipping company and address from its shipment.
-- total_amount_sar: SAR as it is, else by the order's own exchange rate, if
-- that is one between SAR and the order's currency.
-- Ranked by a few columns first; whole rows are then looked up by load_seq, so that a run that
-- changes little reads the files of what was loaded last.
WITH ranked AS (
  SELECT b.store_id, b.order_id, b.load_seq, b.package_id, b.package_row, b.shape,
         ROW_NUMBER() OVER (PARTITION BY b.store_id, b.order_id
                            ORDER BY b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) AS place,
         ROW_NUMBER() OVER (PARTITION BY b.store_id, b.order_id
                            ORDER BY CASE WHEN b.shape = 'summary' THEN 1 ELSE 0 END,
                                     b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) AS detail_place
  FROM BRONZE.bronze_orders b {{changed(b.store_id, b.order_id)}}
),
seen AS (
  SELECT r.place, r.detail_place, r.shape, b.store_id, b.order_id, b.extracted_at, b.reference_id,
         b.status_slug, b.status_name, b.status_custom_name, b.currency, b.exchange_rate, b.exchange_base_currency, b.exchange_currency, b.customer_id,
         b.customer_name, b.customer_first_name, b.customer_last_name, b.customer_email,
         b.customer_mobile, b.payment_method, b.total_amount, b.sub_total_amount,
         b.discount_amount, b.tax_amount, b.shipping_amount, b.cod_amount, b.coupon_code,
         b.shipping_company, b.shipping_country, b.shipping_city, b.shipping_address_line,
         b.shipping_postal_code, b.notes, b.source_channel, b.created_at, b.updated_at
  FROM BRONZE.bronze_orders b
  JOIN ranked r ON r.load_seq = b.load_seq AND r.order_id = b.order_id AND r.package_id = b.package_id AND r.package_row = b.package_row
  WHERE r.place = 1 OR r.detail_place = 1
),
newest AS (SELECT * FROM seen WHERE place = 1),
detailed AS (
  SELECT s.*, COALESCE(s.shipping_country, s.shipping_city, s.shipping_address_line, s.shipping_postal_code) IS NOT NULL AS has_address
  FROM seen s WHERE s.detail_place = 1 AND s.shape <> 'summary'
),
sets AS (
  SELECT s.store_id, s.order_id, s.line_count
  FROM BRONZE.bronze_order_item_sets s {{changed(s.store_id, s.order_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.store_id, s.order_id
                             ORDER BY s.extracted_at DESC NULLS LAST, s.package_id DESC NULLS LAST, s.package_row DESC NULLS LAST) = 1
),
paid AS (
  SELECT t.store_id, t.order_id, t.payment_method
  FROM BRONZE.bronze_transactions t {{changed(t.store_id, t.order_id)}}
  WHERE t.payment_method IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY t.store_id, t.order_id
                             ORDER BY CASE WHEN t.status_slug IN ('paid', 'refunded', 'partial_refunded') THEN 0 ELSE 1 END,
                                      t.extracted_at DESC NULLS LAST, t.package_id DESC NULLS LAST, t.package_row DESC NULLS LAST) = 1
),
invoiced AS (
  SELECT i.store_id, i.order_id, i.payment_method
  FROM BRONZE.bronze_invoices i {{changed(i.store_id, i.order_id)}}
  WHERE i.payment_method IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY i.store_id, i.order_id
                             ORDER BY i.extracted_at DESC NULLS LAST, i.package_id DESC NULLS LAST, i.package_row DESC NULLS LAST) = 1
),
sent AS (
  SELECT p.store_id, p.order_id, p.courier_name, p.to_country, p.to_city, p.to_address_line, p.to_postal_code
  FROM BRONZE.bronze_shipments p {{changed(p.store_id, p.order_id)}}
  WHERE p.order_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY p.store_id, p.order_id
                             ORDER BY CASE WHEN p.type = 'return' THEN 2 WHEN p.status_slug = 'cancelled' THEN 1 ELSE 0 END,
                                      p.extracted_at DESC NULLS LAST, p.package_id DESC NULLS LAST, p.package_row DESC NULLS LAST) = 1
),
gone AS (
  SELECT store_id, deletion_id, MAX(extracted_at) AS gone_at
  FROM BRONZE.bronze_deletions WHERE entity = 'orders' GROUP BY store_id, deletion_id
),
joined AS (
  SELECT n.store_id, n.order_id,
         COALESCE(n.reference_id, d.reference_id) AS reference_id,
         COALESCE(n.status_slug, d.status_slug) AS order_status,
         COALESCE(n.status_custom_name, n.status_name, d.status_name) AS order_status_name,
         COALESCE(n.created_at, d.created_at) AS order_at,
         COALESCE(n.customer_id, d.customer_id) AS customer_id,
         COALESCE(d.customer_name, TRIM(COALESCE(d.customer_first_name, '') || ' ' || COALESCE(d.customer_last_name, ''))) AS customer_name,
         LOWER(d.customer_email) AS customer_email,
         d.customer_mobile,
         COALESCE(n.payment_method, d.payment_method, t.payment_method, i.payment_method) AS payment_method,
         COALESCE(d.shipping_company, p.courier_name) AS shipping_method,
         CASE WHEN d.has_address THEN d.shipping_country ELSE p.to_country END AS shipping_country,
         CASE WHEN d.has_address THEN d.shipping_city ELSE p.to_city END AS shipping_city,
         CASE WHEN d.has_address THEN d.shipping_address_line ELSE p.to_address_line END AS shipping_address_line,
         CASE WHEN d.has_address THEN d.shipping_postal_code ELSE p.to_postal_code END AS shipping_postal_code,
         d.sub_total_amount AS subtotal_amount, d.discount_amount, d.tax_amount,
         d.shipping_amount AS shipping_cost, d.cod_amount AS cod_cost,
         COALESCE(n.total_amount, d.total_amount) AS total_amount,
         COALESCE(n.currency, d.currency) AS currency,
         CASE WHEN n.exchange_rate IS NULL THEN d.exchange_rate ELSE n.exchange_rate END AS exchange_rate,
         CASE WHEN n.exchange_rate IS NULL THEN d.exchange_base_currency ELSE n.exchange_base_currency END AS exchange_base_currency,
         CASE WHEN n.exchange_rate IS NULL THEN d.exchange_currency ELSE n.exchange_currency END AS exchange_currency,
         d.coupon_code, d.notes, s.line_count AS items_count, d.source_channel,
         CASE WHEN g.gone_at >= n.extracted_at THEN TRUE ELSE FALSE END AS is_deleted,
         CASE WHEN g.gone_at >= n.extracted_at THEN g.gone_at END AS deleted_at,
         CASE WHEN d.order_id IS NULL THEN 'summary' WHEN s.order_id IS NULL THEN 'details' ELSE 'items' END AS detail_depth,
         COALESCE(n.updated_at, d.updated_at) AS updated_at
  FROM newest n
  LEFT JOIN detailed d ON d.store_id = n.store_id AND d.order_id = n.order_id
  LEFT JOIN sets s ON s.store_id = n.store_id AND s.order_id = n.order_id
  LEFT JOIN paid t ON t.store_id = n.store_id AND t.order_id = n.order_id
  LEFT JOIN invoiced i ON i.store_id = n.store_id AND i.order_id = n.order_id
  LEFT JOIN sent p ON p.store_id = n.store_id AND p.order_id = n.order_id
  LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.order_id
)
SELECT store_id, order_id, reference_id, order_status, order_status_name,
       CAST(DATEADD('hour', 3, order_at) AS DATE) AS order_date, order_at, customer_id,
       NULLIF(customer_name, '') AS customer_name, customer_email, customer_mobile, payment_method,
       CASE WHEN payment_method IS NULL THEN NULL
            WHEN payment_method IN ('mada', 'credit_card', 'visa', 'mastercard', 'amex') THEN 'card'
            WHEN payment_method IN ('apple_pay', 'stc_pay', 'google_pay', 'samsung_pay', 'wallet') THEN 'wallet'
            WHEN payment_method LIKE 'tabby%' OR payment_method LIKE 'tamara%' OR payment_method LIKE 'mispay%' THEN 'bnpl'
            WHEN payment_method = 'cod' THEN 'cod'
            WHEN payment_method LIKE 'bank%' THEN 'transfer'
            WHEN payment_method = 'free' THEN 'free'
            ELSE 'other' END AS payment_family,
       shipping_method, shipping_country, shipping_city, shipping_address_line, shipping_postal_code, subtotal_amount,
       discount_amount, tax_amount, shipping_cost, cod_cost, total_amount, currency, exchange_rate,
       CASE WHEN currency = 'SAR' THEN total_amount
            WHEN exchange_rate > 0 AND exchange_base_currency = 'SAR' AND exchange_currency = currency
            THEN CAST(ROUND(CAST(total_amount AS DECIMAL(38,4)) / NULLIF(exchange_rate, 0), 4) AS DECIMAL(18,4))
            WHEN exchange_rate > 0 AND exchange_base_currency = currency AND exchange_currency = 'SAR'
            THEN CAST(ROUND(CAST(total_amount AS DECIMAL(38,4)) * exchange_rate, 4) AS DECIMAL(18,4))
            END AS total_amount_sar,
       coupon_code, notes, items_count, source_channel, is_deleted, deleted_at, detail_depth,
       order_at AS created_at, updated_at
FROM joined
