package redpacket.topology.streams;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The packets that the pipeline itself failed to close or to forget. No record is to blame for such a failure, so
 * nothing can be put away. A packet at which the pipeline fails again is put off, and does not stop its partition. As
 * with {@link FailedRecords}, an outage does not count.
 */
final class FailedPackets {
    private final ConcurrentMap<String, Failure> failures = new ConcurrentHashMap<>();

    private record Failure(int attempts, String reason) {}

    /** Takes note of a failure. The caller must throw the failure on. */
    void add(String packetId, Throwable failure) {
        if (FailedRecords.wouldComeBack(failure)) {
            String reason = FailedRecords.reasonOf(failure);
            failures.merge(packetId, new Failure(1, reason), (before, now) -> new Failure(before.attempts + 1, reason));
        }
    }

    /** Why a packet must be put off; null if it must not. */
    String reasonToPutOff(String packetId) {
        Failure failure = failures.get(packetId);
        return failure == null || failure.attempts < FailedRecords.MOST_ATTEMPTS ? null : failure.reason;
    }
}
