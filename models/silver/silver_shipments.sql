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
  SELECT * FROM {{known(BRONZE.bronze_shipments, shipment_id, order_id, order_reference_id, type, status_slug, courier_id, courier_name,
    shipping_number, payment_method, total_amount, cod_amount, currency, is_international, weight, weight_unit, from_branch_id, from_city,
    to_country, to_city, to_region, to_postal_code, created_at, tracking_number)}} k
),
gone AS (
  SELECT * FROM {{gone(shipments)}} d
)
SELECT n.store_id, n.shipment_id, n.order_id, n.order_reference_id, n.type AS shipment_type, n.status_slug, n.courier_id, n.courier_name,
       n.shipping_number, n.payment_method, n.total_amount, n.cod_amount, n.currency, n.is_international, n.weight, n.weight_unit,
       n.from_branch_id, n.from_city, n.to_country, n.to_city, n.to_region, n.to_postal_code, n.created_at,
       NULLIF(NULLIF(n.tracking_number, '0'), '') AS tracking_number,
       CASE WHEN n.type = 'return' THEN TRUE ELSE FALSE END AS is_return,
       CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.shipment_id
