package redpacket.topology.streams;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The packets that the pipeline itself failed to close or to forget. No record is to blame for such a failure, so
 * nothing can be put away. A packet at which the pipeline fails again is put off, and does not stop its partition. As
 * with {@link FailedRecords}, an outage does not count.
 */
final class FailedPackets {
    private final ConcurrentMap<String, FailedRecords.Failure> failures = new ConcurrentHashMap<>();

    /** Takes note of a failure. The caller must throw the failure on. */
    void add(String packetId, Throwable failure) {
        FailedRecords.Failure.count(failures, packetId, failure);
    }

    /** Why a packet must be put off; null if it must not. */
    String reasonToPutOff(String packetId) {
        return FailedRecords.Failure.reasonToGiveUp(failures.get(packetId));
    }
}
