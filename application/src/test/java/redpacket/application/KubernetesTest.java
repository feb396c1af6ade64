package redpacket.application;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.google.gson.Gson;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1HTTPGetAction;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1Probe;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/**
 * The manifests in {@code deploy/kubernetes} follow the schemas that Kubernetes publishes, and fit the commands that
 * ship. The classes of the official Java client are generated from these schemas; they refuse unknown fields.
 */
class KubernetesTest {
    private static final Path FOLDER = Shipped.TOP.resolve("deploy").resolve("kubernetes");
    private static final String KUSTOMIZATION = "kustomization.yaml";
    private static final Gson SCHEMAS = JSON.getGson();

    private static final Map<String, Class<? extends KubernetesObject>> KINDS = Map.of(
            "apps/v1 Deployment", V1Deployment.class,
            "apps/v1 StatefulSet", V1StatefulSet.class,
            "batch/v1 Job", V1Job.class,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class,
            "v1 ConfigMap", V1ConfigMap.class,
            "v1 Namespace", V1Namespace.class,
            "v1 Service", V1Service.class);

    /** A document of a file. */
    record Manifest(String file, Map<String, Object> content) {
        KubernetesObject parsed() {
            return parse(content);
        }

        @Override
        public String toString() {
            return file + ": " + content.get("kind");
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void shouldFollowThePublishedSchema(Manifest manifest) {
        assertThat(manifest.parsed().getMetadata().getName()).isNotBlank();
    }

    @Test
    void shouldBeCaughtWhenAManifestIsWrong() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> parse(
                        Map.of("apiVersion", "apps/v1", "kind", "StatefulSet", "spec", Map.of("selector", Map.of()))))
                .withMessageContaining("template");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> parse(Map.of(
                        "apiVersion", "policy/v1", "kind", "PodDisruptionBudget", "spec", Map.of("minAvailible", 1))))
                .withMessageContaining("minAvailible");
    }

    @Test
    void shouldListEveryFile() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(KUSTOMIZATION))
                    .toList();
            assertThat(documents(FOLDER.resolve(KUSTOMIZATION)).get(0).get("resources"))
                    .asInstanceOf(LIST)
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @ParameterizedTest
    @MethodSource("pods")
    void shouldStartCommandsWithOptionsThatExist(V1PodTemplateSpec pod) {
        V1Container container = containerOf(pod);
        CommandLine root = new CommandLine(new RedPacket());
        RedPacket.addCommands(root);
        CommandLine command = root.getSubcommands().get(container.getArgs().get(0));
        assertThat(command).isNotNull();
        Set<String> options = command.getCommandSpec().optionsMap().keySet();
        Set<String> variables = options.stream()
                .filter(option -> option.startsWith("--"))
                .map(option -> "REDPACKET_"
                        + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_'))
                .collect(toSet());
        variables.add("REDPACKET_LOG_FORMAT");

        assertThat(container.getArgs())
                .filteredOn(word -> word.startsWith("--"))
                .isSubsetOf(options);
        assertThat(environmentOf(container).keySet())
                .filteredOn(name -> name.startsWith("REDPACKET_"))
                .isNotEmpty()
                .isSubsetOf(variables);
    }

    @ParameterizedTest
    @MethodSource("pods")
    void shouldTakeValuesFromTheConfigMapThatHasThem(V1PodTemplateSpec pod) {
        Map<String, String> values =
                all(V1ConfigMap.class).findFirst().orElseThrow().getData();

        assertThat(containerOf(pod).getEnv())
                .filteredOn(variable -> variable.getValueFrom() != null
                        && variable.getValueFrom().getConfigMapKeyRef() != null)
                .allSatisfy(variable -> assertThat(values)
                        .containsKey(
                                variable.getValueFrom().getConfigMapKeyRef().getKey())
                        .containsKey(variable.getName()));
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldProbeThePathsThatAreServed(V1PodTemplateSpec pod) {
        V1Container container = containerOf(pod);

        assertThat(pathOf(container, container.getStartupProbe())).isEqualTo("/health/live");
        assertThat(pathOf(container, container.getLivenessProbe())).isEqualTo("/health/live");
        assertThat(pathOf(container, container.getReadinessProbe())).isEqualTo("/health/ready");
        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry("prometheus.io/port", environmentOf(container).get("REDPACKET_HTTP_PORT"))
                .containsEntry("prometheus.io/path", "/metrics");
    }

    @ParameterizedTest
    @MethodSource("pods")
    void shouldRunWithoutRights(V1PodTemplateSpec pod) {
        V1Container container = containerOf(pod);

        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(userOfTheImage());
        assertThat(pod.getSpec().getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        assertThat(container.getResources().getLimits().get("memory"))
                .isEqualTo(container.getResources().getRequests().get("memory"));
    }

    /** The root of the container cannot be written to, and no secret is in the environment. */
    @ParameterizedTest
    @MethodSource("pods")
    void shouldMountEveryFolderThatItNeeds(V1PodTemplateSpec pod) {
        V1Container container = containerOf(pod);
        Map<String, Boolean> readOnly = container.getVolumeMounts().stream()
                .collect(toMap(mount -> mount.getMountPath(), mount -> Boolean.TRUE.equals(mount.getReadOnly())));

        assertThat(readOnly).containsEntry("/tmp", false).containsEntry("/etc/redpacket", true);
        environmentOf(container).forEach((name, value) -> {
            assertThat(name)
                    .doesNotEndWith("_SECRET")
                    .doesNotEndWith("_PASSWORD")
                    .doesNotEndWith("_TOKENS");
            if (name.endsWith("_FILE") || name.endsWith("_PROPERTIES")) {
                assertThat(value).startsWith("/etc/redpacket/");
            } else if (name.endsWith("_DIR")) {
                assertThat(readOnly).containsEntry(value, false);
            }
        });
    }

    @Test
    void shouldSelectPodsThatExist() {
        all(V1Service.class)
                .forEach(service -> assertSelectsPods(
                        new V1LabelSelector().matchLabels(service.getSpec().getSelector())));
        all(V1PodDisruptionBudget.class)
                .forEach(budget -> assertSelectsPods(budget.getSpec().getSelector()));
        all(V1NetworkPolicy.class)
                .forEach(policy -> assertSelectsPods(policy.getSpec().getPodSelector()));
        all(V1StatefulSet.class).forEach(set -> assertThat(
                        set.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels()));
        all(V1Deployment.class).forEach(deployment -> assertThat(
                        deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels()));
    }

    /** Every port that a pod opens must be reachable by somebody, because everything else is forbidden. */
    @Test
    void shouldNamePortsThatPodsOpen() {
        Set<String> opened = services()
                .flatMap(pod -> containerOf(pod).getPorts().stream())
                .map(port -> port.getName())
                .collect(toSet());
        Set<String> allowed = all(V1NetworkPolicy.class)
                .flatMap(policy -> Stream.ofNullable(policy.getSpec().getIngress())
                        .flatMap(List::stream)
                        .flatMap(rule -> rule.getPorts().stream()))
                .map(port -> port.getPort().getStrValue())
                .collect(toSet());
        Set<String> served = all(V1Service.class)
                .flatMap(service -> service.getSpec().getPorts().stream())
                .map(port -> port.getTargetPort().getStrValue())
                .collect(toSet());

        assertThat(allowed).isEqualTo(opened);
        assertThat(served).isSubsetOf(opened);
    }

    private static void assertSelectsPods(V1LabelSelector selector) {
        assertThat(pods())
                .as("%s", selector)
                .anyMatch(pod -> matches(selector, pod.getMetadata().getLabels()));
    }

    private static boolean matches(V1LabelSelector selector, Map<String, String> labels) {
        boolean hasLabels = selector.getMatchLabels() == null
                || labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
        return hasLabels
                && Stream.ofNullable(selector.getMatchExpressions())
                        .flatMap(List::stream)
                        .allMatch(rule -> rule.getOperator().equals("In")
                                && rule.getValues().contains(labels.get(rule.getKey())));
    }

    private static String pathOf(V1Container container, V1Probe probe) {
        V1HTTPGetAction get = probe.getHttpGet();
        assertThat(container.getPorts())
                .filteredOn(port -> port.getName().equals(get.getPort().getStrValue()))
                .singleElement()
                .satisfies(port -> assertThat(port.getContainerPort())
                        .hasToString(environmentOf(container).get("REDPACKET_HTTP_PORT")));
        return get.getPath();
    }

    private static long userOfTheImage() {
        try (Stream<String> lines = Files.lines(Shipped.TOP.resolve("Dockerfile"))) {
            return lines.filter(line -> line.startsWith("USER "))
                    .mapToLong(line -> Long.parseLong(line.substring(5)))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Variables with their values; empty where the value comes from elsewhere. */
    private static Map<String, String> environmentOf(V1Container container) {
        return container.getEnv().stream()
                .collect(toMap(V1EnvVar::getName, variable -> variable.getValue() == null ? "" : variable.getValue()));
    }

    private static V1Container containerOf(V1PodTemplateSpec pod) {
        assertThat(pod.getSpec().getContainers()).hasSize(1);
        return pod.getSpec().getContainers().get(0);
    }

    static Stream<V1PodTemplateSpec> pods() {
        return Stream.concat(
                services(), all(V1Job.class).map(job -> job.getSpec().getTemplate()));
    }

    /** Pods that run until they are stopped. */
    static Stream<V1PodTemplateSpec> services() {
        return Stream.concat(
                all(V1StatefulSet.class).map(set -> set.getSpec().getTemplate()),
                all(V1Deployment.class).map(deployment -> deployment.getSpec().getTemplate()));
    }

    private static <T extends KubernetesObject> Stream<T> all(Class<T> kind) {
        return manifests().map(Manifest::parsed).filter(kind::isInstance).map(kind::cast);
    }

    static Stream<Manifest> manifests() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Manifest> manifests = new ArrayList<>();
            files.filter(file -> !file.endsWith(KUSTOMIZATION)).sorted().forEach(file -> documents(file)
                    .forEach(content ->
                            manifests.add(new Manifest(file.getFileName().toString(), content))));
            return manifests.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> documents(Path file) {
        try {
            Iterable<Object> all = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(file));
            return StreamSupport.stream(all.spliterator(), false)
                    .map(document -> (Map<String, Object>) document)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KubernetesObject parse(Map<String, Object> content) {
        String kind = content.get("apiVersion") + " " + content.get("kind");
        assertThat(KINDS).containsKey(kind);
        return SCHEMAS.fromJson(SCHEMAS.toJson(content), KINDS.get(kind));
    }
}
