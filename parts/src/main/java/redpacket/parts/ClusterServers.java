package redpacket.parts;

import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;

/** Three brokers and Redis, each a child process. */
record ClusterServers(LocalKafkaCluster brokers, LocalRedis localRedis) implements Servers {
    static ClusterServers start() {
        LocalRedis redis = LocalRedis.start();
        try {
            return new ClusterServers(LocalKafkaCluster.start(), redis);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    @Override
    public String kind() {
        return LocalKafkaCluster.BROKERS + " brokers of";
    }

    @Override
    public short replicas() {
        return LocalKafkaCluster.BROKERS;
    }

    @Override
    public KafkaAddress kafka() {
        return brokers.address();
    }

    @Override
    public RedisAddress redis() {
        return localRedis.address();
    }

    @Override
    public void close() {
        try {
            brokers.close();
        } finally {
            localRedis.close();
        }
    }
}
