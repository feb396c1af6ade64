-- Flyway sets the path for its session. Behind a PgBouncer that pools transactions, a migration has another session.
SET LOCAL search_path TO redpacket;
