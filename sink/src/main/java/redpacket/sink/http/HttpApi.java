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

/** Packets, winners, awards of users, statistics and the health of the sink, as JSON. */
public final class HttpApi implements HttpServer.Part {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final Views views;
    private final BuildingWatch building;
    private final Supplier<ReadModel.Status> status;
    private final Supplier<Optional<LedgerHealth>> ledger;
    private final byte[] description;

    /**
     * Answers from the views.
     *
     * @param building how the read model is built, for {@code /health}
     * @param status of the read model, for {@code /health}
     * @param ledger health of the ledger; empty for a sink without a ledger
     */
    public HttpApi(
            Views views,
            BuildingWatch building,
            Supplier<ReadModel.Status> status,
            Supplier<Optional<LedgerHealth>> ledger) {
        this.views = views;
        this.building = building;
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
        HttpServer.get(config, "/stats/all/windows", ctx -> windows(ctx, null));
        HttpServer.get(config, "/stats/campaign/{campaign}/windows", ctx -> windows(ctx, ctx.pathParam("campaign")));
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
                (e, ctx) -> HttpServer.unavailable(ctx, "Redis is unavailable: " + RedisConnection.reasonOf(e)));
    }

    /** Winners in the order of their shares. {@code nextAfter} is null on the last page. */
    private record WinnersPage(String packetId, List<Award> winners, Integer nextAfter) {}

    private record PacketPage(@JsonUnwrapped PacketView packet, List<Award> winners, Integer nextAfter) {}

    private record AwardsPage(String userId, List<Award> awards, String nextAfter) {}

    private record Windows(String scope, List<WindowStats> windows) {}

    /**
     * The health of the sink.
     *
     * @param live false if only a restart can help
     * @param ready whether the sink can answer
     * @param rebuilding whether a new generation of the read model is being built
     * @param built how much of the new generation is built, from 0 to 1
     * @param partitions that this instance reads
     * @param lag records that this instance has not read yet
     * @param trouble null if the read model makes progress
     * @param ledger null for a sink without a ledger
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
                        "Packet " + packetId + " is unknown: it was never opened, or it has been forgotten."));
    }

    private WinnersPage winnersOf(PacketView packet, Context ctx) {
        int first = number(ctx, "after", -1, -1, Integer.MAX_VALUE - 1) + 1;
        // More users may have won since the view was read. The page must agree with the view.
        int limit = Math.min(limit(ctx), Math.max(0, packet.awardedShares() - first));
        List<Award> winners = limit == 0 ? List.of() : views.winners(packet.packetId(), first, limit);
        int next = first + winners.size();
        return new WinnersPage(
                packet.packetId(), winners, next < packet.awardedShares() && !winners.isEmpty() ? next - 1 : null);
    }

    private void awards(Context ctx) {
        String userId = Ids.foreign("userId", ctx.pathParam("userId"));
        int limit = limit(ctx);
        // One award more than requested shows whether there is a next page.
        List<Award> awards = awardsAfter(ctx, userId, limit + 1);
        boolean more = awards.size() > limit;
        List<Award> page = more ? awards.subList(0, limit) : awards;
        ctx.json(new AwardsPage(userId, page, more ? page.get(limit - 1).cursor() : null));
    }

    private void windows(Context ctx, String campaignOrNull) {
        // The last scope is the narrowest: with the currency if one is asked for, else without.
        List<String> scopes = WindowStats.scopesOf(campaignOrNull, currency(ctx));
        String scope = scopes.get(scopes.size() - 1);
        ctx.json(new Windows(scope, views.windows(scope, limit(ctx))));
    }

    private static String currency(Context ctx) {
        String currency = ctx.queryParam("currency");
        if (currency != null && !WindowStats.isCurrency(currency)) {
            throw new BadRequestResponse("currency is not valid: it is neither of ISO 4217 nor a name of points");
        }
        return currency;
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
        BuildingWatch.Seen seen = building.seen();
        return new Health(
                now.running(),
                now.running() && seen.building().serving(),
                seen.building().rebuilding(),
                seen.building().share(),
                now.partitions(),
                now.lag(),
                seen.trouble() == null ? now.trouble() : seen.trouble(),
                ledger.get().orElse(null));
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
            // Reported below, like a number out of range.
        }
        throw new BadRequestResponse(
                "%s is %s; it must be a whole number from %d to %d".formatted(name, text, least, most));
    }

    private List<Award> awardsAfter(Context ctx, String userId, int limit) {
        try {
            return views.awards(userId, ctx.queryParam("after"), limit);
        } catch (IllegalArgumentException e) {
            throw new BadRequestResponse("after is not valid: use the nextAfter of the page before");
        }
    }
}
