"""A client that opens packets, grabs shares, and waits for the answers."""

import time
from collections import namedtuple

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

import events

Place = namedtuple("Place", "topic partition offset")


class Unanswered(Exception):
    """The answer did not come in time. The command may have been carried out: ask again with the same ids."""


class RedPackets:
    """Answers everything that is asked after the constructor has returned. Not safe for several threads."""

    def __init__(self, brokers, timeout_seconds=30):
        self._timeout_seconds = timeout_seconds
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                # Kafka's Java clients use murmur2. The default of librdkafka puts packets into wrong partitions.
                "partitioner": "murmur2_random",
                "enable.idempotence": True,
            }
        )
        self._consumer = Consumer(
            {
                "bootstrap.servers": brokers,
                # Required, but unused: the client assigns all partitions to itself and commits no offsets.
                "group.id": "answers",
                "enable.auto.commit": False,
                # This is the default of librdkafka. Without it the client reads results of aborted transactions.
                "isolation.level": "read_committed",
                "fetch.wait.max.ms": 100,
            }
        )
        self._assign_ends("redpacket.packets", "redpacket.awards")
        # What is waited for, by the place of the command or by packet id: None until it has come.
        self._answers = {}
        self._closings = {}

    def _assign_ends(self, *topics):
        ends = []
        for topic in topics:
            found = self._consumer.list_topics(topic, timeout=self._timeout_seconds).topics[topic]
            if found.error is not None:
                raise RuntimeError(f"{topic}: {found.error.str()}")
            for partition in found.partitions:
                _, end = self._consumer.get_watermark_offsets(
                    TopicPartition(topic, partition), timeout=self._timeout_seconds
                )
                ends.append(TopicPartition(topic, partition, end))
        self._consumer.assign(ends)

    def open(self, command):
        """Opens a packet. Returns its `opened` or `rejected` event."""
        self._closings.setdefault(command["packetId"], None)
        return self._await([self._send("redpacket.opens", command["packetId"], events.write_open(command))])[0]

    def grab(self, *grabs):
        """Grabs shares. Returns the award result of each grab, whatever its outcome."""
        return self._await([self._send("redpacket.grabs", grab["packetId"], events.write_grab(grab)) for grab in grabs])

    def closing_of(self, packet_id):
        """Returns the closing event of a packet that was opened with this client."""
        self._poll_until(lambda: self._closings[packet_id] is not None, f"{packet_id} was not closed")
        return self._closings.pop(packet_id)

    def close(self):
        self._consumer.close()

    def _send(self, topic, key, value):
        """Returns a list that gets the place of the record once it is stored, or the error."""
        stored = []

        def on_delivery(error, message):
            stored.append(error or Place(message.topic(), message.partition(), message.offset()))

        self._producer.produce(topic, value=value, key=key, on_delivery=on_delivery)
        return stored

    def _await(self, sent):
        self._producer.flush(self._timeout_seconds)
        for stored in sent:
            if not stored or isinstance(stored[0], KafkaError):
                raise Unanswered(f"Kafka did not store the command: {stored[0] if stored else 'no reply'}")
        self._answers = {stored[0]: None for stored in sent}
        self._poll_until(lambda: None not in self._answers.values(), f"no answer to all of {list(self._answers)}")
        return list(self._answers.values())

    def _poll_until(self, is_done, complaint):
        deadline = time.monotonic() + self._timeout_seconds
        while not is_done():
            message = self._consumer.poll(0.1)
            if message is not None and message.error() is None:
                self._take(message)
            elif time.monotonic() > deadline:
                raise Unanswered(complaint)

    def _take(self, message):
        if message.topic() == "redpacket.awards":
            award = events.read_award(message.value())
            _put(self._answers, Place("redpacket.grabs", message.partition(), award["grabOffset"]), award)
            return
        event = events.read_packet_event(message.value())
        if "openOffset" in event:
            _put(self._answers, Place("redpacket.opens", message.partition(), event["openOffset"]), event)
        else:
            _put(self._closings, event["packetId"], event)


def _put(waiting, key, value):
    if key in waiting:
        waiting[key] = value
