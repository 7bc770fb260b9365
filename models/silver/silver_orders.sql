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
-- columns: is_pending_payment BOOLEAN, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, order_id)
-- rules: not_null(order_status); not_null(total_amount); not_null(order_at)
-- notes: derived(total_amount_sar, exchange_rate, total_amount)
-- Status and total come from the newest payload of any shape; amounts and customer from the newest whole
-- one (an answer with details, or a whole event), over which a newer event of parts lays what it carries;
-- exchange rate, payment method, shipping and notes from the newest payload that has them, since whole answers
-- need not carry those. What an order does not say itself is taken from the lists beside it: the payment
-- method from its transaction, else from its invoice; shipping company and address from its shipment.
-- total_amount_sar: SAR as it is, else by the order's own exchange rate, if
-- that is one between SAR and the order's currency.
-- Ranked by a few columns first; whole rows are then looked up by load_seq, so that a run that
-- changes little reads the files of what was loaded last.
WITH payloads AS (
  SELECT b.store_id, b.order_id, b.load_seq, b.extracted_at, b.package_id, b.package_row, b.source, b.shape <> 'summary' AS has_details, {{stamp(b, z)}} AS stamp,
         b.shape NOT IN ('summary', 'parts') AND b.sub_total_amount IS NOT NULL AND (b.source <> 'webhook' OR b.customer_id IS NOT NULL) AS is_whole,
         b.source = 'webhook' AND (b.shape = 'parts' OR b.sub_total_amount IS NULL OR b.customer_id IS NULL) AS is_parts,
         b.exchange_rate IS NOT NULL AS has_rate, b.payment_method IS NOT NULL AS has_payment,
         b.shipping_company IS NOT NULL AS has_company,
         COALESCE(b.shipping_country, b.shipping_city, b.shipping_address_line, b.shipping_postal_code) IS NOT NULL AS has_address,
         b.notes IS NOT NULL AS has_notes, b.shape = 'full' AND b.source <> 'webhook' AS is_full_answer
  FROM BRONZE.bronze_orders b {{changed(b.store_id, b.order_id)}} {{lives(orders, b, order_id, z)}}
),
dated AS (
  {{dated(payloads, order_id)}}
),
placed AS (
  SELECT d.*, ROW_NUMBER() OVER (PARTITION BY d.store_id, d.order_id ORDER BY {{late(d)}}, {{newest(d)}}) AS place FROM dated d
),
places AS (
  SELECT p.store_id, p.order_id,
         COALESCE(MIN(CASE WHEN p.is_whole THEN p.place END), MIN(CASE WHEN p.has_details AND NOT p.is_parts THEN p.place END)) AS detail_place,
         MIN(CASE WHEN p.is_parts THEN p.place END) AS parts_place,
         MIN(CASE WHEN p.has_rate THEN p.place END) AS rate_place,
         MIN(CASE WHEN p.has_payment THEN p.place END) AS payment_place,
         MIN(CASE WHEN p.has_company OR p.is_full_answer THEN p.place END) AS company_place,
         MIN(CASE WHEN p.has_address OR p.is_full_answer THEN p.place END) AS address_place,
         MIN(CASE WHEN p.has_notes OR p.is_full_answer THEN p.place END) AS notes_place
  FROM placed p GROUP BY p.store_id, p.order_id
),
ranked AS (
  SELECT p.load_seq, p.package_id, p.package_row, p.place, l.*
  FROM placed p JOIN places l ON l.store_id = p.store_id AND l.order_id = p.order_id
  WHERE p.place IN (1, l.detail_place, l.parts_place, l.rate_place, l.payment_place, l.company_place, l.address_place, l.notes_place)
),
seen AS (
  SELECT r.place, r.detail_place, r.parts_place, r.rate_place, r.payment_place, r.company_place, r.address_place, r.notes_place,
         b.store_id, b.order_id, b.load_seq, b.extracted_at, b.source, b.reference_id,
         b.status_slug, b.status_name, b.status_custom_name, b.currency, b.exchange_rate, b.exchange_base_currency, b.exchange_currency, b.customer_id,
         b.customer_name, b.customer_first_name, b.customer_last_name, b.customer_email,
         b.customer_mobile_e164, b.payment_method, b.total_amount, b.sub_total_amount,
         b.discount_amount, b.tax_amount, b.shipping_amount, b.cod_amount, b.coupon_code,
         b.shipping_company, b.shipping_country, b.shipping_city, b.shipping_address_line,
         b.shipping_postal_code, b.notes, b.source_channel, b.created_at, b.updated_at, b.is_pending_payment
  FROM BRONZE.bronze_orders b
  JOIN ranked r ON r.load_seq = b.load_seq AND r.order_id = b.order_id AND r.package_id = b.package_id AND r.package_row = b.package_row
),
newest AS (SELECT * FROM seen WHERE place = 1),
detailed AS (SELECT * FROM seen WHERE place = detail_place),
parted AS (SELECT * FROM seen WHERE place = parts_place AND place < COALESCE(detail_place, place + 1)),
latest AS (
  SELECT s.store_id, s.order_id,
         MAX(CASE WHEN s.place = s.rate_place THEN s.exchange_rate END) AS exchange_rate,
         MAX(CASE WHEN s.place = s.rate_place THEN s.exchange_base_currency END) AS exchange_base_currency,
         MAX(CASE WHEN s.place = s.rate_place THEN s.exchange_currency END) AS exchange_currency,
         MAX(CASE WHEN s.place = s.payment_place THEN s.payment_method END) AS payment_method,
         MAX(CASE WHEN s.place = s.company_place THEN s.shipping_company END) AS shipping_company,
         MAX(CASE WHEN s.place = s.address_place THEN s.shipping_country END) AS shipping_country,
         MAX(CASE WHEN s.place = s.address_place THEN s.shipping_city END) AS shipping_city,
         MAX(CASE WHEN s.place = s.address_place THEN s.shipping_address_line END) AS shipping_address_line,
         MAX(CASE WHEN s.place = s.address_place THEN s.shipping_postal_code END) AS shipping_postal_code,
         MAX(CASE WHEN s.place = s.notes_place THEN s.notes END) AS notes
  FROM seen s GROUP BY s.store_id, s.order_id
),
told AS (
  SELECT l.*, COALESCE(l.shipping_country, l.shipping_city, l.shipping_address_line, l.shipping_postal_code) IS NOT NULL AS has_address
  FROM latest l
),
sets AS (
  SELECT s.store_id, s.order_id, s.line_count
  FROM BRONZE.bronze_order_item_sets s {{changed(s.store_id, s.order_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.store_id, s.order_id
                             ORDER BY CASE WHEN s.rejected_count > 0 OR (s.source = 'webhook' AND s.line_count = 0) THEN 1 ELSE 0 END, {{newest(s)}}) = 1
),
paid AS (
  SELECT t.store_id, t.order_id, t.payment_method
  FROM BRONZE.bronze_transactions t {{changed(t.store_id, t.order_id)}}
  WHERE t.payment_method IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY t.store_id, t.order_id
                             ORDER BY CASE WHEN t.status_slug IN ('paid', 'refunded', 'partial_refunded') THEN 0 ELSE 1 END,
                                      {{newest(t)}}) = 1
),
invoiced AS (
  SELECT i.store_id, i.order_id, i.payment_method
  FROM BRONZE.bronze_invoices i {{changed(i.store_id, i.order_id)}}
  WHERE i.payment_method IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY i.store_id, i.order_id
                             ORDER BY {{newest(i)}}) = 1
),
sent AS (
  SELECT p.store_id, p.order_id, p.courier_name, p.to_country, p.to_city, p.to_address_line, p.to_postal_code
  FROM BRONZE.bronze_shipments p {{changed(p.store_id, p.order_id)}}
  WHERE p.order_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY p.store_id, p.order_id
                             ORDER BY CASE WHEN p.type = 'return' THEN 2 WHEN p.status_slug = 'cancelled' THEN 1 ELSE 0 END,
                                      {{newest(p)}}) = 1
),
gone AS (
  SELECT * FROM {{gone(orders)}} d
),
joined AS (
  SELECT n.store_id, n.order_id,
         COALESCE(n.reference_id, e.reference_id, d.reference_id) AS reference_id,
         COALESCE(n.status_slug, e.status_slug, d.status_slug) AS order_status,
         COALESCE(n.status_custom_name, n.status_name, d.status_name) AS order_status_name,
         COALESCE(n.created_at, e.created_at, d.created_at) AS order_at,
         COALESCE(n.customer_id, e.customer_id, d.customer_id) AS customer_id,
         CASE WHEN e.customer_id <> d.customer_id THEN e.customer_name
              ELSE COALESCE(d.customer_name, NULLIF(TRIM(COALESCE(d.customer_first_name, '') || ' ' || COALESCE(d.customer_last_name, '')), ''),
                            e.customer_name) END AS customer_name,
         LOWER(CASE WHEN e.customer_id <> d.customer_id THEN e.customer_email ELSE COALESCE(d.customer_email, e.customer_email) END) AS customer_email,
         CASE WHEN e.customer_id <> d.customer_id THEN e.customer_mobile_e164 ELSE COALESCE(d.customer_mobile_e164, e.customer_mobile_e164) END AS customer_mobile,
         COALESCE(l.payment_method, t.payment_method, i.payment_method) AS payment_method,
         COALESCE(l.shipping_company, p.courier_name) AS shipping_method,
         CASE WHEN l.has_address THEN l.shipping_country ELSE p.to_country END AS shipping_country,
         CASE WHEN l.has_address THEN l.shipping_city ELSE p.to_city END AS shipping_city,
         CASE WHEN l.has_address THEN l.shipping_address_line ELSE p.to_address_line END AS shipping_address_line,
         CASE WHEN l.has_address THEN l.shipping_postal_code ELSE p.to_postal_code END AS shipping_postal_code,
         COALESCE(e.sub_total_amount, d.sub_total_amount) AS subtotal_amount, COALESCE(e.discount_amount, d.discount_amount) AS discount_amount,
         COALESCE(e.tax_amount, d.tax_amount) AS tax_amount, COALESCE(e.shipping_amount, d.shipping_amount) AS shipping_cost,
         COALESCE(e.cod_amount, d.cod_amount) AS cod_cost,
         COALESCE(n.total_amount, e.total_amount, d.total_amount) AS total_amount,
         COALESCE(n.currency, e.currency, d.currency) AS currency,
         l.exchange_rate, l.exchange_base_currency, l.exchange_currency,
         COALESCE(e.coupon_code, d.coupon_code) AS coupon_code, l.notes, s.line_count AS items_count,
         COALESCE(e.source_channel, d.source_channel) AS source_channel,
         CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
         CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at,
         CASE WHEN d.order_id IS NULL AND e.order_id IS NULL THEN 'summary' WHEN s.order_id IS NULL THEN 'details' ELSE 'items' END AS detail_depth,
         COALESCE(n.updated_at, e.updated_at, d.updated_at) AS updated_at,
         COALESCE(n.is_pending_payment, e.is_pending_payment, CASE WHEN d.status_slug = n.status_slug THEN d.is_pending_payment END) AS is_pending_payment
  FROM newest n
  JOIN told l ON l.store_id = n.store_id AND l.order_id = n.order_id
  LEFT JOIN detailed d ON d.store_id = n.store_id AND d.order_id = n.order_id
  LEFT JOIN parted e ON e.store_id = n.store_id AND e.order_id = n.order_id
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
            THEN decimal_ratio(total_amount, exchange_rate)
            WHEN exchange_rate > 0 AND exchange_base_currency = currency AND exchange_currency = 'SAR'
            THEN ROUND(total_amount * exchange_rate, 4)
            END AS total_amount_sar,
       coupon_code, notes, items_count, source_channel, is_deleted, deleted_at, detail_depth,
       order_at AS created_at, updated_at, is_pending_payment
FROM joined
