// How a packet's seed fixes its shares: the same arithmetic as redpacket.topology.packet.Cut, in integers without rounding.

const DIGESTS_AT_ONCE = 512;
const WORDS_PER_DIGEST = 4;

/** SHA-256 in lower-case hex of bytes in hex. */
export async function sha256(hex) {
  const digest = await crypto.subtle.digest("SHA-256", bytesOf(hex));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The cents of each share, in the order in which they are given. */
export async function cut(split, totalCents, shares, seedHex) {
  const random = new CounterStream(bytesOf(seedHex));
  const total = BigInt(totalCents);
  const cents = split === "EQUAL" ? even(total, shares) : await doubleMean(total, shares, random);
  await shuffle(cents, random);
  return cents.map(Number); // at most 2^53 - 1 each
}

/** The double-mean method (二倍均值法): each share is uniform between 1 and twice the mean of what is left, less 1. */
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

/** The odd cents go to the first shares. */
function even(totalCents, shares) {
  const count = BigInt(shares);
  return Array.from({length: shares}, (_, i) => totalCents / count + (BigInt(i) < totalCents % count ? 1n : 0n));
}

/** Fisher and Yates's shuffle, from the end. */
async function shuffle(cents, random) {
  for (let i = cents.length - 1; i >= 1; i--) {
    const j = Number(await random.nextBelow(BigInt(i) + 1n));
    [cents[i], cents[j]] = [cents[j], cents[i]];
  }
}

/** SHA-256(seed || i) for i = 0, 1, 2, …, i in 8 big-endian bytes; each digest is four big-endian numbers of 64 bits. */
class CounterStream {
  #seed;
  #counter = 0n;
  #words = [];
  #used = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  /**
   * A number from 0 to bound - 1, each equally likely: of 63 bits, those from the largest multiple of bound upwards are
   * drawn again.
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
