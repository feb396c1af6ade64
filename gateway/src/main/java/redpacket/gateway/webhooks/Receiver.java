package redpacket.gateway.webhooks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Sends requests to the URL of a receiver. Thread-safe. */
final class Receiver {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI url;
    private final WebhookSecrets secrets;
    private final Duration timeout;
    private final MeterRegistry registry;
    private final Counter delivered;
    private final HttpClient client = HttpClient.newBuilder()
            // Many servers do not know the upgrade to HTTP/2 that Java would ask for.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            // A receiver must not send what it gets to another address.
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** @param timeout of a request as a whole */
    Receiver(URI url, WebhookSecrets secrets, Duration timeout, MeterRegistry registry) {
        this.url = url;
        this.secrets = secrets;
        this.timeout = timeout;
        this.registry = registry;
        this.delivered = Counter.builder("redpacket.webhook.events")
                .description("Events that the receiver has taken, repeated deliveries included")
                .register(registry);
    }

    /** The request was answered with another status than 2xx. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(int status) {
            super("HTTP " + status);
        }
    }

    /**
     * Delivers events in one request.
     *
     * @return completes when the receiver has answered with 2xx; fails otherwise, at the latest after the timeout
     */
    CompletableFuture<Void> send(List<WebhookEvent> events) {
        String id = events.get(0).id() + "-" + events.get(events.size() - 1).offset();
        long timestampSeconds = Instant.now().getEpochSecond();
        byte[] body = WebhookEvent.body(events);
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("User-Agent", "redpacket-webhooks")
                .header("webhook-id", id)
                .header("webhook-timestamp", String.valueOf(timestampSeconds))
                .header("webhook-signature", secrets.sign(id, timestampSeconds, body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        long beganNanos = System.nanoTime();
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request, BodyHandlers.discarding());
        // Includes the body of the answer, for which the client has no timeout.
        return answer.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    answer.cancel(true);
                    int status = response == null ? 0 : response.statusCode();
                    measure(status, System.nanoTime() - beganNanos);
                    if (failure != null) {
                        throw failure instanceof CompletionException known ? known : new CompletionException(failure);
                    }
                    if (status / 100 != 2) {
                        throw new CompletionException(new RefusedException(status));
                    }
                    delivered.increment(events.size());
                    return null;
                });
    }

    private void measure(int status, long nanos) {
        Timer.builder("redpacket.webhook.requests")
                .description("Requests to the receiver by status, which is none if it did not answer")
                .tag("status", status == 0 ? "none" : String.valueOf(status))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    Duration timeout() {
        return timeout;
    }

    /** Without the path and the query, which may contain a secret. */
    @Override
    public String toString() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }
}
