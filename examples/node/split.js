// The shares of a packet from its terms and its seed. With them anyone can verify a closed packet.

import {createHash, createHmac} from "node:crypto";

/** The commitment that the `opened` event publishes. */
export function commitmentOf(seedHex) {
  return sha256(Buffer.from(seedHex, "hex")).toString("hex");
}

/**
 * The shares in the order in which they are awarded, each with its cents, and with the name of its prize if any.
 *
 * The terms are an `opened` event, or an open command with its defaults.
 */
export function cut(terms, seedHex) {
  const random = numbersOf(Buffer.from(seedHex, "hex"));
  const shares = uncut(terms, random);
  // The shuffle of Fisher and Yates, from the end.
  for (let i = shares.length - 1; i >= 1; i--) {
    const j = Number(below(BigInt(i + 1), random));
    [shares[i], shares[j]] = [shares[j], shares[i]];
  }
  return shares;
}

/** The hash that the `opened` event publishes of the users for whom the packet is. */
export function hashOfUsers(users, seedHex) {
  return createHmac("sha256", Buffer.from(seedHex, "hex")).update([...users].sort().join("\n")).digest("hex");
}

function uncut({split, totalCents, shares, minCents = 1, maxCents = totalCents, prizes}, random) {
  if (split === "PRIZES") {
    return prizes.flatMap(({cents, count, name}) =>
      Array.from({length: count}, () => (name === undefined ? {cents} : {cents, prize: name})),
    );
  }
  const cents =
    split === "EQUAL"
      ? even(BigInt(totalCents), shares)
      : doubleMean(BigInt(totalCents), shares, BigInt(minCents), BigInt(maxCents), random);
  return cents.map((share) => ({cents: Number(share)}));
}

/**
 * Each share is uniform around the mean m of what is left, as far from it as the nearer bound allows: from
 * max(min, 2m - max) to min(max, 2m - min). The last share is the rest.
 */
function doubleMean(totalCents, shares, min, max, random) {
  const cents = [];
  let left = totalCents;
  for (let sharesLeft = BigInt(shares); sharesLeft > 1n; sharesLeft--) {
    const roundedUp = (2n * left + sharesLeft - 1n) / sharesLeft;
    const least = roundedUp - max > min ? roundedUp - max : min;
    const twiceTheMean = (2n * left) / sharesLeft;
    const most = twiceTheMean - min < max ? twiceTheMean - min : max;
    const share = least + below(most - least + 1n, random);
    cents.push(share);
    left -= share;
  }
  return [...cents, left];
}

function even(totalCents, shares) {
  const count = BigInt(shares);
  return Array.from({length: shares}, (_, i) => totalCents / count + (BigInt(i) < totalCents % count ? 1n : 0n));
}

/** A uniform number from 0 to bound - 1, of 63 bits. Draws above the largest multiple of bound do not count. */
function below(bound, random) {
  const fair = 2n ** 63n - (2n ** 63n % bound);
  for (;;) {
    const bits = random.next().value >> 1n;
    if (bits < fair) return bits % bound;
  }
}

/** SHA-256(seed || i) for i = 0, 1, 2, ... in 8 big-endian bytes, read as big-endian numbers of 64 bits. */
function* numbersOf(seed) {
  const input = Buffer.concat([seed, Buffer.alloc(8)]);
  for (let counter = 0n; ; counter++) {
    input.writeBigUInt64BE(counter, seed.length);
    const digest = sha256(input);
    for (let at = 0; at < digest.length; at += 8) yield digest.readBigUInt64BE(at);
  }
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest();
}
