-- The id that Kafka gave to the topic of a position when the topic was created; null until the ledger has asked. A
-- topic that was deleted and created again has another id, and its offsets mean other records.
ALTER TABLE positions ADD COLUMN topic_id text;
