package redpacket.sink.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import redpacket.clients.RedisConnection;
import redpacket.events.Ids;
import redpacket.events.InvalidEventException;
import redpacket.events.WindowStats;
import redpacket.ledger.LedgerHealth;
import redpacket.service.HttpServer;
import redpacket.sink.readmodel.Award;
import redpacket.sink.readmodel.NotServingException;
import redpacket.sink.readmodel.PacketView;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Views;

/** Packets, winners, users' awards and statistics as JSON, and whether the sink is well. */
public final class HttpApi implements HttpServer.Part {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final Views views;
    private final Supplier<ReadModel.Status> status;
    private final Supplier<Optional<LedgerHealth>> ledger;
    private final byte[] description;

    /**
     * Reads from the views; takes from the status how well they are kept.
     *
     * @param ledger how the ledger of this sink is doing, if it keeps one
     */
    public HttpApi(Views views, Supplier<ReadModel.Status> status, Supplier<Optional<LedgerHealth>> ledger) {
        this.views = views;
        this.status = status;
        this.ledger = ledger;
        try (InputStream in = HttpApi.class.getResourceAsStream("openapi.yaml")) {
            this.description = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void addTo(JavalinConfig config) {
        HttpServer.get(config, "/packets/{packetId}", this::packet);
        HttpServer.get(config, "/packets/{packetId}/winners", this::winners);
        HttpServer.get(config, "/users/{userId}/awards", this::awards);
        HttpServer.get(config, "/stats/all/windows", ctx -> windows(ctx, WindowStats.ALL));
        HttpServer.get(
                config,
                "/stats/campaign/{campaign}/windows",
                ctx -> windows(ctx, WindowStats.scopeOfCampaign(ctx.pathParam("campaign"))));
        HttpServer.get(config, "/health", this::health);
        HttpServer.get(config, "/health/ready", this::health);
        HttpServer.get(config, "/health/live", this::live);
        HttpServer.get(config, "/openapi.yaml", ctx -> ctx.contentType("application/yaml")
                .result(description));
        config.routes.exception(
                InvalidEventException.class, (e, ctx) -> HttpServer.error(ctx, HttpStatus.BAD_REQUEST, e.getMessage()));
        config.routes.exception(NotServingException.class, (e, ctx) -> HttpServer.unavailable(ctx, e.getMessage()));
        config.routes.exception(
                RedisException.class,
                (e, ctx) -> HttpServer.unavailable(ctx, "Redis is away: " + RedisConnection.reasonOf(e)));
    }

    /** Winners from an index on; {@code nextAfter} is null on the last page. */
    private record WinnersPage(String packetId, List<Award> winners, Integer nextAfter) {}

    private record PacketPage(@JsonUnwrapped PacketView packet, List<Award> winners, Integer nextAfter) {}

    private record AwardsPage(String userId, List<Award> awards, String nextAfter) {}

    private record Windows(String scope, List<WindowStats> windows) {}

    /**
     * Whether the sink is well.
     *
     * @param live false when only a restart can help
     * @param ready whether it can answer
     * @param rebuilding whether a new generation of the read model is being built
     * @param built the share of it that is built, from 0 to 1
     * @param lag records that this instance has still to read
     * @param ledger null when this sink keeps none
     */
    private record Health(
            boolean live,
            boolean ready,
            boolean rebuilding,
            double built,
            int partitions,
            long lag,
            String trouble,
            LedgerHealth ledger) {}

    private void packet(Context ctx) {
        PacketView packet = knownPacket(ctx);
        WinnersPage page = winnersOf(packet, ctx);
        ctx.json(new PacketPage(packet, page.winners, page.nextAfter));
    }

    private void winners(Context ctx) {
        ctx.json(winnersOf(knownPacket(ctx), ctx));
    }

    private PacketView knownPacket(Context ctx) {
        String packetId = Ids.required("packetId", ctx.pathParam("packetId"));
        return views.packet(packetId)
                .orElseThrow(() -> new NotFoundResponse(
                        "No packet " + packetId + " is known: it was never opened, or is forgotten."));
    }

    private WinnersPage winnersOf(PacketView packet, Context ctx) {
        int first = number(ctx, "after", -1, -1, Integer.MAX_VALUE - 1) + 1;
        // Of those that the view counts, even if more have won since it was read.
        int limit = Math.min(limit(ctx), Math.max(0, packet.awardedShares() - first));
        List<Award> winners = limit == 0 ? List.of() : views.winners(packet.packetId(), first, limit);
        int next = first + winners.size();
        return new WinnersPage(
                packet.packetId(), winners, next < packet.awardedShares() && !winners.isEmpty() ? next - 1 : null);
    }

    private void awards(Context ctx) {
        String userId = Ids.required("userId", ctx.pathParam("userId"));
        int limit = limit(ctx);
        // One more than asked for tells whether there is a next page.
        List<Award> awards = awardsAfter(ctx, userId, limit + 1);
        boolean more = awards.size() > limit;
        List<Award> page = more ? awards.subList(0, limit) : awards;
        ctx.json(new AwardsPage(userId, page, more ? page.get(limit - 1).cursor() : null));
    }

    private void windows(Context ctx, String scope) {
        ctx.json(new Windows(scope, views.windows(scope, limit(ctx))));
    }

    private void health(Context ctx) {
        Health health = health();
        ctx.status(health.ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .json(health);
    }

    private void live(Context ctx) {
        Health health = health();
        ctx.status(health.live ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE).json(health);
    }

    private Health health() {
        ReadModel.Status now = status.get();
        try {
            Views.Building building = views.building();
            return new Health(
                    now.running(),
                    now.running() && building.serving(),
                    building.rebuilding(),
                    building.share(),
                    now.partitions(),
                    now.lag(),
                    now.trouble(),
                    ledger.get().orElse(null));
        } catch (RedisException e) {
            return new Health(
                    now.running(),
                    false,
                    false,
                    0,
                    now.partitions(),
                    now.lag(),
                    "Redis is away: " + RedisConnection.reasonOf(e),
                    ledger.get().orElse(null));
        }
    }

    private static int limit(Context ctx) {
        return number(ctx, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    }

    private static int number(Context ctx, String name, int otherwise, int least, int most) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new BadRequestResponse("%s is not a whole number from %d to %d".formatted(name, least, most));
    }

    private List<Award> awardsAfter(Context ctx, String userId, int limit) {
        try {
            return views.awards(userId, ctx.queryParam("after"), limit);
        } catch (IllegalArgumentException e) {
            throw new BadRequestResponse("after is not the nextAfter of an answer");
        }
    }
}
