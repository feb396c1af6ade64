// The events of the pipeline: strict readers of their bytes, and writers of what a client sends.
//
// Each reader returns an object with the fields of the contract, with defaults filled in, or throws InvalidEvent. It
// ignores fields that the contract does not know. Whole numbers beyond 2^53 - 1, which JSON.parse would round, are
// BigInts.

import {parse} from "lossless-json";

const OWN_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const FOREIGN_ID = /^[!#-\[\]-~]{1,128}$/;
const HASH = /^[0-9a-f]{64}$/;
const CURRENCY = /^([A-Z]{3}|[A-Za-z][A-Za-z0-9._-]{3,31})$/;
// Any script, without control characters and halves of surrogate pairs. The flag makes one code point a character.
const TEXT = /^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}$/u;
const PRIZE_NAME = /^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,100}$/u;

const INT32 = 2 ** 31 - 1;
const INT64 = 2n ** 63n - 1n;
const MAX_SHARES = 1_000_000;
const MAX_TOTAL_CENTS = Number.MAX_SAFE_INTEGER;
const MAX_OPEN_FOR_MILLIS = 31 * 24 * 60 * 60 * 1000;
const DEFAULT_OPEN_FOR_MILLIS = 24 * 60 * 60 * 1000;
const MAX_TIME_MILLIS = 253_402_300_799_999;
const MAX_PRIZES = 1_000;
const MAX_ONLY_USERS = 1_000;

/** The bytes are not an event of the contract. The message gives the reason. */
export class InvalidEvent extends Error {}

/** Impossible terms are readable: the pipeline answers them with `rejected`. */
export const readCommand = (bytes) => command(parsed(bytes));
export const readGrab = (bytes) => GRAB("the value", parsed(bytes));
export const readAward = (bytes) => award(parsed(bytes));
export const readPacketEvent = (bytes) => packetEvent(parsed(bytes));
export const readStats = (bytes) => stats(parsed(bytes));

/** The bytes of an open command. Throws InvalidEvent if the pipeline would reject its terms. */
export function writeOpen(command) {
  const reason = reasonToReject(open(command));
  if (reason) throw new InvalidEvent(`the pipeline would reject this: ${reason}`);
  return Buffer.from(JSON.stringify(command));
}

export function writeCancel(command) {
  return Buffer.from(JSON.stringify(CANCEL("the value", command)));
}

export function writeGrab(grab) {
  return Buffer.from(JSON.stringify(GRAB("the value", grab)));
}

/** Why no packet can have these terms; null if one can. */
export function reasonToReject(command) {
  const {shares, totalCents, openForMillis, startsAtMillis = 0, prizes, onlyUsers} = command;
  if (shares < 1) return "NO_SHARES";
  if (shares > MAX_SHARES) return "TOO_MANY_SHARES";
  if (!prizes && totalCents < shares) return "FEWER_CENTS_THAN_SHARES";
  if (totalCents > MAX_TOTAL_CENTS) return "TOO_MANY_CENTS";
  if (openForMillis < 1 || openForMillis > MAX_OPEN_FOR_MILLIS) return "IMPOSSIBLE_DURATION";
  // The broker's clock decides whether a start is too late.
  if (startsAtMillis < 0 || startsAtMillis > MAX_TIME_MILLIS) return "IMPOSSIBLE_START";
  if (!hasPossibleBounds(command)) return "IMPOSSIBLE_BOUNDS";
  if (!hasPossiblePrizes(command)) return "IMPOSSIBLE_PRIZES";
  if (onlyUsers && !hasPossibleUsers(onlyUsers)) return "IMPOSSIBLE_USERS";
  return null;
}

function hasPossibleBounds({split, totalCents, shares, minCents, maxCents}) {
  if (minCents === undefined && maxCents === undefined) return true;
  const [count, total, least, most] = [shares, totalCents, minCents ?? 1, maxCents ?? totalCents].map(BigInt);
  return split === "RANDOM" && least >= 1n && least <= most && count * least <= total && total <= count * most;
}

function hasPossiblePrizes({split, totalCents, shares, prizes}) {
  if (!prizes || split !== "PRIZES") return !prizes && split !== "PRIZES";
  const total = BigInt(totalCents);
  return (
    prizes.length >= 1 &&
    prizes.length <= MAX_PRIZES &&
    prizes.every(({cents, count}) => cents >= 0 && count >= 1) &&
    total === centsOf(prizes) &&
    total >= 1n &&
    BigInt(shares) === sharesOf(prizes)
  );
}

function hasPossibleUsers(users) {
  return users.length >= 1 && users.length <= MAX_ONLY_USERS && new Set(users).size === users.length;
}

const centsOf = (prizes) => prizes.reduce((sum, {cents, count}) => sum + BigInt(cents) * BigInt(count), 0n);
const sharesOf = (prizes) => prizes.reduce((sum, {count}) => sum + BigInt(count), 0n);

/** Whether a result hands out a share for the first time. */
export function movesMoney({outcome, repeat}) {
  return outcome === "AWARDED" && !repeat;
}

/** JSON with all digits of numbers. A number with a fraction or an exponent is none of the contract: it becomes NaN. */
function parsed(bytes) {
  if (bytes === null) throw new InvalidEvent("the value is null");
  try {
    const text = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);
    const value = parse(text, undefined, wholeNumber);
    refuseDuplicates(text);
    return value;
  } catch (e) {
    throw new InvalidEvent(`not JSON: ${e.message}`, {cause: e});
  }
}

function wholeNumber(digits) {
  if (!/^-?\d+$/.test(digits)) return NaN;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** The parser accepts a field that is there twice with the same value. Only for text that is JSON. */
function refuseDuplicates(text) {
  const namesOfOpen = [];
  for (const [, string, colon, bracket] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|([{}[\]])/g)) {
    if (bracket === "{" || bracket === "[") {
      namesOfOpen.push(new Set());
    } else if (bracket) {
      namesOfOpen.pop();
    } else if (colon) {
      const name = JSON.parse(string);
      const names = namesOfOpen.at(-1);
      if (names.has(name)) throw new InvalidEvent(`the field ${name} is there twice`);
      names.add(name);
    }
  }
}

function require(condition, fault) {
  if (!condition) throw new InvalidEvent(fault);
}

// Rules. Each takes the name and the value of a field, and returns the value or throws InvalidEvent.

const text = (pattern, what) => (name, value) => {
  require(typeof value === "string" && pattern.test(value), `${name} is no ${what}`);
  return value;
};

const whole = (least, most = INT64) => (name, value) => {
  const isWhole = Number.isSafeInteger(value) || typeof value === "bigint";
  require(isWhole && value >= least && value <= most, `${name} is no whole number from ${least} to ${most}`);
  return value;
};

const oneOf = (...values) => (name, value) => {
  require(values.includes(value), `${name} is none of ${values.join(", ")}`);
  return value;
};

const list = (rule) => (name, value) => {
  require(Array.isArray(value), `${name} is no list`);
  return value.map((element) => rule(name, element));
};

const boolean = (name, value) => {
  require(typeof value === "boolean", `${name} is neither true nor false`);
  return value;
};

const optional = (rule, byDefault) => (name, value) => (value == null ? byDefault : rule(name, value));

/** An object with these fields. The result leaves out optional fields that are absent and have no default. */
const record = (rules) => (name, value) => {
  require(typeof value === "object" && value !== null && !Array.isArray(value), `${name} is no object`);
  const checked = Object.entries(rules).map(([field, rule]) => [field, rule(field, value[field])]);
  return Object.fromEntries(checked.filter(([, checkedValue]) => checkedValue !== undefined));
};

const ownId = text(OWN_ID, "id of a packet or a campaign");
const foreignId = text(FOREIGN_ID, "id of a user or a grab");
const hash = text(HASH, "SHA-256 in lower-case hex");
const currency = text(CURRENCY, "currency");
const title = text(TEXT, "text of 1 to 200 characters");
const prizeName = text(PRIZE_NAME, "text of 1 to 100 characters");
const split = oneOf("RANDOM", "EQUAL", "PRIZES");
const share = record({index: whole(0, INT32), cents: whole(0), prize: optional(prizeName)});
const anyPrizes = optional(
  list(record({cents: whole(-INT64 - 1n), count: whole(-INT32 - 1, INT32), name: optional(prizeName)})),
);
const prizes = optional(list(record({cents: whole(0), count: whole(1, INT32), name: optional(prizeName)})));
const luckiest = record({userId: foreignId, share});

const OPEN = record({
  packetId: ownId,
  senderId: foreignId,
  totalCents: whole(-INT64 - 1n),
  shares: whole(-INT32 - 1, INT32),
  split: optional(split, "RANDOM"),
  campaign: optional(ownId),
  openForMillis: optional(whole(-INT64 - 1n), DEFAULT_OPEN_FOR_MILLIS),
  startsAtMillis: optional(whole(-INT64 - 1n)),
  minCents: optional(whole(-INT64 - 1n)),
  maxCents: optional(whole(-INT64 - 1n)),
  prizes: anyPrizes,
  onlyUsers: optional(list(foreignId)),
  currency: optional(currency),
  title: optional(title),
});

const CANCEL = record({type: oneOf("cancel"), packetId: ownId, senderId: foreignId, reason: title});

const GRAB = record({grabId: foreignId, packetId: ownId, userId: foreignId});

const AWARD = record({
  packetId: ownId,
  grabId: foreignId,
  userId: foreignId,
  campaign: optional(ownId),
  currency: optional(currency),
  outcome: oneOf(
    "AWARDED",
    "ALREADY_GRABBED",
    "SOLD_OUT",
    "EXPIRED",
    "UNKNOWN_PACKET",
    "NOT_STARTED",
    "NOT_ELIGIBLE",
    "CANCELLED",
  ),
  share: optional(share),
  repeat: boolean,
  grabbedAtMillis: whole(0),
  grabOffset: whole(0),
});

const EVENTS = {
  opened: record({
    type: oneOf("opened"),
    packetId: ownId,
    senderId: foreignId,
    totalCents: whole(1),
    shares: whole(1, INT32),
    split,
    campaign: optional(ownId),
    openedAtMillis: whole(0),
    deadlineMillis: whole(1),
    commitment: hash,
    openOffset: whole(0),
    startsAtMillis: optional(whole(0)),
    minCents: optional(whole(1)),
    maxCents: optional(whole(1)),
    prizes,
    onlyUsers: optional(record({count: whole(1, INT32), hash})),
    currency: optional(currency),
    title: optional(title),
  }),
  "sold-out": record({
    type: oneOf("sold-out"),
    packetId: ownId,
    campaign: optional(ownId),
    currency: optional(currency),
    awardedShares: whole(1, INT32),
    awardedCents: whole(1),
    closedAtMillis: whole(0),
    elapsedMillis: whole(0),
    luckiest,
    seed: hash,
  }),
  expired: record({
    type: oneOf("expired"),
    packetId: ownId,
    campaign: optional(ownId),
    currency: optional(currency),
    awardedShares: whole(0, INT32),
    awardedCents: whole(0),
    refundedCents: whole(0),
    closedAtMillis: whole(0),
    luckiest: optional(luckiest),
    seed: hash,
  }),
  cancelled: record({
    type: oneOf("cancelled"),
    packetId: ownId,
    campaign: optional(ownId),
    currency: optional(currency),
    awardedShares: whole(0, INT32),
    awardedCents: whole(0),
    refundedCents: whole(0),
    closedAtMillis: whole(0),
    fromGrabOffset: whole(0),
    reason: title,
    openOffset: whole(0),
    luckiest: optional(luckiest),
    seed: hash,
  }),
  "cancel-answered": record({
    type: oneOf("cancel-answered"),
    packetId: ownId,
    outcome: oneOf("CANCELLED", "SOLD_OUT", "EXPIRED", "OTHER_SENDER", "UNKNOWN_PACKET"),
    sums: optional(record({awardedShares: whole(0, INT32), awardedCents: whole(0), refundedCents: whole(0)})),
    openOffset: whole(0),
  }),
  rejected: record({
    type: oneOf("rejected"),
    packetId: ownId,
    reason: oneOf(
      "NO_SHARES",
      "TOO_MANY_SHARES",
      "FEWER_CENTS_THAN_SHARES",
      "TOO_MANY_CENTS",
      "IMPOSSIBLE_DURATION",
      "IMPOSSIBLE_START",
      "IMPOSSIBLE_BOUNDS",
      "IMPOSSIBLE_PRIZES",
      "IMPOSSIBLE_USERS",
      "OTHER_TERMS",
    ),
    detail: text(/^/, "string"),
    openOffset: whole(0),
  }),
};

const RESULTS = [
  "awarded",
  "alreadyGrabbed",
  "soldOut",
  "expired",
  "unknownPacket",
  "repeats",
  "notStarted",
  "notEligible",
  "cancelled",
];
const OTHER_COUNTERS = [
  "grabs",
  "awardedCents",
  "packetsOpened",
  "packetsSoldOut",
  "packetsExpired",
  "refundedCents",
  "packetsCancelled",
];

const STATS = record({
  scope: text(/^(all|campaign\/[A-Za-z0-9._:-]{1,128})(\/([A-Z]{3}|[A-Za-z][A-Za-z0-9._-]{3,31}))?$/, "scope"),
  windowStartMillis: whole(0),
  windowMillis: whole(1),
  revision: whole(1),
  closed: boolean,
  counters: record(Object.fromEntries([...RESULTS, ...OTHER_COUNTERS].map((counter) => [counter, whole(0)]))),
});

function command(fields) {
  const type = oneOf("open", "cancel")("type", fields?.type ?? "open");
  return type === "open" ? open(fields) : CANCEL("the value", fields);
}

/** Total and number of shares follow from the prizes, and the split is PRIZES if there are any. */
function open(fields) {
  const given = anyPrizes("prizes", fields?.prizes);
  if (!given) return OPEN("the value", fields);
  const nearest = (number, most) => {
    const within = number > most ? most : number < -most - 1n ? -most - 1n : number;
    return Number.isSafeInteger(Number(within)) ? Number(within) : within;
  };
  return OPEN("the value", {
    ...fields,
    totalCents: fields.totalCents ?? nearest(centsOf(given), INT64),
    shares: fields.shares ?? nearest(sharesOf(given), BigInt(INT32)),
    split: fields.split ?? "PRIZES",
  });
}

function award(fields) {
  const award = AWARD("the value", fields);
  const {outcome} = award;
  const hasShare = outcome === "AWARDED" || outcome === "ALREADY_GRABBED";
  require("share" in award === hasShare, "only AWARDED and ALREADY_GRABBED have a share");
  require(outcome === "AWARDED" || !award.repeat, "only AWARDED can be a repeat");
  require(outcome !== "UNKNOWN_PACKET" || !("campaign" in award), "an unknown packet has no campaign");
  require(outcome !== "UNKNOWN_PACKET" || !("currency" in award), "an unknown packet has no currency");
  return award;
}

function packetEvent(fields) {
  const type = oneOf(...Object.keys(EVENTS))("type", fields?.type);
  const event = EVENTS[type]("the value", fields);
  if (type === "opened") {
    const {startsAtMillis = 0, minCents = 1, maxCents = INT64} = event;
    require("prizes" in event === (event.split === "PRIZES"), "the split contradicts the prizes");
    require("prizes" in event || event.totalCents >= event.shares, "less than a cent for each share");
    const {openedAtMillis, deadlineMillis} = event;
    require(deadlineMillis > openedAtMillis && deadlineMillis > startsAtMillis, "the deadline is not after the start");
    require(minCents <= maxCents, "minCents is more than maxCents");
  }
  if (type === "cancel-answered") {
    const isClosed = ["CANCELLED", "SOLD_OUT", "EXPIRED"].includes(event.outcome);
    require("sums" in event === isClosed, "the sums contradict the outcome");
  }
  if (type === "sold-out" || type === "expired" || type === "cancelled") {
    require("luckiest" in event === event.awardedShares > 0, "luckiest contradicts awardedShares");
  }
  return event;
}

function stats(fields) {
  const stats = STATS("the value", fields);
  const {windowStartMillis, windowMillis, counters} = stats;
  require(BigInt(windowStartMillis) % BigInt(windowMillis) === 0n, "the window does not start at a multiple");
  const results = RESULTS.reduce((sum, result) => sum + BigInt(counters[result]), 0n);
  require(BigInt(counters.grabs) === results, "the results do not add up to grabs");
  return stats;
}
