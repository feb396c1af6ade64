package redpacket.clients;

/**
 * The address of Redis.
 *
 * @param uri in the format of Lettuce: {@code redis://}, {@code rediss://} or {@code redis-sentinel://}; for a cluster,
 *     one or more nodes separated by commas
 * @param cluster whether Redis is a Redis Cluster
 */
public record RedisAddress(String uri, boolean cluster) {
    public static RedisAddress of(String uri) {
        return new RedisAddress(uri, false);
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return uri.replaceAll("//[^@/,]*@", "//") + (cluster ? " (cluster)" : "");
    }
}
