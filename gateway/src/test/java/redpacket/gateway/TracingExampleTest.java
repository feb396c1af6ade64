package redpacket.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TracingExampleTest {
    private static final Path PAGE = Path.of("../docs/tracing.md");
    private static final Path EXAMPLE = Path.of("src/test/java/redpacket/gateway/TracingExample.java");
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
