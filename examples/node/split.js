// The shares of a packet from its terms and its seed. With them anyone can verify a closed packet.

import {createHash} from "node:crypto";

/** The commitment that the `opened` event publishes. */
export function commitmentOf(seedHex) {
  return sha256(Buffer.from(seedHex, "hex")).toString("hex");
}

/** The cents of each share, in the order in which shares are awarded. */
export function cut(split, totalCents, shares, seedHex) {
  const random = numbersOf(Buffer.from(seedHex, "hex"));
  const total = BigInt(totalCents);
  const cents = split === "EQUAL" ? even(total, shares) : doubleMean(total, shares, random);
  // The shuffle of Fisher and Yates, from the end.
  for (let i = shares - 1; i >= 1; i--) {
    const j = Number(below(BigInt(i + 1), random));
    [cents[i], cents[j]] = [cents[j], cents[i]];
  }
  return cents.map(Number);
}

/** Each share is uniform from 1 to 2m - 1, where m is the mean of what is left. The last share is the rest. */
function doubleMean(totalCents, shares, random) {
  const cents = [];
  let left = totalCents;
  for (let sharesLeft = BigInt(shares); sharesLeft > 1n; sharesLeft--) {
    const share = 1n + below((2n * left) / sharesLeft - 1n, random);
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
