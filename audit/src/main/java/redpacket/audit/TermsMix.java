package redpacket.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import redpacket.events.OpenPacket;
import redpacket.events.Prize;
import redpacket.events.Split;

/**
 * Adds terms that few packets have to a command, in every mix: some that no packet can have, most that one can. The
 * same random numbers give the same command.
 */
public final class TermsMix {
    private static final List<String> NAMES = List.of("Main prize", "茶券", "Coupon \"tea\" \\ 🍵");

    private final Random random;
    private final List<String> users;
    private final long mostMillisToStart;

    /**
     * @param users those who grab, at least two
     * @param mostMillisToStart from the opening to the start
     */
    public TermsMix(Random random, List<String> users, long mostMillisToStart) {
        this.random = random;
        this.users = users;
        this.mostMillisToStart = mostMillisToStart;
    }

    /**
     * The command with other terms; often the command itself.
     *
     * @param nowMillis about when the broker will append the command
     */
    public OpenPacket addTo(OpenPacket plain, long nowMillis) {
        if (random.nextInt(3) == 0) {
            return plain;
        }
        OpenPacket command = random.nextInt(4) == 0 ? withPrizes(plain) : plain;
        if (command.split() == Split.RANDOM && random.nextInt(3) == 0) {
            command = withBounds(command);
        }
        if (random.nextInt(4) == 0) {
            command = command.withStart(start(nowMillis));
        }
        if (random.nextInt(4) == 0) {
            command = command.withOnlyUsers(someUsers());
        }
        if (random.nextInt(3) == 0) {
            command = command.withCurrency(random.nextBoolean() ? "CNY" : "tea-points");
        }
        return random.nextInt(4) == 0 ? command.withTitle("恭喜发财 🧧") : command;
    }

    private Long start(long nowMillis) {
        return switch (random.nextInt(8)) {
            case 0 -> -1L;
            case 1 -> 0L;
            case 2 -> nowMillis + 32L * 24 * 3600 * 1000;
            default -> nowMillis + 1 + (long) (random.nextDouble() * mostMillisToStart);
        };
    }

    private OpenPacket withBounds(OpenPacket command) {
        if (command.shares() < 1 || random.nextInt(3) == 0) {
            return command.withBounds((long) random.nextInt(5), (long) random.nextInt(5));
        }
        long mean = Math.max(1, command.totalCents() / command.shares());
        long least = 1 + (long) (random.nextDouble() * mean);
        long most = mean + 1 + (long) (random.nextDouble() * mean);
        return command.withBounds(random.nextInt(4) == 0 ? null : least, random.nextInt(4) == 0 ? null : most);
    }

    private OpenPacket withPrizes(OpenPacket plain) {
        List<Prize> prizes = new ArrayList<>();
        prizes.add(new Prize(1 + random.nextInt(100), 1, name()));
        for (int more = random.nextInt(3); more > 0; more--) {
            prizes.add(new Prize(random.nextInt(3) * 5L, 1 + random.nextInt(3), name()));
        }
        Collections.shuffle(prizes, random);
        if (random.nextInt(5) == 0) {
            prizes.add(new Prize(0, -random.nextInt(2), null));
        }
        OpenPacket command = OpenPacket.ofPrizes(
                plain.packetId(), plain.senderId(), prizes, plain.campaign(), plain.openForMillis());
        return random.nextInt(8) == 0 ? command.withBounds(1L, null) : command;
    }

    private String name() {
        return random.nextBoolean() ? null : NAMES.get(random.nextInt(NAMES.size()));
    }

    private List<String> someUsers() {
        List<String> some = new ArrayList<>(users);
        Collections.shuffle(some, random);
        int most = Math.min(some.size(), 1_000);
        some = new ArrayList<>(some.subList(0, 1 + random.nextInt(most)));
        return switch (random.nextInt(8)) {
            case 0 -> List.of();
            case 1 -> {
                some.add(some.get(0));
                yield some;
            }
            default -> some;
        };
    }
}
