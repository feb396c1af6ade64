package redpacket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoryTest {
    private final Story story = new Story();

    @Test
    void shouldTellOneLineWhenSimilarOnesFollow() {
        happen("a starts");
        for (int i = 0; i < 19; i++) {
            happen("a commits " + i + " records");
        }
        happen("a dies");

        assertThat(story.told())
                .containsExactly(
                        "    1.000  a starts",
                        "    1.000  a commits 0 records",
                        "           18 more like this",
                        "    1.000  a dies");
    }

    @Test
    void shouldTellACycleOnceWhenItRepeats() {
        for (int i = 0; i < 3; i++) {
            happen("a fails");
            happen("a starts task " + i);
        }
        happen("a fails");
        happen("b starts");

        assertThat(story.told())
                .containsExactly(
                        "    1.000  a fails",
                        "    1.000  a starts task 0",
                        "           4 more like these 2",
                        "    1.000  a fails",
                        "    1.000  b starts");
    }

    @Test
    void shouldTellAllLinesWhenFewAreSimilar() {
        happen("a fails 1 time");
        happen("a fails 2 times");
        happen("b fails");
        happen("b fails");

        assertThat(story.told()).hasSize(4);
    }

    private void happen(String what) {
        story.add(1, () -> what);
    }
}
