-- Packets of prizes, with blanks of 0 cents; cancelled packets; currencies. What is left of a packet may be blanks
-- only, so a refund may be 0.
ALTER TABLE packets
    ADD COLUMN currency text COLLATE "C",
    DROP CONSTRAINT packets_split_check,
    DROP CONSTRAINT packets_check,
    ADD CONSTRAINT packets_split_check CHECK (split IN ('RANDOM', 'EQUAL', 'PRIZES')),
    ADD CONSTRAINT packets_cents_check CHECK (cents >= CASE split WHEN 'PRIZES' THEN 1 ELSE shares END);

ALTER TABLE awards
    ADD COLUMN currency text COLLATE "C",
    ADD COLUMN prize text,
    DROP CONSTRAINT awards_cents_check,
    ADD CONSTRAINT awards_cents_check CHECK (cents >= 0);

ALTER TABLE closings
    DROP CONSTRAINT closings_status_check,
    DROP CONSTRAINT closings_check,
    ADD CONSTRAINT closings_status_check CHECK (status IN ('sold out', 'expired', 'cancelled')),
    ADD CONSTRAINT closings_awarded_cents_check CHECK (awarded_cents >= 0);

ALTER TABLE refunds
    ADD COLUMN currency text COLLATE "C",
    DROP CONSTRAINT refunds_cents_check,
    ADD CONSTRAINT refunds_cents_check CHECK (cents >= 0);

-- What was funded, paid out and paid back on each day (UTC), in each currency; null for packets that name none. A
-- packet is funded on the day on which it was opened.
DROP VIEW daily_totals;
CREATE VIEW daily_totals AS
SELECT day,
       currency,
       count(*) FILTER (WHERE kind = 'funded') AS packets,
       coalesce(sum(cents) FILTER (WHERE kind = 'funded'), 0) AS funded_cents,
       count(*) FILTER (WHERE kind = 'awarded') AS awards,
       coalesce(sum(cents) FILTER (WHERE kind = 'awarded'), 0) AS awarded_cents,
       count(*) FILTER (WHERE kind = 'refunded') AS refunds,
       coalesce(sum(cents) FILTER (WHERE kind = 'refunded'), 0) AS refunded_cents
FROM (SELECT 'funded' AS kind, (opened_at AT TIME ZONE 'UTC')::date AS day, currency, cents FROM packets
      UNION ALL
      SELECT 'awarded', (grabbed_at AT TIME ZONE 'UTC')::date, currency, cents FROM awards
      UNION ALL
      SELECT 'refunded', (refunded_at AT TIME ZONE 'UTC')::date, currency, cents FROM refunds) AS movements
GROUP BY day, currency
ORDER BY day, currency;
