// Requests to the HTTP API of the sink.

const MOST_PER_PAGE = 1000;

/** The sink does not know the packet. */
export class NotFound extends Error {}

/** The request is invalid, so a retry is useless. After any other failure a retry may succeed. */
export class Refused extends Error {}

/** A packet with its first winners. */
export function packet(packetId, limit) {
  return get(`packets/${encodeURIComponent(packetId)}?limit=${limit}`);
}

/** Winners from a share index on. */
export async function winnersFrom(packetId, index, limit = MOST_PER_PAGE) {
  const page = await get(`packets/${encodeURIComponent(packetId)}/winners?after=${index - 1}&limit=${limit}`);
  return page.winners;
}

/** All winners of a packet, page by page. */
export async function allWinners(packetId, onProgress) {
  const winners = [];
  for (;;) {
    const page = await winnersFrom(packetId, winners.length);
    if (page.length === 0) return winners;
    winners.push(...page);
    onProgress(winners.length);
  }
}

async function get(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (response.status === 404) throw new NotFound(body.error);
  if (response.status >= 400 && response.status < 500) throw new Refused(body.error);
  if (!response.ok) throw new Error(body.error);
  return body;
}
