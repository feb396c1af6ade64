package redpacket.sink.readmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redpacket.events.PacketEvent;
import redpacket.events.Prize;

/** The terms that few packets have, in the hash of a packet. A term that a packet does not have has no field. */
final class SpecialFields {
    private static final JsonMapper JSON = new JsonMapper();

    private SpecialFields() {}

    static Map<String, Object> of(PacketEvent.Opened opened) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("startsAtMillis", opened.startsAtMillis());
        fields.put("minCents", opened.minCents());
        fields.put("maxCents", opened.maxCents());
        fields.put("prizes", opened.prizes() == null ? null : json(opened.prizes()));
        fields.put("onlyUsers", opened.onlyUsers() == null ? null : text(opened.onlyUsers()));
        fields.put("currency", opened.currency());
        fields.put("title", opened.title());
        fields.values().removeIf(value -> value == null);
        return fields;
    }

    /** The prizes of a packet; null for a packet of another split. */
    static List<Prize> prizes(Map<String, String> fields) {
        String prizes = fields.get("prizes");
        if (prizes == null) {
            return null;
        }
        try {
            return JSON.readValue(prizes, new TypeReference<List<Prize>>() {});
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For whom the packet is; null if it is for everybody. */
    static PacketEvent.OnlyUsers onlyUsers(Map<String, String> fields) {
        String onlyUsers = fields.get("onlyUsers");
        if (onlyUsers == null) {
            return null;
        }
        String[] countAndHash = onlyUsers.split(" ", 2);
        return new PacketEvent.OnlyUsers(Integer.parseInt(countAndHash[0]), countAndHash[1]);
    }

    private static String text(PacketEvent.OnlyUsers users) {
        return users.count() + " " + users.hash();
    }

    private static String json(List<Prize> prizes) {
        try {
            return JSON.writeValueAsString(prizes);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
