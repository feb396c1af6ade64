package redpacket.events;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class PacketEventTest {
    @Property
    void shouldCallWhatItsKindIsFor(@ForAll("packetEvents") PacketEvent event) {
        Class<?> called = event.match(
                opened -> same(event, opened, PacketEvent.Opened.class),
                closed -> closed.match(
                        soldOut -> same(event, soldOut, PacketEvent.SoldOut.class),
                        expired -> same(event, expired, PacketEvent.Expired.class),
                        cancelled -> same(event, cancelled, PacketEvent.Cancelled.class)),
                rejected -> same(event, rejected, PacketEvent.Rejected.class),
                cancelAnswered -> same(event, cancelAnswered, PacketEvent.CancelAnswered.class));
        assertThat(called).isEqualTo(event.getClass());

        List<Class<?>> handled = new ArrayList<>();
        event.handle(
                opened -> handled.add(same(event, opened, PacketEvent.Opened.class)),
                closed -> handled.add(same(event, closed, closed.getClass())),
                rejected -> handled.add(same(event, rejected, PacketEvent.Rejected.class)),
                cancelAnswered -> handled.add(same(event, cancelAnswered, PacketEvent.CancelAnswered.class)));
        assertThat(handled).containsExactly(event.getClass());
    }

    /** What the compiler does not check when a kind of event is added. */
    @Example
    void shouldHaveANameAndADescriptionAndAGeneratorForEveryKind() {
        Set<String> kinds = kindsOf(PacketEvent.class).map(Class::getSimpleName).collect(toCollection(TreeSet::new));
        JsonSubTypes.Type[] named =
                PacketEvent.class.getAnnotation(JsonSubTypes.class).value();

        assertThat(Arrays.stream(named).map(type -> type.value().getSimpleName()))
                .as("kinds with a name in JSON")
                .containsExactlyInAnyOrderElementsOf(kinds);
        assertThat(Arrays.stream(named).map(JsonSubTypes.Type::name))
                .as("names in asyncapi.yaml")
                .containsExactlyInAnyOrderElementsOf(AsyncApi.read().packetEventTypes());
        Set<String> generated = Message.packetEvents()
                .sampleStream()
                .limit(300)
                .map(event -> event.getClass().getSimpleName())
                .collect(toCollection(TreeSet::new));
        assertThat(generated).as("kinds that the tests generate").isEqualTo(kinds);
    }

    @Provide
    Arbitrary<PacketEvent> packetEvents() {
        return Message.packetEvents();
    }

    private static Stream<Class<?>> kindsOf(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(kind -> kind.isSealed() ? kindsOf(kind) : Stream.of(kind));
    }

    private static Class<?> same(PacketEvent expected, PacketEvent passed, Class<?> kind) {
        assertThat(passed).isSameAs(expected);
        return kind;
    }
}
