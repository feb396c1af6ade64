package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.topology.packet.Cut;
import redpacket.topology.packet.Seed;

/** The revealed seed of a closed packet matches its commitment, and produces every share that was awarded. */
final class SeedsAreKept extends Guarantee {
    SeedsAreKept() {
        super(Kind.WRONG_SEED, Kind.WRONG_CENTS);
    }

    @Override
    Map<String, Long> seen(Evidence evidence) {
        return Map.of("audited awards", evidence.report().seedChecked(), "awards of closed packets", (long)
                ofClosedPackets(evidence.history()).size());
    }

    @Override
    void check(Evidence evidence) {
        CommittedRecords history = evidence.history();
        Map<String, PacketEvent.Opened> terms = new HashMap<>();
        history.packetEvents(PacketEvent.Opened.class).forEach(opened -> terms.put(opened.packetId(), opened));
        Map<String, long[]> cuts = new HashMap<>();
        for (PacketEvent.Closed closed : history.packetEvents(PacketEvent.Closed.class)) {
            PacketEvent.Opened opened = terms.get(closed.packetId());
            Seed seed = Seed.of(HexFormat.of().parseHex(closed.seed()));
            assertThat(seed.commitment()).as("commitment of %s", closed).isEqualTo(opened.commitment());
            cuts.put(closed.packetId(), Cut.of(opened.split(), opened.totalCents(), opened.shares(), seed));
        }
        ofClosedPackets(history).forEach(award -> assertThat(award.share().cents())
                .as("cents of %s", award)
                .isEqualTo(cuts.get(award.packetId())[award.share().index()]));
    }

    private static List<AwardResult> ofClosedPackets(CommittedRecords history) {
        Set<String> closed = history.packetEvents(PacketEvent.Closed.class).stream()
                .map(PacketEvent::packetId)
                .collect(Collectors.toSet());
        return history.awards().stream()
                .map(CommittedRecords.Award::result)
                .filter(award -> award.movesMoney() && closed.contains(award.packetId()))
                .toList();
    }
}
