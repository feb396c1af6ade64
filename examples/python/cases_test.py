"""Runs the cases that clients in all languages agree on (events/cases/README.md). Usage: cases_test.py"""

import ctypes
import json
import unittest
from pathlib import Path

import confluent_kafka

import events
import partitions
import split

FOLDER = Path(__file__).resolve().parents[2] / "events" / "cases"

READERS = {
    "open-packet.json": events.read_command,
    "cancel-packet.json": events.read_command,
    "grab.json": events.read_grab,
    "award-result.json": events.read_award,
    "packet-event.json": events.read_packet_event,
    "window-stats.json": events.read_stats,
}


def cases_in(file):
    return json.loads((FOLDER / file).read_text(encoding="utf-8"))


def librdkafka():
    """The library that confluent-kafka uses, which exports its partitioners."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        if "librdkafka" in line:
            return ctypes.CDLL(line.split()[-1])
    raise unittest.SkipTest("confluent-kafka contains librdkafka; its partitioners cannot be called")


class CasesTest(unittest.TestCase):
    def test_reads_the_event_when_the_bytes_are_good(self):
        for file, read in READERS.items():
            for case in cases_in(file)["good"]:
                with self.subTest(f"{file}: {case['case']}"):
                    event = read(case["bytes"].encode())
                    self.assertEqual(event, case["event"])
                    if file == "open-packet.json":
                        self.assertEqual(events.reason_to_reject(event), case.get("rejected"))

    def test_refuses_when_the_bytes_are_bad(self):
        for file, read in READERS.items():
            for case in cases_in(file)["bad"]:
                with self.subTest(f"{file}: {case['case']}"), self.assertRaises(events.InvalidEvent):
                    read(bytes.fromhex(case["hex"]) if "hex" in case else case["bytes"].encode())

    def test_cuts_all_splits(self):
        cases = cases_in("splits.json")
        for case in cases["splits"] + cases["splitsWithTerms"]:
            cut = split.cut(case, case["seed"])
            self.assertEqual([share["cents"] for share in cut], case["cents"])
            self.assertEqual([share.get("prize") for share in cut], case.get("names", [None] * case["shares"]))
            if "onlyUsers" in case:
                self.assertEqual(split.hash_of_users(case["onlyUsers"], case["seed"]), case["onlyUsersHash"])
            self.assertEqual(split.commitment_of(case["seed"]), case["commitment"])

    def test_finds_all_partitions(self):
        for case in cases_in("partitions.json")["keys"]:
            key = case["key"].encode()
            self.assertEqual(partitions.murmur2(key), case["murmur2"])
            found = [partitions.partition_of(key, count) for count in range(1, len(case["partitions"]) + 1)]
            self.assertEqual(found, case["partitions"])

    def test_librdkafka_chooses_the_right_partition_with_murmur2_only(self):
        library = librdkafka()
        self.assertEqual(self._wrong(library.rd_kafka_msg_partitioner_murmur2_random), 0)
        self.assertEqual(self._wrong(library.rd_kafka_msg_partitioner_murmur2), 0)
        # The cases notice the default.
        self.assertGreater(self._wrong(library.rd_kafka_msg_partitioner_consistent_random), 0)

    @staticmethod
    def _wrong(partitioner):
        partitioner.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int32] + [
            ctypes.c_void_p
        ] * 2
        partitioner.restype = ctypes.c_int32
        wrong = 0
        for case in cases_in("partitions.json")["keys"]:
            key = case["key"].encode()
            for count, right in enumerate(case["partitions"], start=1):
                wrong += partitioner(None, key, len(key), count, None, None) != right
        return wrong


if __name__ == "__main__":
    print(f"confluent-kafka {confluent_kafka.version()[0]}, librdkafka {confluent_kafka.libversion()[0]}")
    unittest.main()
