package redpacket.audit;

import java.util.List;

/** What a comparison has found, a line each: the kind, the record, and its packet. */
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
