-- The ledger: what happened, as rows that are written once and never changed, each with the place of its event
-- (partition and record_offset on the topic of the same name). Only positions move.

-- Funded: from redpacket.packets, the first opened event of each packet.
CREATE TABLE packets (
    packet_id     text COLLATE "C" PRIMARY KEY,
    sender_id     text COLLATE "C" NOT NULL,
    campaign      text COLLATE "C",
    cents         bigint NOT NULL,
    shares        integer NOT NULL CHECK (shares > 0),
    split         text NOT NULL CHECK (split IN ('RANDOM', 'EQUAL')),
    opened_at     timestamptz NOT NULL,
    deadline_at   timestamptz NOT NULL,
    commitment    text NOT NULL CHECK (commitment ~ '^[0-9a-f]{64}$'),
    partition     integer NOT NULL,
    record_offset bigint NOT NULL,
    CHECK (cents >= shares),
    CHECK (deadline_at > opened_at)
);

-- Paid out: from redpacket.awards, the results that move money.
CREATE TABLE awards (
    packet_id     text COLLATE "C" NOT NULL,
    share_index   integer NOT NULL CHECK (share_index >= 0),
    user_id       text COLLATE "C" NOT NULL,
    grab_id       text COLLATE "C" NOT NULL,
    cents         bigint NOT NULL CHECK (cents > 0),
    grabbed_at    timestamptz NOT NULL,
    partition     integer NOT NULL,
    record_offset bigint NOT NULL,
    CONSTRAINT a_share_is_awarded_once PRIMARY KEY (packet_id, share_index),
    CONSTRAINT a_user_wins_one_share_of_a_packet UNIQUE (packet_id, user_id)
);
-- No foreign key to packets: an award may be read before the event that opened its packet.

-- Closed: from redpacket.packets, the sold-out or expired event of each packet.
CREATE TABLE closings (
    packet_id        text COLLATE "C" PRIMARY KEY,
    status           text NOT NULL CHECK (status IN ('sold out', 'expired')),
    awarded_shares   integer NOT NULL CHECK (awarded_shares >= 0),
    awarded_cents    bigint NOT NULL CHECK (awarded_cents >= awarded_shares),
    luckiest_user_id text COLLATE "C",
    seed             text NOT NULL CHECK (seed ~ '^[0-9a-f]{64}$'),
    closed_at        timestamptz NOT NULL,
    partition        integer NOT NULL,
    record_offset    bigint NOT NULL
);

-- Paid back: from the expired events.
CREATE TABLE refunds (
    packet_id     text COLLATE "C" PRIMARY KEY,
    cents         bigint NOT NULL CHECK (cents > 0),
    refunded_at   timestamptz NOT NULL,
    partition     integer NOT NULL,
    record_offset bigint NOT NULL
);

-- How far each partition is written: moves in the transaction that writes the rows. The ledger began at first_offset,
-- which is 0 unless the topic had already lost its beginning.
CREATE TABLE positions (
    topic        text NOT NULL,
    partition    integer NOT NULL,
    first_offset bigint NOT NULL CHECK (first_offset >= 0),
    next_offset  bigint NOT NULL CHECK (next_offset >= first_offset),
    PRIMARY KEY (topic, partition)
);

-- Where the money of each packet is.
CREATE VIEW packet_balances AS
SELECT packet_id,
       p.sender_id,
       p.campaign,
       coalesce(c.status, 'open') AS status,
       p.cents AS funded_cents,
       coalesce(a.cents, 0) AS awarded_cents,
       coalesce(r.cents, 0) AS refunded_cents,
       p.cents - coalesce(a.cents, 0) - coalesce(r.cents, 0) AS left_cents,
       p.shares,
       coalesce(a.shares, 0) AS awarded_shares,
       p.opened_at,
       p.deadline_at,
       c.closed_at,
       p.commitment,
       c.seed
FROM packets p
    LEFT JOIN (SELECT packet_id, count(*) AS shares, sum(cents) AS cents FROM awards GROUP BY packet_id) a
        USING (packet_id)
    LEFT JOIN refunds r USING (packet_id)
    LEFT JOIN closings c USING (packet_id);

-- What was funded, paid out and paid back on each day (UTC). A packet is funded on the day on which it was opened.
CREATE VIEW daily_totals AS
SELECT day,
       count(*) FILTER (WHERE kind = 'funded') AS packets,
       coalesce(sum(cents) FILTER (WHERE kind = 'funded'), 0) AS funded_cents,
       count(*) FILTER (WHERE kind = 'awarded') AS awards,
       coalesce(sum(cents) FILTER (WHERE kind = 'awarded'), 0) AS awarded_cents,
       count(*) FILTER (WHERE kind = 'refunded') AS refunds,
       coalesce(sum(cents) FILTER (WHERE kind = 'refunded'), 0) AS refunded_cents
FROM (SELECT 'funded' AS kind, (opened_at AT TIME ZONE 'UTC')::date AS day, cents FROM packets
      UNION ALL
      SELECT 'awarded', (grabbed_at AT TIME ZONE 'UTC')::date, cents FROM awards
      UNION ALL
      SELECT 'refunded', (refunded_at AT TIME ZONE 'UTC')::date, cents FROM refunds) AS movements
GROUP BY day
ORDER BY day;

-- Empty when the ledger has caught up with the topics; while it has not, packets in between may show up for a moment.
CREATE VIEW imbalances AS
SELECT packet_id, left_cents AS off_by_cents, 'closed, but awarded and refunded are not what was funded' AS problem
FROM packet_balances
WHERE status <> 'open' AND left_cents <> 0
UNION ALL
SELECT packet_id, left_cents, 'more was paid than was funded'
FROM packet_balances
WHERE status = 'open' AND left_cents < 0
UNION ALL
SELECT packet_id, -sum(cents), 'paid, but never funded'
FROM (SELECT packet_id, cents FROM awards UNION ALL SELECT packet_id, cents FROM refunds) AS paid
WHERE NOT EXISTS (SELECT FROM packets WHERE packets.packet_id = paid.packet_id)
GROUP BY packet_id;
