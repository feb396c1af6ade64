package redpacket.application;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.producer.Appended;

class UnansweredTest {
    private final Unanswered unanswered = new Unanswered();

    @Test
    void shouldCountEachAnswerOnce() {
        unanswered.add(new Appended(0, 5_000_000_000L, 0));
        unanswered.add(new Appended(0, 5_000_000_007L, 0));
        unanswered.add(new Appended(1, 0, 0));

        assertThat(unanswered.remove(0, 5_000_000_007L)).isTrue();
        assertThat(unanswered.remove(0, 5_000_000_007L)).isFalse();
        assertThat(unanswered.count()).isEqualTo(2);
    }

    @Test
    void shouldIgnoreRecordsOfOtherProducers() {
        unanswered.add(new Appended(0, 10, 0));

        assertThat(unanswered.remove(0, 9)).isFalse();
        assertThat(unanswered.remove(0, 11)).isFalse();
        assertThat(unanswered.remove(0, Long.MAX_VALUE)).isFalse();
        assertThat(unanswered.remove(1, 10)).isFalse();
        assertThat(unanswered.count()).isOne();
    }
}
