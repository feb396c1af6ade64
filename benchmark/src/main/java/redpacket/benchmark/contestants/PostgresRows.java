package redpacket.benchmark.contestants;

import java.lang.reflect.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import redpacket.benchmark.load.Workload;
import redpacket.clients.LedgerAddress;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.Share;
import redpacket.parts.LocalPostgres;

/**
 * The contestant {@code postgres}, the safe solution without Kafka: a row per packet that counts the shares taken, and
 * a row per award. Grabs that come during a transaction are decided together in the next one, so that they share its
 * round trips and its commit. All grabs of a packet go over one connection, so that no connection waits for a row that
 * another one has locked.
 *
 * <p>An answer is given after its commit, so killing PostgreSQL or this process loses none. The row locks would keep
 * the answers right with any number of processes.
 */
final class PostgresRows implements DirectContestant.Entrant {
    private static final int CONNECTIONS = 4;

    /** Maximum number of grabs in a transaction. */
    private static final int BATCH = 1_000;

    private static final List<String> TABLES = List.of(
            // Space in each page lets PostgreSQL update a row without touching the index.
            "CREATE TABLE IF NOT EXISTS packet (id text PRIMARY KEY, shares int NOT NULL, cents bigint NOT NULL,"
                    + " taken int NOT NULL DEFAULT 0) WITH (fillfactor = 50)",
            "CREATE TABLE IF NOT EXISTS award (packet text, winner text, grab text NOT NULL, share int NOT NULL,"
                    + " PRIMARY KEY (packet, winner))");

    private static final String OPEN =
            "INSERT INTO packet (id, shares, cents) SELECT * FROM unnest(?::text[], ?::int[], ?::bigint[])";

    private static final String LOCK =
            "SELECT id, shares, cents, taken FROM packet WHERE id = ANY (?::text[]) ORDER BY id FOR UPDATE";

    /** A statement of its own after {@link #LOCK}: it sees what was committed while the lock was awaited. */
    private static final String FIND = "SELECT packet, winner, award.grab, share FROM award"
            + " JOIN unnest(?::text[], ?::text[]) AS asked (packet, winner) USING (packet, winner)";

    private static final String AWARD =
            "INSERT INTO award SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::int[])";

    private static final String TAKE = "UPDATE packet SET taken = now.taken"
            + " FROM unnest(?::text[], ?::int[]) AS now (id, taken) WHERE packet.id = now.id";

    private final LocalPostgres server;
    private final Runnable closeServer;
    private final List<Worker> workers = new ArrayList<>();

    /** Uses a server that the caller closes. */
    static PostgresRows on(LocalPostgres server) {
        return new PostgresRows(server, () -> {});
    }

    /** Starts a server for this client alone. */
    static PostgresRows withServer() {
        LocalPostgres server = LocalPostgres.start();
        try {
            return new PostgresRows(server, server::close);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private PostgresRows(LocalPostgres server, Runnable closeServer) {
        this.server = server;
        this.closeServer = closeServer;
        try (Connection connection = connect()) {
            for (String table : TABLES) {
                execute(connection, table);
            }
            connection.commit();
            for (int i = 0; i < CONNECTIONS; i++) {
                workers.add(new Worker(connect()));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL cannot be used", e);
        }
        workers.forEach(worker -> worker.thread.start());
    }

    private Connection connect() throws SQLException {
        LedgerAddress address = server.address();
        Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password());
        try (Statement statement = connection.createStatement()) {
            // The embedded server's default is off: it would confirm commits that a kill loses.
            statement.execute("SET synchronous_commit = on");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public void open(Workload workload) {
        List<OpenPacket> opens = workload.openStream().toList();
        try (Connection connection = connect()) {
            execute(
                    connection,
                    OPEN,
                    column(opens, OpenPacket::packetId),
                    column(opens, OpenPacket::shares),
                    column(opens, open -> open.totalCents() / open.shares()));
            connection.commit();
            connection.setAutoCommit(true);
            execute(connection, "ANALYZE packet");
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL cannot open the packets", e);
        }
    }

    @Override
    public CompletionStage<AwardResult> grab(Grab grab) {
        Asked asked = new Asked(grab, System.currentTimeMillis(), new CompletableFuture<>());
        workers.get(Math.floorMod(grab.packetId().hashCode(), CONNECTIONS))
                .queue
                .add(asked);
        return asked.answer;
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.thread.interrupt());
        closeServer.run();
    }

    private record Asked(Grab grab, long atMillis, CompletableFuture<AwardResult> answer) {
        String packetId() {
            return grab.packetId();
        }

        String userId() {
            return grab.userId();
        }

        AwardResult result(Outcome outcome, Share share, boolean repeat) {
            return new AwardResult(packetId(), grab.grabId(), userId(), null, outcome, share, repeat, atMillis, 0);
        }
    }

    /** One who holds, or may hold, a share of a packet. */
    private record Holder(String packetId, String userId) {}

    private record Award(Holder holder, String grabId, int share) {}

    /** A locked row. */
    private static final class Packet {
        final String id;
        final int shares;
        final long cents;
        int taken;

        Packet(ResultSet row) throws SQLException {
            id = row.getString(1);
            shares = row.getInt(2);
            cents = row.getLong(3);
            taken = row.getInt(4);
        }
    }

    /** Decides all grabs that wait in its queue, in one transaction after the other. */
    private static final class Worker implements Runnable {
        final Connection connection;
        final BlockingQueue<Asked> queue = new LinkedBlockingQueue<>();
        final Thread thread = new Thread(this, "postgres");

        Worker(Connection connection) {
            this.connection = connection;
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    List<Asked> batch = new ArrayList<>();
                    batch.add(queue.take());
                    queue.drainTo(batch, BATCH - 1);
                    answer(batch);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void answer(List<Asked> batch) {
            List<AwardResult> results;
            try {
                results = decide(batch);
                connection.commit();
            } catch (SQLException e) {
                batch.forEach(asked -> asked.answer.completeExceptionally(e));
                return;
            }
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer.complete(results.get(i));
            }
        }

        private List<AwardResult> decide(List<Asked> batch) throws SQLException {
            Map<String, Packet> packets = lock(batch);
            Map<Holder, Award> held = find(batch);
            List<Award> awards = new ArrayList<>();
            List<AwardResult> results = new ArrayList<>();
            for (Asked asked : batch) {
                Packet packet = packets.get(asked.packetId());
                Holder holder = new Holder(asked.packetId(), asked.userId());
                Award earlier = held.get(holder);
                if (packet == null) {
                    results.add(asked.result(Outcome.UNKNOWN_PACKET, null, false));
                } else if (earlier != null) {
                    boolean same = earlier.grabId.equals(asked.grab.grabId());
                    Share share = new Share(earlier.share, packet.cents);
                    results.add(asked.result(same ? Outcome.AWARDED : Outcome.ALREADY_GRABBED, share, same));
                } else if (packet.taken == packet.shares) {
                    results.add(asked.result(Outcome.SOLD_OUT, null, false));
                } else {
                    Award award = new Award(holder, asked.grab.grabId(), packet.taken++);
                    held.put(holder, award);
                    awards.add(award);
                    results.add(asked.result(Outcome.AWARDED, new Share(award.share, packet.cents), false));
                }
            }
            if (!awards.isEmpty()) {
                write(awards, packets);
            }
            return results;
        }

        private Map<String, Packet> lock(List<Asked> batch) throws SQLException {
            Map<String, Packet> packets = new LinkedHashMap<>();
            String[] ids = batch.stream().map(Asked::packetId).distinct().toArray(String[]::new);
            try (PreparedStatement lock = prepare(connection, LOCK, new Object[] {ids});
                    ResultSet rows = lock.executeQuery()) {
                while (rows.next()) {
                    Packet packet = new Packet(rows);
                    packets.put(packet.id, packet);
                }
            }
            return packets;
        }

        private Map<Holder, Award> find(List<Asked> batch) throws SQLException {
            Map<Holder, Award> held = new HashMap<>();
            try (PreparedStatement find =
                            prepare(connection, FIND, column(batch, Asked::packetId), column(batch, Asked::userId));
                    ResultSet rows = find.executeQuery()) {
                while (rows.next()) {
                    Holder holder = new Holder(rows.getString(1), rows.getString(2));
                    held.put(holder, new Award(holder, rows.getString(3), rows.getInt(4)));
                }
            }
            return held;
        }

        private void write(List<Award> awards, Map<String, Packet> packets) throws SQLException {
            execute(
                    connection,
                    AWARD,
                    column(awards, award -> award.holder.packetId),
                    column(awards, award -> award.holder.userId),
                    column(awards, Award::grabId),
                    column(awards, Award::share));
            List<Packet> rows = List.copyOf(packets.values());
            execute(connection, TAKE, column(rows, packet -> packet.id), column(rows, packet -> packet.taken));
        }
    }

    private static void execute(Connection connection, String sql, Object[]... columns) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, columns)) {
            statement.execute();
        }
    }

    /** The driver keeps statements prepared on the server, by their text. */
    private static PreparedStatement prepare(Connection connection, String sql, Object[]... columns)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < columns.length; i++) {
            String type = columns[i] instanceof Integer[] ? "int4" : columns[i] instanceof Long[] ? "int8" : "text";
            statement.setArray(i + 1, connection.createArrayOf(type, columns[i]));
        }
        return statement;
    }

    /** The values of one column; never empty. */
    private static <T> Object[] column(List<T> rows, Function<T, Object> value) {
        Object first = value.apply(rows.get(0));
        Object[] values = (Object[]) Array.newInstance(first.getClass(), rows.size());
        IntStream.range(0, rows.size()).forEach(i -> values[i] = value.apply(rows.get(i)));
        return values;
    }
}
