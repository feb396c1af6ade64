"""The shares of a packet from its terms and its seed. With them anyone can verify a closed packet."""

import hmac
from hashlib import sha256


def commitment_of(seed_hex):
    """The commitment that the `opened` event publishes."""
    return sha256(bytes.fromhex(seed_hex)).hexdigest()


def cut(terms, seed_hex):
    """The shares in the order in which they are awarded, each with its cents, and with the name of its prize if any.

    The terms are an `opened` event, or an open command with its defaults.
    """
    random = _CounterStream(bytes.fromhex(seed_hex))
    total_cents, shares = terms["totalCents"], terms["shares"]
    if terms["split"] == "PRIZES":
        cut = [_share(prize["cents"], prize.get("name")) for prize in terms["prizes"] for _ in range(prize["count"])]
    elif terms["split"] == "EQUAL":
        cut = [_share(cents) for cents in _even(total_cents, shares)]
    else:
        least, most = terms.get("minCents", 1), terms.get("maxCents", total_cents)
        cut = [_share(cents) for cents in _double_mean(total_cents, shares, least, most, random)]
    # The shuffle of Fisher and Yates, from the end.
    for i in range(shares - 1, 0, -1):
        j = random.next_below(i + 1)
        cut[i], cut[j] = cut[j], cut[i]
    return cut


def hash_of_users(users, seed_hex):
    """The hash that the `opened` event publishes of the users for whom the packet is."""
    return hmac.new(bytes.fromhex(seed_hex), "\n".join(sorted(users)).encode(), sha256).hexdigest()


def _share(cents, prize=None):
    return {"cents": cents} if prize is None else {"cents": cents, "prize": prize}


def _double_mean(total_cents, shares, least_cents, most_cents, random):
    """Each share is uniform around the mean m of what is left, as far from it as the nearer bound allows.

    That is from max(least, 2m - most) to min(most, 2m - least). The last share is the rest.
    """
    cents = []
    left = total_cents
    for shares_left in range(shares, 1, -1):
        least = max(least_cents, -(-2 * left // shares_left) - most_cents)
        most = min(most_cents, 2 * left // shares_left - least_cents)
        cents.append(least + random.next_below(most - least + 1))
        left -= cents[-1]
    return cents + [left]


def _even(total_cents, shares):
    return [total_cents // shares + (1 if i < total_cents % shares else 0) for i in range(shares)]


class _CounterStream:
    """SHA-256(seed || i) for i = 0, 1, 2, ... in 8 big-endian bytes, read as big-endian numbers of 64 bits."""

    def __init__(self, seed):
        self._words = self._words_of(seed)

    @staticmethod
    def _words_of(seed):
        counter = 0
        while True:
            digest = sha256(seed + counter.to_bytes(8, "big")).digest()
            yield from (int.from_bytes(digest[at : at + 8], "big") for at in range(0, 32, 8))
            counter += 1

    def next_below(self, bound):
        """A uniform number from 0 to bound - 1, of 63 bits. Draws above the largest multiple of bound do not count."""
        fair = 2**63 - 2**63 % bound
        while True:
            bits = next(self._words) >> 1
            if bits < fair:
                return bits % bound
