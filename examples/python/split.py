"""The shares of a packet from its terms and its seed. With them anyone can verify a closed packet."""

from hashlib import sha256


def commitment_of(seed_hex):
    """The commitment that the `opened` event publishes."""
    return sha256(bytes.fromhex(seed_hex)).hexdigest()


def cut(split, total_cents, shares, seed_hex):
    """The cents of each share, in the order in which shares are awarded."""
    random = _CounterStream(bytes.fromhex(seed_hex))
    cents = _even(total_cents, shares) if split == "EQUAL" else _double_mean(total_cents, shares, random)
    # The shuffle of Fisher and Yates, from the end.
    for i in range(shares - 1, 0, -1):
        j = random.next_below(i + 1)
        cents[i], cents[j] = cents[j], cents[i]
    return cents


def _double_mean(total_cents, shares, random):
    """Each share is uniform from 1 to 2m - 1, where m is the mean of what is left. The last share is the rest."""
    cents = []
    left = total_cents
    for shares_left in range(shares, 1, -1):
        cents.append(1 + random.next_below(2 * left // shares_left - 1))
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
