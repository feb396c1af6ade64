package redpacket.audit;

import java.util.List;

/** The differences that a comparison found, one per line: the kind, the record, and its packet. */
final class Differences {
    private Differences() {}

    static List<String> of(Report report) {
        return report.violations().stream()
                .map(violation -> "%s %s-%d@%d %s"
                        .formatted(
                                violation.kind(),
                                violation.topic(),
                                violation.partition(),
                                violation.offset(),
                                violation.packetId()))
                .toList();
    }
}
