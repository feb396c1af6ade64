package redpacket.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;

/**
 * A prize of a packet, as in {@link OpenPacket#prizes()}.
 *
 * @param cents of each share; 0 for a blank
 * @param count how many shares of the packet are this prize
 * @param name what awards of this prize carry, for example the name of a coupon; may be absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Prize(long cents, int count, String name) {

    public Prize {
        Fields.optionalText("prizes.name", name, Limits.MAX_PRIZE_NAME_LENGTH);
    }

    /** Reads numbers of any size, as {@link OpenPacket} does. */
    @JsonCreator
    static Prize read(
            @JsonProperty("cents") BigInteger cents,
            @JsonProperty("count") BigInteger count,
            @JsonProperty("name") String name) {
        return new Prize(
                Fields.nearestLong(Fields.required("prizes.cents", cents)),
                Fields.nearestInt(Fields.required("prizes.count", count)),
                name);
    }
}
