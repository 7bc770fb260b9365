-- silver_shipments: each shipment as last seen.
-- grain: one row a shipment
-- keys: store_id, shipment_id
-- materialisation: merge
-- scope: store_id BIGINT, shipment_id BIGINT
-- changes: SELECT store_id, shipment_id FROM BRONZE.bronze_shipments WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'shipments' AND load_seq > {seq}
-- columns: store_id BIGINT, shipment_id BIGINT, order_id BIGINT, order_reference_id VARCHAR, shipment_type VARCHAR, status_slug VARCHAR,
-- columns: courier_id BIGINT, courier_name VARCHAR, shipping_number VARCHAR, payment_method VARCHAR, total_amount DECIMAL(18,4),
-- columns: cod_amount DECIMAL(18,4), currency VARCHAR, is_international BOOLEAN, weight DECIMAL(18,4), weight_unit VARCHAR, from_branch_id BIGINT,
-- columns: from_city VARCHAR, to_country VARCHAR, to_city VARCHAR, to_region VARCHAR, to_postal_code VARCHAR, created_at TIMESTAMP,
-- columns: tracking_number VARCHAR, is_return BOOLEAN, is_deleted BOOLEAN, deleted_at TIMESTAMP, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, shipment_id)
-- A tracking number of 0 is none.
WITH newest AS (
  SELECT b.store_id, b.shipment_id, b.order_id, b.order_reference_id, b.type, b.status_slug, b.courier_id, b.courier_name, b.shipping_number,
         b.payment_method, b.total_amount, b.cod_amount, b.currency, b.is_international, b.weight, b.weight_unit, b.from_branch_id,
         b.from_city, b.to_country, b.to_city, b.to_region, b.to_postal_code, b.created_at, b.tracking_number, b.extracted_at
  FROM BRONZE.bronze_shipments b {{changed(b.store_id, b.shipment_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.shipment_id
                             ORDER BY b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) = 1
),
gone AS (
  SELECT store_id, deletion_id, MAX(extracted_at) AS gone_at
  FROM BRONZE.bronze_deletions WHERE entity = 'shipments' GROUP BY store_id, deletion_id
)
SELECT n.store_id, n.shipment_id, n.order_id, n.order_reference_id, n.type AS shipment_type, n.status_slug, n.courier_id, n.courier_name,
       n.shipping_number, n.payment_method, n.total_amount, n.cod_amount, n.currency, n.is_international, n.weight, n.weight_unit,
       n.from_branch_id, n.from_city, n.to_country, n.to_city, n.to_region, n.to_postal_code, n.created_at,
       NULLIF(NULLIF(n.tracking_number, '0'), '') AS tracking_number,
       CASE WHEN n.type = 'return' THEN TRUE ELSE FALSE END AS is_return,
       CASE WHEN g.gone_at >= n.extracted_at THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN g.gone_at >= n.extracted_at THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.shipment_id
