package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import redpacket.connection.Topics;

class PartsIT {
    @Test
    void shouldHaveAllTopicsInOrderWhenStarted() {
        try (Admin admin = Admin.create(Parts.shared().kafka().clientSettings())) {
            assertThat(Topics.check(admin)).isEmpty();
        }
    }
}
