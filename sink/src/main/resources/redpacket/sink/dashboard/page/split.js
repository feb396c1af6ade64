// Computes the shares of a packet from its seed, like redpacket.topology.packet.Cut: in integers, without rounding.

const DIGESTS_AT_ONCE = 512;
const WORDS_PER_DIGEST = 4;

/** The SHA-256 of bytes. Both are in hex; the result is in lower case. */
export async function sha256(hex) {
  const digest = await crypto.subtle.digest("SHA-256", bytesOf(hex));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The cents of each share, in the order in which shares are awarded. */
export async function cut(split, totalCents, shares, seedHex) {
  const random = new CounterStream(bytesOf(seedHex));
  const total = BigInt(totalCents);
  const cents = split === "EQUAL" ? even(total, shares) : await doubleMean(total, shares, random);
  await shuffle(cents, random);
  // Exact: a share has at most 2^53 - 1 cents.
  return cents.map(Number);
}

/**
 * The double-mean method (二倍均值法): each share is uniform from 1 to 2m - 1, where m is the mean of the cents
 * that are left for the remaining shares.
 */
async function doubleMean(totalCents, shares, random) {
  const cents = [];
  let left = totalCents;
  for (let sharesLeft = BigInt(shares); sharesLeft > 1n; sharesLeft--) {
    const share = 1n + (await random.nextBelow((2n * left) / sharesLeft - 1n));
    cents.push(share);
    left -= share;
  }
  cents.push(left);
  return cents;
}

/** The remainder goes to the first shares, one cent each. */
function even(totalCents, shares) {
  const count = BigInt(shares);
  return Array.from({length: shares}, (_, i) => totalCents / count + (BigInt(i) < totalCents % count ? 1n : 0n));
}

/** The Fisher-Yates shuffle, from the end. */
async function shuffle(cents, random) {
  for (let i = cents.length - 1; i >= 1; i--) {
    const j = Number(await random.nextBelow(BigInt(i) + 1n));
    [cents[i], cents[j]] = [cents[j], cents[i]];
  }
}

/**
 * The random numbers of a seed: SHA-256(seed || i) for i = 0, 1, 2, …, with i in 8 big-endian bytes. Each digest is
 * four big-endian numbers of 64 bits.
 */
class CounterStream {
  #seed;
  #counter = 0n;
  #words = [];
  #used = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  /**
   * A uniform number from 0 to bound - 1. It draws numbers of 63 bits, and draws again if a number is not below the
   * largest multiple of bound.
   */
  async nextBelow(bound) {
    const fair = 2n ** 63n - (2n ** 63n % bound);
    let bits;
    do {
      bits = (await this.#nextWord()) >> 1n;
    } while (bits >= fair);
    return bits % bound;
  }

  async #nextWord() {
    if (this.#used === this.#words.length) {
      this.#words = await this.#moreWords();
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }

  async #moreWords() {
    const digests = await Promise.all(
      Array.from({length: DIGESTS_AT_ONCE}, () => crypto.subtle.digest("SHA-256", this.#nextInput())),
    );
    return digests.flatMap((digest) => {
      const view = new DataView(digest);
      return Array.from({length: WORDS_PER_DIGEST}, (_, i) => view.getBigUint64(8 * i));
    });
  }

  #nextInput() {
    const input = new Uint8Array(this.#seed.length + 8);
    input.set(this.#seed);
    new DataView(input.buffer).setBigUint64(this.#seed.length, this.#counter++);
    return input;
  }
}

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}
