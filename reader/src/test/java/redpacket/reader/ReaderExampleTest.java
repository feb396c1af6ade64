package redpacket.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReaderExampleTest {
    private static final Path PAGE = Path.of("../docs/sink.md");
    private static final Path EXAMPLE = Path.of("src/test/java/redpacket/reader/ReaderExample.java");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void shouldShowCodeThatCompilesWhenAnExampleIsGiven() throws IOException {
        Matcher example = JAVA.matcher(Files.readString(PAGE));

        assertThat(example.find()).isTrue();
        assertThat(Files.readString(EXAMPLE).replaceAll("(?m)^ +", ""))
                .contains(example.group(1).replaceAll("(?m)^ +", ""));
        assertThat(example.find()).as("another example, which nothing compiles").isFalse();
    }
}
