package redpacket.guarantees;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import redpacket.local.faults.BreakablePipeline;

/**
 * Numbers and sums over the stores of a sink, read without the audit's and the sink's code.
 *
 * @param fundedCents in the ledger
 * @param ledgerAwards rows
 * @param readModelAwards winners in the generation that is served
 */
record SinkSums(
        long fundedCents,
        long refundedCents,
        long ledgerAwards,
        long ledgerAwardedCents,
        long readModelAwards,
        long readModelAwardedCents) {
    static final SinkSums NONE = new SinkSums(0, 0, 0, 0, 0, 0);

    /** Sums over the entries of all winners: {@code user grab cents ...}. */
    private static final String OF_WINNERS = "local serving, sum = redis.call('HGET', 'redpacket:view', 'serving'), 0"
            + " for _, key in ipairs(redis.call('KEYS', 'redpacket:winners:' .. serving .. ':*')) do"
            + " for _, entry in ipairs(redis.call('HVALS', key)) do sum = sum + %s end end return sum";

    /** {@link #NONE} for a pipeline without a sink. */
    static SinkSums read(BreakablePipeline pipeline) {
        if (pipeline.sink() == null) {
            return NONE;
        }
        try (Connection connection = pipeline.postgres().address().connect();
                Statement statement = connection.createStatement();
                ResultSet sums = statement.executeQuery("SELECT (SELECT sum(cents) FROM redpacket.packets),"
                        + " (SELECT sum(cents) FROM redpacket.refunds), count(*), sum(cents) FROM redpacket.awards")) {
            sums.next();
            return new SinkSums(
                    sums.getLong(1),
                    sums.getLong(2),
                    sums.getLong(3),
                    sums.getLong(4),
                    pipeline.onRedis(OF_WINNERS.formatted("1")),
                    pipeline.onRedis(OF_WINNERS.formatted("string.match(entry, '^%S+ %S+ (%d+)')")));
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger cannot be read", e);
        }
    }
}
