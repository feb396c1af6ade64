// The page of a packet: its terms, its winners, and the verification against the seed.

import * as api from "./api.js";
import {Children, bar, element, fillBar, setClass, setText} from "./dom.js";
import {isSame, verify} from "./verify.js";
import {dateAndTime, duration, money, number, word} from "./words.js";

const SHARES_AT_ONCE = 100;
const MOST_AT_ONCE = 1_000;
const REFRESH_MILLIS = 1_000;
const NAMED_AT_MOST = 5;

/** Refreshes itself while the packet is open. Call remove() when another view replaces this one. */
export class PacketPage {
  #packetId;
  #packet;
  #winners = [];
  #terms;
  #proof;
  #rows = element("tbody");
  #shares = new Children(
    this.#rows,
    ({share, userId}) => `${share.index} ${userId}`,
    (award) => new ShareRow(award, this.#packet),
  );
  #noWinners = element("tr", {}, element("td", {colspan: 4, class: "nothing"}));
  #more = element("button", {type: "button", class: "more", hidden: true, click: () => this.#showMore()});
  #expected;
  #refreshing;
  #removed = false;

  constructor(packetId) {
    this.#packetId = packetId;
    this.element = element("div", {class: "packet"}, element("p", {class: "nothing"}, "…"));
    this.#load();
  }

  remove() {
    this.#removed = true;
    clearTimeout(this.#refreshing);
  }

  async #load() {
    try {
      await this.#refresh();
    } catch (failure) {
      this.#showFailure(failure);
    }
  }

  #showFailure(failure) {
    const unknown = failure instanceof api.NotFound;
    const refused = failure instanceof api.Refused;
    const retry = !unknown && !refused;
    const message = unknown ? word("notFound") : refused ? word("failed", {n: failure.message}) : word("tryingAgain");
    this.element.replaceChildren(
      backLink(),
      element(
        "section",
        {class: "card"},
        element("h1", {class: "id"}, this.#packetId),
        element("p", {class: "nothing"}, message),
      ),
    );
    if (retry && !this.#removed) this.#refreshing = setTimeout(() => this.#load(), 2 * REFRESH_MILLIS);
  }

  async #refresh() {
    const {winners, nextAfter, ...packet} = await api.packet(this.#packetId, SHARES_AT_ONCE);
    if (this.#removed) return;
    const justClosed = this.#packet?.status === "opened" && packet.status !== "opened";
    this.#packet = packet;
    if (this.#winners.length <= SHARES_AT_ONCE) this.#winners = winners;
    if (!this.#terms) this.#build();
    if (justClosed) this.#proof.reveal(packet);
    this.#show();
    if (packet.status === "opened") this.#refreshing = setTimeout(() => this.#follow(), REFRESH_MILLIS);
  }

  async #follow() {
    try {
      await this.#refresh();
    } catch {
      this.#refreshing = setTimeout(() => this.#follow(), REFRESH_MILLIS);
    }
  }

  /** Builds the elements once. Later refreshes change only what differs. */
  #build() {
    this.#terms = new Terms(this.#packet);
    this.#proof = new Proof(this.#packet, (onProgress) => this.#verify(onProgress));
    this.element.replaceChildren(
      backLink(),
      this.#terms.element,
      this.#proof.element,
      element("section", {class: "card shares"}, element("h2", {}, word("winners")), this.#table(), this.#more),
    );
  }

  #table() {
    const columns = ["share", "user", "amount", "after"];
    const titles = columns.map((name) => element("th", {class: name, scope: "col"}, word(name)));
    return element("table", {}, element("thead", {}, element("tr", {}, ...titles)), this.#rows);
  }

  #show() {
    const {luckiest, awardedShares, status} = this.#packet;
    this.#terms.show(this.#packet);
    setText(this.#noWinners.firstChild, word(status === "opened" ? "noWinnersYet" : "noWinners"));
    this.#shares.show(
      this.#winners.map((award) => ({...award, luckiest, expected: this.#expected?.[award.share.index]})),
      this.#noWinners,
    );
    this.#more.hidden = this.#winners.length >= awardedShares;
    setText(this.#more, word("more", {n: number(awardedShares - this.#winners.length)}));
  }

  async #showMore() {
    // Two requests at a time would show the same shares twice.
    this.#more.disabled = true;
    try {
      const limit = Math.min(this.#winners.length, MOST_AT_ONCE);
      const page = await api.winnersFrom(this.#packetId, this.#winners.length, limit);
      this.#winners.push(...page);
      this.#show();
    } catch {
      setText(this.#more, word("notAnswered"));
    } finally {
      this.#more.disabled = false;
    }
  }

  async #verify(onProgress) {
    const {winners, nextAfter, ...packet} = await api.packet(this.#packetId, SHARES_AT_ONCE);
    const all = await api.allWinners(this.#packetId, onProgress);
    const {checks, expected} = await verify(packet, all);
    this.#packet = packet;
    this.#winners = all.slice(0, Math.max(SHARES_AT_ONCE, this.#winners.length));
    this.#expected = expected;
    this.#show();
    return checks;
  }
}

function backLink() {
  return element("a", {href: "#/", class: "back"}, `← ${word("back")}`);
}

/** The terms of the packet, how much of it is awarded, and the luckiest winner. */
class Terms {
  #status = element("span");
  #bar = bar();
  #progress = element("span");
  #left = element("span");
  #incomplete = element("p", {class: "bad", hidden: true}, word("incomplete"));
  #facts = element("div");
  #luckiest = element("section", {class: "card luckiest", hidden: true});
  #shown;

  constructor(packet) {
    this.element = element(
      "div",
      {class: "terms-and-luckiest"},
      element(
        "section",
        {class: "card terms"},
        element("div", {class: "headline"}, element("h1", {class: "id"}, packet.packetId), this.#status),
        element("strong", {class: "total"}, money(packet.totalCents, packet.currency)),
        this.#bar,
        element("p", {class: "progress"}, this.#progress, this.#left),
        this.#incomplete,
        this.#facts,
      ),
      this.#luckiest,
    );
  }

  show(packet) {
    const closed = packet.status !== "opened";
    setClass(this.#status, `status ${packet.status}`);
    setText(this.#status, word(packet.status));
    fillBar(this.#bar, packet.awardedShares / packet.shares, packet.status);
    setText(this.#progress, word("progress", {n: number(packet.awardedShares), m: number(packet.shares)}));
    setText(
      this.#left,
      closed && packet.refundedCents != null
        ? word("refundedToSender", {n: money(packet.refundedCents, packet.currency)})
        : word("left", {n: money(packet.centsLeft, packet.currency)}),
    );
    this.#incomplete.hidden = packet.complete;
    if (this.#shown !== packet.status) this.#showFacts(packet);
    this.#shown = packet.status;
    this.#showLuckiest(packet, closed);
  }

  #showFacts(packet) {
    const closed = packet.closedAtMillis != null;
    this.#facts.replaceChildren(
      facts([
        ["packetTitle", packet.title],
        ["sender", packet.senderId],
        ["campaign", packet.campaign],
        ["onlyUsers", packet.onlyUsers && word("users", {n: number(packet.onlyUsers.count)})],
        ["split", word(packet.split)],
        ["bounds", boundsOf(packet)],
        ["prizes", prizesOf(packet)],
        ["openedAt", dateAndTime(packet.openedAtMillis)],
        ["startsAt", packet.startsAtMillis == null ? null : dateAndTime(packet.startsAtMillis)],
        ["deadline", dateAndTime(packet.deadlineMillis)],
        ["closedAt", closed ? `${dateAndTime(packet.closedAtMillis)} · ${duration(openFor(packet))}` : null],
      ]),
    );
  }

  #showLuckiest({luckiest, currency}, closed) {
    this.#luckiest.hidden = luckiest == null;
    if (luckiest == null) return;
    this.#luckiest.replaceChildren(
      element("img", {src: "crown.svg", alt: "", width: 44, height: 33}),
      element("h2", {}, word(closed ? "luckiest" : "luckiestSoFar")),
      element("strong", {class: "user", title: luckiest.userId}, luckiest.userId),
      element("span", {class: "cents"}, amount(luckiest.share, currency)),
    );
  }
}

/** When a packet starts: at its opening, unless its terms name a later start. */
function startOf({openedAtMillis, startsAtMillis}) {
  return Math.max(openedAtMillis, startsAtMillis ?? 0);
}

/** From the start to the closing; 0 for a packet that was cancelled before its start. */
function openFor(packet) {
  return Math.max(0, packet.closedAtMillis - startOf(packet));
}

/** The cents of a share, and the name of its prize if it has one. */
function amount({cents, prize}, currency) {
  return prize == null ? money(cents, currency) : `${money(cents, currency)} · ${prize}`;
}

/** Null if the packet has no bounds. */
function boundsOf({minCents, maxCents, currency}) {
  if (minCents == null && maxCents == null) return null;
  if (maxCents == null) return word("atLeast", {n: money(minCents, currency)});
  if (minCents == null) return word("atMost", {n: money(maxCents, currency)});
  return word("between", {n: money(minCents, currency), m: money(maxCents, currency)});
}

/** Null if the packet has no prizes. */
function prizesOf({prizes, currency}) {
  if (prizes == null) return null;
  const texts = prizes.slice(0, NAMED_AT_MOST).map(({cents, count, name}) => {
    const what = cents === 0 && name == null ? word("blank") : amount({cents, prize: name}, currency);
    return `${number(count)} × ${what}`;
  });
  return texts.join(", ") + (prizes.length > NAMED_AT_MOST ? ", …" : "");
}

/** A share with its winner. After a verification, it shows whether the amount is the one that the seed fixed. */
class ShareRow {
  #share = element("td", {class: "share"});
  #crown = element("img", {src: "crown.svg", alt: word("luckiest"), width: 16, height: 12});
  #bar = bar();
  #shouldBe = element("em", {hidden: true});
  #currency;

  constructor({share, userId, grabbedAtMillis}, packet) {
    this.#currency = packet.currency;
    this.element = element(
      "tr",
      {},
      this.#share,
      element("td", {class: "user", title: userId}, element("div", {}, element("span", {}, userId), this.#crown)),
      element(
        "td",
        {class: "amount"},
        this.#bar,
        element("span", {class: "cents"}, amount(share, packet.currency)),
        this.#shouldBe,
      ),
      element("td", {class: "after"}, duration(Math.max(0, grabbedAtMillis - startOf(packet)))),
    );
  }

  show({share, luckiest, expected}) {
    const lucky = luckiest?.share.index === share.index;
    const checked = expected != null;
    const wrong = checked && !isSame(share, expected);
    setClass(this.element, wrong ? "wrong" : lucky ? "lucky" : "");
    setClass(this.#share, checked && !wrong ? "share right" : "share");
    setText(this.#share, `${checked ? (wrong ? "✗ " : "✓ ") : ""}${number(share.index + 1)}`);
    this.#crown.hidden = !lucky;
    fillBar(this.#bar, share.cents / (luckiest?.share.cents || share.cents || 1), lucky ? "gold" : "");
    this.#shouldBe.hidden = !wrong;
    setText(this.#shouldBe, wrong ? word("shouldBe", {n: amount(expected, this.#currency)}) : "");
  }
}

/** The commitment. Once the packet is closed, also the seed, and a button that verifies the packet against the seed. */
class Proof {
  #verify;
  #explanation = element("p");
  #button = element("button", {type: "button", id: "verify", click: () => this.#run()}, word("verify"));
  #result = element("div", {role: "status"});
  #facts = element("div");

  /** @param verify takes a progress listener, returns the checks */
  constructor(packet, verify) {
    this.#verify = verify;
    this.element = element(
      "section",
      {class: "card proof"},
      element("h2", {}, word("fairness")),
      element("div", {class: "explain"}, this.#explanation, this.#button),
      this.#result,
      this.#facts,
    );
    this.reveal(packet);
  }

  reveal({commitment, seed}) {
    this.#button.disabled = seed == null;
    setText(this.#explanation, word(seed == null ? "verifyLater" : "verifyWhat"));
    this.#facts.replaceChildren(
      facts([
        ["commitment", commitment],
        ["seed", seed ?? word("secretUntilClosed")],
      ]),
    );
  }

  async #run() {
    if (!globalThis.crypto?.subtle) {
      this.#result.replaceChildren(element("p", {class: "verdict bad"}, word("insecure")));
      return;
    }
    if (this.#button.hasAttribute("aria-disabled")) return;
    // A disabled button would lose the focus.
    this.#button.setAttribute("aria-disabled", "true");
    try {
      const checks = await this.#verify((count) => setText(this.#button, word("verifying", {n: number(count)})));
      this.#result.replaceChildren(...verdict(checks));
    } catch (failure) {
      const final = failure instanceof api.NotFound || failure instanceof api.Refused;
      const message = final ? word("failed", {n: failure.message}) : word("notAnswered");
      this.#result.replaceChildren(element("p", {class: "verdict bad"}, message));
    } finally {
      this.#button.removeAttribute("aria-disabled");
      setText(this.#button, word("verify"));
    }
  }
}

function facts(entries) {
  const known = entries.filter(([, value]) => value != null);
  const elements = known.flatMap(([name, value]) => [
    element("dt", {}, word(name)),
    element("dd", {class: name}, value),
  ]);
  return element("dl", {}, ...elements);
}

function verdict(checks) {
  const good = checks.every((check) => check.good);
  const verified = checks.some((check) => check.unknown) ? "partlyVerified" : "verified";
  const text = good ? `✓ ${word(verified)}` : `✗ ${word("tampered")}`;
  const items = checks.map((check) =>
    element("li", {class: check.good ? "good" : "bad", "data-check": check.name}, sentence(check)),
  );
  return [
    element("p", {class: good ? "verdict good" : "verdict bad", id: "verdict"}, text),
    element("ul", {class: "checks"}, ...items),
  ];
}

function sentence(check) {
  return word(`${check.name}${check.good ? (check.nothing ? "None" : "Good") : "Bad"}`, {
    n: check.name === "money" ? money(check.sum, check.currency) : number(check.count ?? 0),
    m: check.total == null ? "" : money(check.total, check.currency),
    which: some(check.name === "shares" ? (check.which ?? []).map((index) => `#${index + 1}`) : (check.which ?? [])),
  });
}

function some(names) {
  return names.slice(0, NAMED_AT_MOST).join(", ") + (names.length > NAMED_AT_MOST ? ", …" : "");
}
