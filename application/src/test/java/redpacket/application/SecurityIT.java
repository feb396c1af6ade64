package redpacket.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redpacket.events.Topic;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalRedis;

/** Tries docs/security.md: a broker with TLS, passwords and the authorizer, and a Redis with TLS and ACL users. */
class SecurityIT {
    private static final Path PAGE = Shipped.TOP.resolve("docs/security.md");
    private static final String SEED_SECRET = "0123456789abcdef0123456789abcdef";
    private static final String REDIS_PASSWORD = "p@ss/word of redis";

    @TempDir
    private static Path folder;

    private static Certificate certificate;
    private static LocalKafka kafka;
    private static LocalRedis redis;
    private static String redisUri;

    @BeforeAll
    static void start() throws Exception {
        certificate = Certificate.make(folder);
        kafka = LocalKafka.start(brokerSettings());
        int tlsPort = Shipped.freePort();
        redis = LocalRedis.start(redisSettings(tlsPort));
        redisUri = "rediss://redpacket@127.0.0.1:" + tlsPort;
        Map<String, String> environment = environment("admin");
        environment.put(
                "REDPACKET_KAFKA_PROPERTIES",
                plainSettings("admin", passwordOf("admin")).toString());
        assertThat(Run.in(environment, "topics", "--create", "--partitions", "2", "--replication", "1"))
                .extracting(Run::exitCode, Run::err)
                .containsExactly(0, "");
        try (Admin admin = Admin.create(adminSettings())) {
            addUsers(admin);
            allowWhatThePageAllows(admin);
        }
    }

    @AfterAll
    static void stop() {
        redis.close();
        kafka.close();
    }

    @Test
    void shouldAllowExactlyThePagesOperationsWhenThereIsAnAuthorizer() throws Exception {
        try (Shipped topology = topology()) {
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            topology.get("/health/ready").status())
                    .as(topology::log)
                    .isEqualTo(200));

            String[] open = {"open", "--packet", "lunch", "--sender", "me", "--cents", "100", "--shares", "2"};
            Run refused = run("grabber", open);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("Not authorized to access topics: [redpacket.opens]");

            assertThat(run("opener", open))
                    .satisfies(run -> assertThat(run.err()).isEmpty())
                    .satisfies(run -> assertThat(run.exitCode()).isZero());
            assertThat(run("opener", "grab", "--packet", "lunch", "--user", "kim")
                            .err())
                    .contains("Not authorized to access topics: [redpacket.");
            assertThat(run("grabber", "grab", "--packet", "lunch", "--user", "kim"))
                    .satisfies(run -> assertThat(run.err()).isEmpty())
                    .satisfies(run -> assertThat(run.out()).contains("kim won"));
            sendUnreadableGrab();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(run("redriver", "dead-letters", "--redrive"))
                            .isEqualTo(new Run(0, "sent back 1 of 1 dead letters\n", "")));
            assertThat(run("auditor", "audit", "--wait", "5s"))
                    .satisfies(run -> assertThat(run.out() + run.err()).contains("GOOD"))
                    .satisfies(run -> assertThat(run.exitCode()).isZero());
            assertThat(topology.log()).doesNotContain(REDIS_PASSWORD, SEED_SECRET, passwordOf("topology"));
        }
    }

    private static void sendUnreadableGrab() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(adminSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topic.GRABS.topicName(), "lunch".getBytes(UTF_8), "grab!".getBytes(UTF_8)))
                    .get();
        }
    }

    /** The timeout is part of the promise. */
    @ParameterizedTest
    @CsvSource({
        "topology, SCRAM-SHA-512", "sink, SCRAM-SHA-512", "watch, SCRAM-SHA-512",
        "topology, PLAIN", "sink, PLAIN", "watch, PLAIN"
    })
    @Timeout(30)
    void shouldEndWithOneSentenceWhenKafkaRefusesThePassword(String command, String mechanism) throws IOException {
        Path settings =
                mechanism.equals("PLAIN") ? plainSettings("admin", "geheim") : settingsOfThePage("topology", "geheim");
        Map<String, String> environment = environment("topology");
        environment.put("REDPACKET_KAFKA_PROPERTIES", settings.toString());
        environment.put("REDPACKET_HTTP_PORT", "0");

        Run run = Run.in(environment, command);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("redpacket " + command + ": ")
                .contains(
                        "Authentication failed",
                        mechanism.equals("PLAIN") ? "Invalid username or password" : "invalid credentials")
                .doesNotContain("geheim", SEED_SECRET, REDIS_PASSWORD);
        assertThat(run.err().lines()).hasSize(1);
    }

    /** The timeout is part of the promise. */
    @ParameterizedTest
    @ValueSource(strings = {"topology", "sink"})
    @Timeout(30)
    void shouldEndWithOneSentenceWhenRedisRefusesThePassword(String command) throws IOException {
        Map<String, String> environment = environment(command);
        environment.put("REDPACKET_REDIS", "redis://redpacket@127.0.0.1:" + redis.port());
        environment.put("REDPACKET_REDIS_PASSWORD", "geheim");
        environment.put("REDPACKET_HTTP_PORT", "0");

        Run run = Run.in(environment, command);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("Redis at redis://127.0.0.1:" + redis.port() + " refuses the user or the password: ")
                .contains("WRONGPASS")
                .doesNotContain("geheim");
        assertThat(run.err().lines()).hasSize(1);
    }

    private static Shipped topology() throws IOException {
        Map<String, String> environment = environment("topology");
        environment.put(
                "JAVA_TOOL_OPTIONS",
                "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djavax.net.ssl.trustStore=" + certificate.keyStore()
                        + " -Djavax.net.ssl.trustStorePassword=" + Certificate.PASSWORD);
        return Shipped.start("topology", folder, Map.of(), environment);
    }

    private static Run run(String user, String... command) throws IOException {
        return Run.in(environment(user), command);
    }

    private static Map<String, String> environment(String user) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("REDPACKET_KAFKA", kafka.bootstrapServers());
        environment.put(
                "REDPACKET_KAFKA_PROPERTIES",
                settingsOfThePage(user, passwordOf(user)).toString());
        environment.put("REDPACKET_REDIS", redisUri);
        environment.put("REDPACKET_REDIS_PASSWORD", REDIS_PASSWORD);
        environment.put("REDPACKET_SEED_SECRET", SEED_SECRET);
        return environment;
    }

    /** Uses SCRAM and the file that the page shows. */
    private static Path settingsOfThePage(String user, String password) throws IOException {
        Matcher block = Pattern.compile("```\\n(security\\.protocol=.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        return Files.writeString(
                folder.resolve(user + "-" + password + ".properties"),
                block.group(1)
                        .replace(
                                "/etc/redpacket/kafka-ca.pem", certificate.pem().toString())
                        .replace("username=\"topology\" password=\"...\"", credentials(user, password)));
    }

    private static Path plainSettings(String user, String password) throws IOException {
        return Files.writeString(
                folder.resolve(user + "-" + password + "-plain.properties"),
                String.join(
                        "\n",
                        "security.protocol=SASL_SSL",
                        "ssl.truststore.type=PEM",
                        "ssl.truststore.location=" + certificate.pem(),
                        "sasl.mechanism=PLAIN",
                        "sasl.jaas.config=" + plainLogin(user, password) + ";"));
    }

    private static String plainLogin(String user, String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required " + credentials(user, password);
    }

    private static String credentials(String user, String password) {
        return "username=\"" + user + "\" password=\"" + password + "\"";
    }

    private static String passwordOf(String user) {
        return "of-" + user;
    }

    private static Map<String, Object> adminSettings() throws IOException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        Files.readAllLines(plainSettings("admin", passwordOf("admin")))
                .forEach(line -> settings.put(line.split("=", 2)[0], line.split("=", 2)[1]));
        return settings;
    }

    /** Uses SCRAM, in which Kafka stores its users. */
    private static void addUsers(Admin admin) throws Exception {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096);
        List<UserScramCredentialAlteration> users = Stream.of(
                        "opener", "grabber", "topology", "sink", "auditor", "redriver")
                .<UserScramCredentialAlteration>map(
                        user -> new UserScramCredentialUpsertion(user, scram, passwordOf(user)))
                .toList();
        admin.alterUserScramCredentials(users).all().get();
    }

    private static void allowWhatThePageAllows(Admin admin) throws Exception {
        List<AclBinding> allowed = AclCommands.of(PAGE);
        assertThat(allowed).hasSizeGreaterThan(10);
        admin.createAcls(allowed).all().get();
    }

    private static Map<String, String> brokerSettings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        // The administrator must be able to sign in before users exist.
        settings.put(
                "listener.name.clients.plain.sasl.jaas.config",
                plainLogin("admin", passwordOf("admin")) + " user_admin=\"" + passwordOf("admin") + "\";");
        settings.put(
                "listener.name.clients.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", certificate.keyStore().toString());
        settings.put("ssl.keystore.password", Certificate.PASSWORD);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", certificate.pem().toString());
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // The controller has its own listener without a password.
        settings.put("super.users", "User:admin;User:ANONYMOUS");
        return settings;
    }

    /** The user gets the rules of all lines of the page that begin with "ACL SETUSER redpacket". */
    private static String[] redisSettings(int tlsPort) throws IOException {
        String setUser = "ACL SETUSER redpacket ";
        List<String> rules = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith(setUser))
                .map(line -> line.substring(setUser.length()))
                .toList();
        assertThat(rules).isNotEmpty();
        String user = "redpacket " + String.join(" ", rules);
        Path users = folder.resolve("users.acl");
        // A clear-text password in this file would end at a space, so the file has its hash.
        Files.writeString(
                users, "user default off\nuser " + user.replace(">PASSWORD", "#" + sha256(REDIS_PASSWORD)) + "\n");
        return new String[] {
            "--aclfile", users.toString(),
            "--tls-port", String.valueOf(tlsPort),
            "--tls-cert-file", certificate.pem().toString(),
            "--tls-key-file", certificate.privateKey().toString(),
            "--tls-ca-cert-file", certificate.pem().toString(),
            "--tls-auth-clients", "no"
        };
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
