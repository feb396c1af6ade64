"""The partition of a key, as Kafka's Java clients choose it.

Only for checks: confluent-kafka chooses the same partition itself with the setting `partitioner=murmur2_random`.
"""

MASK = 0xFFFFFFFF
MULTIPLIER = 0x5BD1E995


def partition_of(key, partitions):
    """The partition of a key in bytes, from 0 to partitions - 1."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data):
    """MurmurHash2 of 32 bits with Kafka's seed, as an unsigned number."""
    value = 0x9747B28C ^ len(data)
    whole = len(data) - len(data) % 4
    for at in range(0, whole, 4):
        word = int.from_bytes(data[at : at + 4], "little") * MULTIPLIER & MASK
        word = (word ^ word >> 24) * MULTIPLIER & MASK
        value = value * MULTIPLIER & MASK ^ word
    if whole < len(data):
        value = (value ^ int.from_bytes(data[whole:], "little")) * MULTIPLIER & MASK
    value = (value ^ value >> 13) * MULTIPLIER & MASK
    return value ^ value >> 15
