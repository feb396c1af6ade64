package redpacket.reader;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import redpacket.events.AwardResult;
import redpacket.events.Topic;

/** The example of {@code docs/sink.md}; {@link ReaderExampleTest} holds the two together. */
abstract class ReaderExample {
    abstract void pay(AwardResult award);

    void payForEver(Map<String, ?> settings) {
        try (CommittedReader reader = CommittedReader.inGroup(settings, "my-group", Set.of(Topic.AWARDS))) {
            while (true) {
                reader.poll(Duration.ofSeconds(1), new ResultListener() {
                    @Override
                    public void onAward(Committed<AwardResult> award) {
                        if (award.event().movesMoney()) {
                            pay(award.event());
                        }
                    }
                });
            }
        }
    }
}
