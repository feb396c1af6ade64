"""Opens a packet, grabs until it is sold out, and verifies what was handed out. Usage: example.py BROKER [PACKET]"""

import sys
import time

import split
from client import RedPackets

SHARES = 8
TOTAL_CENTS = 8888


def main(broker, packet_id):
    red_packets = RedPackets(broker)

    terms = {"packetId": packet_id, "senderId": "python", "totalCents": TOTAL_CENTS, "shares": SHARES}
    opened = red_packets.open({**terms, "campaign": "examples"})
    print("opened   ", opened)
    assert opened["type"] == "opened"

    rejected = red_packets.open({**terms, "totalCents": TOTAL_CENTS + 1})
    print("rejected ", rejected)
    assert rejected["reason"] == "OTHER_TERMS"

    grabs = [{"grabId": f"grab-{i}", "packetId": packet_id, "userId": f"user-{i}"} for i in range(20)]
    (first,) = red_packets.grab(grabs[0])
    print("won      ", first)
    assert moves_money(first)

    (again,) = red_packets.grab(grabs[0])
    print("repeated ", again)
    assert again["repeat"] and not moves_money(again)

    others = red_packets.grab(*grabs[1:])
    winners = sorted([first, *filter(moves_money, others)], key=lambda award: award["share"]["index"])
    assert len(winners) == SHARES
    assert all(award["outcome"] in ("AWARDED", "SOLD_OUT") for award in others)
    print("others   ", f"{SHARES - 1} won, {len(others) - SHARES + 1} came too late")

    closed = red_packets.closing_of(packet_id)
    assert closed["type"] == "sold-out"
    assert split.commitment_of(closed["seed"]) == opened["commitment"]
    expected = [share["cents"] for share in split.cut(opened, closed["seed"])]
    assert [award["share"]["cents"] for award in winners] == expected
    print("verified ", f"the shares were fixed before the first grab: {opened['commitment']}")
    red_packets.close()


def moves_money(award):
    return award["outcome"] == "AWARDED" and not award["repeat"]


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else f"python-{int(time.time() * 1000)}")
