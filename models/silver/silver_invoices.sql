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
  SELECT b.store_id, b.invoice_id, b.order_id, b.invoice_number, b.uuid, b.reference_id, b.type, b.invoice_date, b.issued_at,
         b.payment_method, b.currency, b.sub_total_amount, b.shipping_amount, b.cod_amount, b.discount_amount, b.tax_percent, b.tax_amount,
         b.total_amount, b.extracted_at
  FROM BRONZE.bronze_invoices b {{changed(b.store_id, b.invoice_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.invoice_id
                             ORDER BY b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) = 1
)
SELECT n.store_id, n.invoice_id, n.order_id, n.invoice_number, n.uuid, n.reference_id, n.type, n.invoice_date, n.issued_at, n.payment_method,
       n.currency, n.sub_total_amount, n.shipping_amount, n.cod_amount, n.discount_amount, n.tax_percent, n.tax_amount, n.total_amount,
       CASE WHEN LOWER(n.type) LIKE '%credit%' OR n.type LIKE '%دائن%' THEN TRUE ELSE FALSE END AS is_credit_note
FROM newest n
