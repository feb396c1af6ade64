// The overview: what goes on at this moment.

import {TimeChart, short} from "./charts.js";
import {Children, bar, element, fillBar, packetLink, setClass, setText} from "./dom.js";
import {clock, duration, money, number, rate, shortMoney, word} from "./words.js";

const SECONDS_SHOWN = 180;

/** The columns of a picture's windows, from the top of the stack to its bottom; the colour of each is of the same name. */
const OUTCOMES = [
  ["unknownPacket", "UNKNOWN_PACKET"],
  ["expired", "EXPIRED"],
  ["soldOut", "SOLD_OUT"],
  ["alreadyGrabbed", "ALREADY_GRABBED"],
  ["repeats", "repeats"],
  ["awarded", "AWARDED"],
];

/** Lives from its making until remove(); show() gets a picture every second. */
export class Rush {
  #tiles = {};
  #legend = {};
  #hottest = element("ol", {class: "hot"});
  #awards = element("ol", {class: "feed"});
  #hotPackets = new Children(this.#hottest, ({packetId}) => packetId, (packet) => new HotPacket(packet));
  #latestAwards = new Children(this.#awards, ({packetId, share, grabbedAtMillis}) => `${packetId} ${share.index} ${grabbedAtMillis}`, latestAward);
  #noPackets = nothing("noPackets");
  #noAwards = nothing("noAwards");
  #rushChart = new TimeChart(word("rush"), [["grabs", word("of-grabs")], ["awarded", word("of-awarded")]], short);
  #outcomeChart = new TimeChart(word("outcomes"), OUTCOMES.map(([column, name]) => [column, word(name)]), short);
  #answers = element("span");

  constructor() {
    const legend = element("ul", {class: "legend"}, ...[...OUTCOMES].reverse().map((outcome) => this.#legendEntry(outcome)));
    this.element = element(
      "div",
      {class: "overview"},
      element(
        "section",
        {class: "tiles"},
        ...["grabsPerSecond", "awardsPerSecond", "awarded", "refunded", "latency", "lag"].map((name) => this.#tile(name)),
      ),
      card("rush", word("rush"), [key("grabs"), key("awarded"), element("span", {class: "optional"}, word("lastMinutes"))], this.#rushChart.element),
      card("outcomes", word("outcomes"), [this.#answers], this.#outcomeChart.element, legend),
      card("", word("hottest"), [], this.#hottest),
      card("", word("lastAwards"), [], this.#awards),
    );
  }

  show(picture) {
    this.#showTiles(picture);
    this.#showCharts(picture);
    this.#showHottest(picture.hottest);
    this.#showAwards(picture.awards);
  }

  remove() {
    this.#rushChart.remove();
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
    this.#tell("grabsPerSecond", rate(perSecond("grabs")), word("peak", {n: number(peak("grabs"))}));
    this.#tell("awardsPerSecond", rate(perSecond("awarded")), word("peak", {n: number(peak("awarded"))}));
    this.#tell("awarded", shortMoney(totals.awardedCents), word("shares", {n: number(totals.awarded)}), money(totals.awardedCents));
    this.#tell(
      "refunded",
      shortMoney(totals.refundedCents),
      word("packetsExpired", {n: number(totals.packetsExpired)}),
      money(totals.refundedCents),
    );
    if (latency) this.#tell("latency", duration(latency.p50), word("p99", {n: duration(latency.p99)}));
    else this.#tell("latency", "–", word("nothingLately"));
    this.#tell("lag", number(lag), lag === 0 ? word("upToDate") : word("records"));
    setText(this.#answers, `${word("answers", {n: number(totals.grabs)})} · ${word("lastDay")}`);
    for (const [column] of OUTCOMES) setText(this.#legend[column], number(totals[column]));
  }

  #tell(tile, value, note, title = value) {
    setText(this.#tiles[tile].value, value);
    this.#tiles[tile].value.style.setProperty("--characters", value.length); // It gets smaller rather than being cut off.
    this.#tiles[tile].value.title = title;
    setText(this.#tiles[tile].note, note);
  }

  #showCharts({windows, settledMillis}) {
    if (windows.windowMillis === 0) return;
    const columns = evenlySpaced(windows, settledMillis);
    const perSecond = 1000 / windows.windowMillis;
    const scaled = (column) => columns[column].map((count) => count * perSecond);
    const outcomes = OUTCOMES.map(([column]) => scaled(column));
    const rush = [scaled("grabs"), scaled("awarded")];
    this.#rushChart.show(columns.seconds, rush, rush);
    this.#outcomeChart.show(columns.seconds, outcomes, stacked(outcomes));
  }

  /** While the read model cannot be asked, the packets stay as they were. */
  #showHottest(hottest) {
    if (hottest) this.#hotPackets.show(hottest, this.#noPackets);
  }

  #showAwards(awards) {
    this.#latestAwards.show(awards, this.#noAwards);
  }
}

/** A line of the hottest packets. */
class HotPacket {
  #status = element("span");
  #rate = element("span", {class: "rate"});
  #bar = bar();
  #count = element("span", {class: "count"});

  constructor({packetId, totalCents}) {
    this.element = element(
      "li",
      {},
      packetLink(packetId, packetId),
      this.#status,
      this.#rate,
      this.#bar,
      this.#count,
      element("span", {class: "cents", title: money(totalCents)}, shortMoney(totalCents)),
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
      element("span", {class: "cents", title: money(award.share.cents)}, shortMoney(award.share.cents)),
      element("time", {}, clock(award.grabbedAtMillis)),
    ),
    show() {}, // An award never changes.
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

/** The index of the latest window whose counters are not going to change, if it is as late as it could be; or -1. */
function lastSettled(windows, settledMillis) {
  if (windows.windowMillis === 0) return -1;
  const start = Math.floor(settledMillis / windows.windowMillis - 1) * windows.windowMillis;
  return windows.startMillis.lastIndexOf(start);
}

/** All windows up to the last settled one: those in which nothing happened are not in the picture. */
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

/** Each column plus all that are below it. */
function stacked(columns) {
  return columns.map((_, i) => columns[0].map((_, row) => columns.slice(i).reduce((sum, column) => sum + column[row], 0)));
}
