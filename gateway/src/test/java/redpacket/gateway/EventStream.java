package redpacket.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;

/** Server-sent events, as a client reads them. */
record EventStream(BufferedReader lines) implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    record Event(String kind, String id, String data) {}

    static EventStream open(Gateway gateway, String token, String userId, String lastEventId) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.port() + "/users/" + userId + "/events"))
                .headers("Accept", "text/event-stream", "Authorization", "Bearer " + token);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> response = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        return new EventStream(new BufferedReader(new InputStreamReader(response.body(), UTF_8)));
    }

    Event next() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return new Event(fields.get("event"), fields.get("id"), fields.get("data"));
    }

    /** The next result, which must be that of a grab. */
    Event nextResult(String grabId) throws IOException {
        Event event = next();
        while (event.kind().equals("position")) {
            event = next();
        }
        assertThat(event.kind()).isEqualTo("result");
        assertThat(event.data()).contains("\"grabId\":\"" + grabId + "\"");
        return event;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
