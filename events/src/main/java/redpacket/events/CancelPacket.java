package redpacket.events;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.function.Function;

/**
 * Command on {@code redpacket.opens}: close a packet before its deadline, and give the rest back. The pipeline answers
 * each such command with one {@link PacketEvent.CancelAnswered}.
 *
 * @param senderId who opened the packet; nobody else may cancel it
 * @param reason why, for people: 1 to {@value Limits#MAX_TEXT_LENGTH} characters of any script, no control characters
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonTypeName(CancelPacket.TYPE)
public record CancelPacket(String packetId, String senderId, String reason) implements PacketCommand {
    static final String TYPE = "cancel";

    public CancelPacket {
        Ids.required("packetId", packetId);
        Ids.foreign("senderId", senderId);
        Fields.text("reason", reason, Limits.MAX_TEXT_LENGTH);
    }

    @Override
    public <R> R match(
            Function<? super OpenPacket, ? extends R> open, Function<? super CancelPacket, ? extends R> cancel) {
        return cancel.apply(this);
    }
}
