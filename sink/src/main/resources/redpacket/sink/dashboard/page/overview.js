// The overview: counters, charts, the hottest packets and the latest awards.

import {TimeChart, short} from "./charts.js";
import {Children, bar, element, fillBar, packetLink, setClass, setText} from "./dom.js";
import {clock, duration, money, number, rate, shortMoney, word} from "./words.js";

const SECONDS_SHOWN = 180;

/** The columns of windows, from the top of the stack to its bottom. The colour of a column has the same name. */
const OUTCOMES = [
  ["unknownPacket", "UNKNOWN_PACKET"],
  ["notEligible", "NOT_ELIGIBLE"],
  ["notStarted", "NOT_STARTED"],
  ["cancelled", "CANCELLED"],
  ["expired", "EXPIRED"],
  ["soldOut", "SOLD_OUT"],
  ["alreadyGrabbed", "ALREADY_GRABBED"],
  ["repeats", "repeats"],
  ["awarded", "AWARDED"],
];

/** Call show() with each snapshot, and remove() when another view replaces this one. */
export class Overview {
  #tiles = {};
  #legend = {};
  #hottest = element("ol", {class: "hot"});
  #awards = element("ol", {class: "feed"});
  #hotPackets = new Children(this.#hottest, ({packetId}) => packetId, (packet) => new HotPacket(packet));
  #latestAwards = new Children(
    this.#awards,
    ({packetId, share, grabbedAtMillis}) => `${packetId} ${share.index} ${grabbedAtMillis}`,
    latestAward,
  );
  #noPackets = nothing("noPackets");
  #noAwards = nothing("noAwards");
  #activityChart = new TimeChart(
    word("activity"),
    [
      ["grabs", word("of-grabs")],
      ["awarded", word("of-awarded")],
    ],
    short,
  );
  #outcomeChart = new TimeChart(word("outcomes"), OUTCOMES.map(([column, name]) => [column, word(name)]), short);
  #answers = element("span");

  constructor() {
    const tiles = ["grabsPerSecond", "awardsPerSecond", "awarded", "refunded", "latency", "lag"];
    const legend = [...OUTCOMES].reverse().map((outcome) => this.#legendEntry(outcome));
    const keys = [key("grabs"), key("awarded"), element("span", {class: "optional"}, word("lastMinutes"))];
    this.element = element(
      "div",
      {class: "overview"},
      element("section", {class: "tiles"}, ...tiles.map((name) => this.#tile(name))),
      card("activity", word("activity"), keys, this.#activityChart.element),
      card(
        "outcomes",
        word("outcomes"),
        [this.#answers],
        this.#outcomeChart.element,
        element("ul", {class: "legend"}, ...legend),
      ),
      card("", word("hottest"), [], this.#hottest),
      card("", word("latestAwards"), [], this.#awards),
    );
  }

  show(snapshot) {
    this.#showTiles(snapshot);
    this.#showCharts(snapshot);
    this.#showHottest(snapshot.hottest);
    this.#showAwards(snapshot.awards);
  }

  remove() {
    this.#activityChart.remove();
    this.#outcomeChart.remove();
  }

  #tile(name) {
    const value = element("strong", {id: name});
    const note = element("small");
    this.#tiles[name] = {value, note};
    return element("div", {class: `tile ${name}`}, element("h2", {}, word(name)), value, note);
  }

  #legendEntry([column, name]) {
    const count = element("b", {id: `total-${name}`});
    this.#legend[column] = count;
    return element("li", {}, element("i", {class: `dot ${column}`}), element("span", {}, word(name)), count);
  }

  #showTiles({totals, windows, settledMillis, latency, lag}) {
    const settled = lastSettled(windows, settledMillis);
    const perSecond = (column) => (settled < 0 ? 0 : (windows[column][settled] * 1000) / windows.windowMillis);
    const peak = (column) => (Math.max(0, ...windows[column]) * 1000) / (windows.windowMillis || 1);
    this.#fill("grabsPerSecond", rate(perSecond("grabs")), word("peak", {n: number(peak("grabs"))}));
    this.#fill("awardsPerSecond", rate(perSecond("awarded")), word("peak", {n: number(peak("awarded"))}));
    this.#fill(
      "awarded",
      shortMoney(totals.awardedCents),
      word("shares", {n: number(totals.awarded)}),
      money(totals.awardedCents),
    );
    this.#fill(
      "refunded",
      shortMoney(totals.refundedCents),
      word("packetsExpired", {n: number(totals.packetsExpired)}),
      money(totals.refundedCents),
    );
    if (latency) this.#fill("latency", duration(latency.p50), word("p99", {n: duration(latency.p99)}));
    else this.#fill("latency", "–", word("noRecentData"));
    this.#fill("lag", number(lag), lag === 0 ? word("upToDate") : word("records"));
    setText(this.#answers, `${word("answers", {n: number(totals.grabs)})} · ${word("lastDay")}`);
    for (const [column] of OUTCOMES) setText(this.#legend[column], number(totals[column]));
  }

  #fill(tile, value, note, title = value) {
    setText(this.#tiles[tile].value, value);
    // style.css makes long values smaller, so that they are not cut off.
    this.#tiles[tile].value.style.setProperty("--characters", value.length);
    this.#tiles[tile].value.title = title;
    setText(this.#tiles[tile].note, note);
  }

  #showCharts({windows, settledMillis}) {
    if (windows.windowMillis === 0) return;
    const columns = evenlySpaced(windows, settledMillis);
    const perSecond = 1000 / windows.windowMillis;
    const scaled = (column) => columns[column].map((count) => count * perSecond);
    const outcomes = OUTCOMES.map(([column]) => scaled(column));
    const activity = [scaled("grabs"), scaled("awarded")];
    this.#activityChart.show(columns.seconds, activity, activity);
    this.#outcomeChart.show(columns.seconds, outcomes, stacked(outcomes));
  }

  /** While the read model is unavailable, the packets stay unchanged. */
  #showHottest(hottest) {
    if (hottest) this.#hotPackets.show(hottest, this.#noPackets);
  }

  #showAwards(awards) {
    this.#latestAwards.show(awards, this.#noAwards);
  }
}

/** A row of the hottest packets. */
class HotPacket {
  #status = element("span");
  #rate = element("span", {class: "rate"});
  #bar = bar();
  #count = element("span", {class: "count"});

  constructor({packetId, totalCents, currency}) {
    this.element = element(
      "li",
      {},
      packetLink(packetId, packetId),
      this.#status,
      this.#rate,
      this.#bar,
      this.#count,
      element("span", {class: "cents", title: money(totalCents, currency)}, shortMoney(totalCents, currency)),
    );
  }

  show({status, grabsPerSecond, awardedShares, shares}) {
    setClass(this.#status, `status ${status}`);
    setText(this.#status, word(status));
    setText(this.#rate, grabsPerSecond >= 0.05 ? word("perSecond", {n: rate(grabsPerSecond)}) : "");
    fillBar(this.#bar, awardedShares / shares, status);
    setText(this.#count, `${number(awardedShares)} / ${number(shares)}`);
  }
}

function latestAward(award) {
  return {
    element: element(
      "li",
      {},
      element("span", {class: "user", title: award.userId}, award.userId),
      packetLink(award.packetId, award.packetId),
      element(
        "span",
        {class: "cents", title: award.share.prize ?? money(award.share.cents, award.currency)},
        shortMoney(award.share.cents, award.currency),
      ),
      element("time", {}, clock(award.grabbedAtMillis)),
    ),
    // An award never changes.
    show() {},
  };
}

function card(kind, title, aside, ...children) {
  const header = element("header", {}, element("h2", {}, title), element("span", {class: "aside"}, ...aside));
  return element("section", {class: `card ${kind}`}, header, ...children);
}

function key(kind) {
  return element("span", {class: "key"}, element("i", {class: `dot ${kind}`}), word(`of-${kind}`));
}

function nothing(key) {
  return element("li", {class: "nothing"}, word(key));
}

/** The index of the latest window that has settled. -1 if it is missing, because nothing happened in it. */
function lastSettled(windows, settledMillis) {
  if (windows.windowMillis === 0) return -1;
  const start = Math.floor(settledMillis / windows.windowMillis - 1) * windows.windowMillis;
  return windows.startMillis.lastIndexOf(start);
}

/** All windows up to the latest settled one, with zeros for windows that are missing in the snapshot. */
function evenlySpaced(windows, settledMillis) {
  const {windowMillis, startMillis} = windows;
  const last = Math.floor(settledMillis / windowMillis - 1) * windowMillis;
  const starts = Array.from({length: SECONDS_SHOWN}, (_, i) => last - (SECONDS_SHOWN - 1 - i) * windowMillis);
  const at = new Map(startMillis.map((start, i) => [start, i]));
  const columns = {seconds: starts.map((start) => start / 1000)};
  for (const column of ["grabs", ...OUTCOMES.map(([name]) => name)]) {
    columns[column] = starts.map((start) => windows[column][at.get(start)] ?? 0);
  }
  return columns;
}

/** Each column plus all columns below it. */
function stacked(columns) {
  return columns.map((_, i) =>
    columns[0].map((_, row) => columns.slice(i).reduce((sum, column) => sum + column[row], 0)),
  );
}
