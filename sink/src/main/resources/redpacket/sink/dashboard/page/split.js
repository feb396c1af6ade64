// Computes the shares of a packet from its seed, like redpacket.topology.packet.Cut: in integers, without rounding.

const DIGESTS_AT_ONCE = 512;
const WORDS_PER_DIGEST = 4;

/** The SHA-256 of bytes. Both are in hex; the result is in lower case. */
export async function sha256(hex) {
  const digest = await crypto.subtle.digest("SHA-256", bytesOf(hex));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Splits that this version can compute. */
const SPLITS = ["RANDOM", "EQUAL", "PRIZES"];

export function canCut({split}) {
  return SPLITS.includes(split);
}

/**
 * The shares in the order in which they are awarded, each with its cents, and with the name of its prize if any.
 *
 * @param terms of the packet, as returned by the API
 */
export async function cut(terms, seedHex) {
  const random = new CounterStream(bytesOf(seedHex));
  const shares = await uncut(terms, random);
  await shuffle(shares, random);
  return shares;
}

async function uncut({split, totalCents, shares, minCents, maxCents, prizes}, random) {
  if (split === "PRIZES") {
    return prizes.flatMap(({cents, count, name}) =>
      Array.from({length: count}, () => (name == null ? {cents} : {cents, prize: name})),
    );
  }
  const total = BigInt(totalCents);
  const cents =
    split === "EQUAL"
      ? even(total, shares)
      : await doubleMean(total, shares, BigInt(minCents ?? 1), BigInt(maxCents ?? totalCents), random);
  // Exact: a share has at most 2^53 - 1 cents.
  return cents.map((share) => ({cents: Number(share)}));
}

/**
 * The double-mean method (二倍均值法): each share is uniform around the mean m of the cents that are left for the
 * remaining shares, as far from it as the nearer bound allows: from max(min, 2m - max) to min(max, 2m - min).
 */
async function doubleMean(totalCents, shares, min, max, random) {
  const cents = [];
  let left = totalCents;
  for (let sharesLeft = BigInt(shares); sharesLeft > 1n; sharesLeft--) {
    const lowest = (2n * left + sharesLeft - 1n) / sharesLeft - max;
    const highest = (2n * left) / sharesLeft - min;
    const least = lowest > min ? lowest : min;
    const most = highest < max ? highest : max;
    const share = least + (await random.nextBelow(most - least + 1n));
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
async function shuffle(shares, random) {
  for (let i = shares.length - 1; i >= 1; i--) {
    const j = Number(await random.nextBelow(BigInt(i) + 1n));
    [shares[i], shares[j]] = [shares[j], shares[i]];
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
