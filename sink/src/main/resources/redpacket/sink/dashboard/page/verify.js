// Verifies a closed packet against its commitment and its terms.

import {canCut, cut, sha256} from "./split.js";

/**
 * @param packet a closed packet, as returned by the API
 * @param winners all winners, in the order of their shares
 * @returns {checks, expected}: a check has a name, whether it is good, whether there was nothing to check, and values
 *     for its sentence; expected has each share as fixed by the seed; it is empty if this page does not know the split
 */
export async function verify(packet, winners) {
  const expected = canCut(packet) ? await cut(packet, packet.seed) : [];
  return {
    expected,
    checks: [
      {name: "commitment", good: (await sha256(packet.seed)) === packet.commitment},
      canCut(packet) ? sharesAreAsFixed(packet, winners, expected) : {name: "split", good: true, unknown: true},
      usersHaveOneShare(winners),
      moneyAddsUp(packet, winners),
      luckiestHasTheLargest(packet, winners),
    ],
  };
}

function sharesAreAsFixed(packet, winners, expected) {
  const isWrong = ({share}, i) => share.index !== i || !isSame(share, expected[i]);
  const wrong = winners.filter(isWrong).map(({share}) => share.index);
  for (let missing = winners.length; missing < packet.awardedShares; missing++) wrong.push(missing);
  for (let extra = packet.awardedShares; extra < winners.length; extra++) wrong.push(extra);
  return {name: "shares", good: wrong.length === 0, nothing: winners.length === 0, count: winners.length, which: wrong};
}

/** Whether two shares have the same cents and the same name of a prize. */
export function isSame(share, other) {
  return share.cents === other?.cents && (share.prize ?? null) === (other.prize ?? null);
}

function usersHaveOneShare(winners) {
  const seen = new Set();
  const twice = winners.map(({userId}) => userId).filter((userId) => seen.has(userId) || !seen.add(userId));
  return {name: "users", good: twice.length === 0, which: twice};
}

function moneyAddsUp(packet, winners) {
  const awarded = winners.reduce((sum, {share}) => sum + share.cents, 0);
  const sum = awarded + (packet.refundedCents ?? 0);
  const good = sum === packet.totalCents && awarded === packet.awardedCents;
  return {name: "money", good, sum, total: packet.totalCents, currency: packet.currency};
}

/** Among equal shares the one with the lowest index is the luckiest. */
function luckiestHasTheLargest(packet, winners) {
  if (winners.length === 0) return {name: "luckiest", good: packet.luckiest == null, nothing: true, which: []};
  const best = winners.reduce((best, winner) => (winner.share.cents > best.share.cents ? winner : best));
  const good =
    packet.luckiest?.userId === best.userId &&
    packet.luckiest.share.index === best.share.index &&
    packet.luckiest.share.cents === best.share.cents;
  return {name: "luckiest", good, which: [best.userId]};
}
