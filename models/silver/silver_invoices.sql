-- silver_invoices: each invoice and credit note, with its amounts as they stand on it.
-- grain: one row an invoice
-- keys: store_id, invoice_id
-- materialisation: merge
-- scope: store_id BIGINT, invoice_id BIGINT
-- changes: SELECT store_id, invoice_id FROM BRONZE.bronze_invoices WHERE load_seq > {seq}
-- columns: store_id BIGINT, invoice_id BIGINT, order_id BIGINT, invoice_number VARCHAR, uuid VARCHAR, reference_id VARCHAR, type VARCHAR,
-- columns: invoice_date DATE, issued_at TIMESTAMP, payment_method VARCHAR, currency VARCHAR, sub_total_amount DECIMAL(18,4),
-- columns: shipping_amount DECIMAL(18,4), cod_amount DECIMAL(18,4), discount_amount DECIMAL(18,4), tax_percent DECIMAL(18,4),
-- columns: tax_amount DECIMAL(18,4), total_amount DECIMAL(18,4), is_credit_note BOOLEAN, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, invoice_id)
-- A credit note has positive amounts, as the document has them.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_invoices, invoice_id, order_id, invoice_number, uuid, reference_id, type, invoice_date, issued_at,
    payment_method, currency, sub_total_amount, shipping_amount, cod_amount, discount_amount, tax_percent, tax_amount, total_amount)}} k
)
SELECT n.store_id, n.invoice_id, n.order_id, n.invoice_number, n.uuid, n.reference_id, n.type, n.invoice_date, n.issued_at, n.payment_method,
       n.currency, n.sub_total_amount, n.shipping_amount, n.cod_amount, n.discount_amount, n.tax_percent, n.tax_amount, n.total_amount,
       CASE WHEN LOWER(n.type) LIKE '%credit%' OR n.type LIKE '%دائن%' THEN TRUE ELSE FALSE END AS is_credit_note
FROM newest n
