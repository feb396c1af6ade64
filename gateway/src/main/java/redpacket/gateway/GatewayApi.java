package redpacket.gateway;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Ids;
import redpacket.events.ImpossibleTerms;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.TraceContext;
import redpacket.gateway.access.Access;
import redpacket.gateway.access.Client;
import redpacket.gateway.access.Role;
import redpacket.producer.PacketClient;
import redpacket.producer.UnknownAnswerException;
import redpacket.reader.Committed;
import redpacket.service.HttpServer;

/** Opens packets and grabs for clients of HTTP. An answer is written when the pipeline has committed it. */
final class GatewayApi implements HttpServer.Part {
    private static final String PREFER = "Prefer";
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** An attribute of a request. */
    private static final String CLIENT = "client";

    private final Access access;
    private final Duration patience;
    private final Supplier<Optional<PacketClient>> client;
    private final UserEvents events;
    private final Executor writers;
    private final RequestMeters meters;
    private final byte[] description;

    /**
     * @param patience how long a request waits at most
     * @param client empty while requests cannot be sent
     * @param events for those who listen to a user's results
     * @param writers threads that write answers
     */
    GatewayApi(
            Access access,
            Duration patience,
            Supplier<Optional<PacketClient>> client,
            UserEvents events,
            Executor writers,
            RequestMeters meters) {
        this.access = access;
        this.patience = patience;
        this.client = client;
        this.events = events;
        this.writers = writers;
        this.meters = meters;
        try (InputStream in = GatewayApi.class.getResourceAsStream("openapi.yaml")) {
            this.description = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void addTo(JavalinConfig config) {
        config.routes.post("/packets", ctx -> {
            meters.begin("open", ctx);
            open(ctx);
        });
        config.routes.post("/packets/{packetId}/grabs", ctx -> {
            meters.begin("grab", ctx);
            grab(ctx);
        });
        config.routes.after(meters::end);
        SseHandler stream = new SseHandler(this::stream);
        config.routes.get("/users/{userId}/events", ctx -> {
            ctx.attribute(CLIENT, requireEventStream(ctx));
            stream.handle(ctx);
        });
        HttpServer.get(config, "/openapi.yaml", ctx -> ctx.contentType("application/yaml")
                .result(description));
        config.routes.exception(
                InvalidEventException.class, (e, ctx) -> HttpServer.error(ctx, HttpStatus.BAD_REQUEST, e.getMessage()));
    }

    /** Nothing else is answered: a request that was sent is not known to have failed. */
    private record Pending(String message) {}

    private record Refused(String error, PacketEvent.Reason reason) {}

    private void open(Context ctx) {
        Client client = access.require(Role.OPENER, ctx);
        OpenPacket command = Json.readOpen(body(ctx));
        client.requireUser("senderId", command.senderId());
        Optional<ImpossibleTerms> impossible = ImpossibleTerms.of(command);
        if (impossible.isPresent()) {
            refuse(ctx, impossible.get().reason(), impossible.get().detail());
            return;
        }
        connected(ctx)
                .ifPresent(kafka -> answer(
                        ctx,
                        kafka.open(command, trace(ctx)),
                        answer -> answer.handle(
                                opened -> json(ctx, HttpStatus.CREATED, Json.write(opened)),
                                closed -> {},
                                rejected -> refuse(ctx, rejected.reason(), rejected.detail()),
                                cancelAnswered -> {})));
    }

    private static void refuse(Context ctx, PacketEvent.Reason reason, String detail) {
        boolean isTaken = reason == PacketEvent.Reason.OTHER_TERMS;
        ctx.status(isTaken ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT)
                .json(new Refused(detail, reason));
    }

    private void grab(Context ctx) {
        Client client = access.require(Role.GRABBER, ctx);
        Grab grab = GrabRequest.read(ctx.pathParam("packetId"), body(ctx), ctx.header(IDEMPOTENCY_KEY), client);
        connected(ctx)
                .ifPresent(kafka -> answer(
                        ctx, kafka.grab(grab, trace(ctx)), award -> json(ctx, HttpStatus.OK, Json.write(award))));
    }

    private Client requireEventStream(Context ctx) {
        Client client = access.require(Role.READER, ctx);
        client.requireUser("userId", Ids.foreign("userId", ctx.pathParam("userId")));
        String accepted = ctx.header(Header.ACCEPT);
        if (accepted == null || !accepted.contains("text/event-stream")) {
            throw new HttpResponseException(HttpStatus.NOT_ACCEPTABLE.getCode(), "Send Accept: text/event-stream.");
        }
        return client;
    }

    /** Occupies a thread while the connection is open. */
    private void stream(SseClient stream) {
        Client client = stream.ctx().attribute(CLIENT);
        try {
            events.listen(
                    stream.ctx().pathParam("userId"),
                    stream.ctx().header(LAST_EVENT_ID),
                    new SseListener(stream, client.until()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param until when the client has to present a new token */
    private record SseListener(SseClient stream, Instant until) implements UserEvents.Listener {
        @Override
        public boolean result(String id, Committed<AwardResult> award) {
            return send("result", TracedResult.json(award), id);
        }

        @Override
        public boolean position(String id) {
            return send("position", "{}", id);
        }

        @Override
        public boolean gap(String id) {
            return send("gap", "{}", id);
        }

        private boolean send(String event, String json, String id) {
            if (!Instant.now().isBefore(until)) {
                return false;
            }
            stream.sendEvent(event, json, id);
            return !stream.terminated();
        }
    }

    /** Of two parents none is valid. A state may be divided among several headers. */
    private static TraceContext trace(Context ctx) {
        String parent = ctx.header(TraceContext.PARENT_HEADER);
        if (parent == null) {
            return TraceContext.NONE;
        }
        List<String> parents = Collections.list(ctx.req().getHeaders(TraceContext.PARENT_HEADER));
        List<String> states = Collections.list(ctx.req().getHeaders(TraceContext.STATE_HEADER));
        return TraceContext.of(parents.size() == 1 ? parent : null, states.isEmpty() ? null : String.join(",", states));
    }

    /** A page in a browser can send other types to any host without asking, but not this one. */
    private static byte[] body(Context ctx) {
        String type = ctx.contentType();
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new HttpResponseException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE.getCode(), "Send Content-Type: application/json.");
        }
        return ctx.bodyAsBytes();
    }

    private Optional<PacketClient> connected(Context ctx) {
        Optional<PacketClient> connected = client.get();
        if (connected.isEmpty()) {
            HttpServer.unavailable(ctx, "The gateway takes no requests at present. Nothing was sent.");
        }
        return connected;
    }

    private <A> void answer(Context ctx, CompletableFuture<A> asked, Consumer<A> tell) {
        Duration wait = Wait.of(ctx.header(PREFER), patience);
        // Null stands for an answer that did not come in time.
        ctx.future(() -> asked.completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (answer, failure) -> {
                            if (answer != null) {
                                tell.accept(answer);
                            } else if (failure == null) {
                                pending(ctx, wait);
                            } else {
                                failed(ctx, failure);
                            }
                            return null;
                        },
                        writers));
    }

    private void failed(Context ctx, Throwable failure) {
        if (failure instanceof UnknownAnswerException unknown
                && unknown.stored().isPresent()) {
            pending(ctx, patience);
        } else {
            HttpServer.unavailable(ctx, failure.getMessage());
        }
    }

    private static void pending(Context ctx, Duration waited) {
        if (ctx.header(PREFER) != null) {
            ctx.header("Preference-Applied", "wait=" + waited.toSeconds());
        }
        ctx.header(Header.RETRY_AFTER, "1")
                .status(HttpStatus.ACCEPTED)
                .json(new Pending("No answer within " + waited.toMillis()
                        + " ms. Send the same request again, with the same ids: the answer is the same."));
    }

    private static void json(Context ctx, HttpStatus status, byte[] event) {
        ctx.status(status).contentType("application/json").result(event);
    }
}
