// The page of one packet: its terms, who got what, and the proof that it was fair.

import * as api from "./api.js";
import {bar, element, setText} from "./dom.js";
import {verify} from "./verify.js";
import {dateAndTime, duration, money, number, word} from "./words.js";

const SHARES_AT_ONCE = 100;
const REFRESH_MILLIS = 1_000;
const NAMED_AT_MOST = 5;

/** Lives from its making until remove(). While the packet is open, it follows what happens. */
export class PacketPage {
  #packetId;
  #packet;
  #winners = [];
  #terms = element("div");
  #proof = element("section", {class: "card proof"});
  #rows = element("tbody");
  #more = element("button", {type: "button", class: "more", hidden: true, click: () => this.#showMore()}, word("more"));
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
      this.element.replaceChildren(
        element("a", {href: "#/", class: "back"}, `← ${word("back")}`),
        this.#terms,
        this.#proof,
        element("section", {class: "card shares"}, this.#table(), this.#more),
      );
      this.#showProof();
    } catch (failure) {
      const message = failure instanceof api.NotFound ? word("notFound") : word("failed", {n: failure.message});
      this.element.replaceChildren(
        element("a", {href: "#/", class: "back"}, `← ${word("back")}`),
        element("h1", {class: "id"}, this.#packetId),
        element("p", {class: "nothing"}, message),
      );
    }
  }

  async #refresh() {
    const {winners, nextAfter, ...packet} = await api.packet(this.#packetId, SHARES_AT_ONCE);
    if (this.#removed) return;
    const wasOpen = this.#packet == null || this.#packet.status === "opened";
    this.#packet = packet;
    if (this.#winners.length <= SHARES_AT_ONCE) this.#winners = winners;
    this.#showTerms();
    this.#showWinners();
    if (packet.status === "opened") {
      this.#refreshing = setTimeout(() => this.#follow(), REFRESH_MILLIS);
    } else if (wasOpen) {
      this.#showProof();
    }
  }

  async #follow() {
    try {
      await this.#refresh();
    } catch {
      this.#refreshing = setTimeout(() => this.#follow(), REFRESH_MILLIS);
    }
  }

  #showTerms() {
    const packet = this.#packet;
    const closed = packet.status !== "opened";
    this.#terms.replaceChildren(
      element(
        "section",
        {class: "card terms"},
        element("div", {class: "headline"}, element("h1", {class: "id"}, packet.packetId), element("span", {class: `status ${packet.status}`}, word(packet.status))),
        element("strong", {class: "total"}, money(packet.totalCents)),
        bar(packet.awardedShares / packet.shares, packet.status),
        element(
          "p",
          {class: "progress"},
          element("span", {}, word("given", {n: number(packet.awardedShares), m: number(packet.shares)})),
          element("span", {}, closed && packet.refundedCents ? word("backToSender", {n: money(packet.refundedCents)}) : word("left", {n: money(packet.centsLeft)})),
        ),
        packet.complete ? null : element("p", {class: "bad"}, word("incomplete")),
        facts([
          ["sender", packet.senderId],
          ["campaign", packet.campaign],
          ["split", word(packet.split)],
          ["openedAt", dateAndTime(packet.openedAtMillis)],
          ["deadline", dateAndTime(packet.deadlineMillis)],
          ["closedAt", packet.closedAtMillis == null ? null : `${dateAndTime(packet.closedAtMillis)} · ${duration(packet.closedAtMillis - packet.openedAtMillis)}`],
        ]),
      ),
      packet.luckiest ? this.#luckiestCard(packet.luckiest) : "",
    );
  }

  #luckiestCard({userId, share}) {
    return element(
      "section",
      {class: "card luckiest"},
      element("img", {src: "crown.svg", alt: "", width: 44, height: 33}),
      element("h2", {}, word("luckiest")),
      element("strong", {class: "user", title: userId}, userId),
      element("span", {class: "cents"}, money(share.cents)),
    );
  }

  #table() {
    return element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...["share", "user", "amount", "after"].map((name) => element("th", {class: name, scope: "col"}, word(name))))),
      this.#rows,
    );
  }

  #showWinners() {
    const most = this.#packet.luckiest?.share.cents ?? 1;
    const rows = this.#winners.map((award) => this.#row(award, most));
    if (rows.length === 0) rows.push(element("tr", {}, element("td", {colspan: 4, class: "nothing"}, word("nobody"))));
    this.#rows.replaceChildren(...rows);
    this.#more.hidden = this.#winners.length >= this.#packet.awardedShares;
  }

  #row(award, most) {
    const {index, cents} = award.share;
    const luckiest = this.#packet.luckiest?.share.index === index;
    const fixed = this.#expected?.[index];
    const wrong = fixed != null && fixed !== cents;
    return element(
      "tr",
      {class: wrong ? "wrong" : luckiest ? "lucky" : null},
      element("td", {class: "share"}, fixed == null ? "" : wrong ? "✗ " : "✓ ", number(index + 1)),
      element("td", {class: "user", title: award.userId}, award.userId, luckiest ? element("img", {src: "crown.svg", alt: word("luckiest"), width: 16, height: 12}) : null),
      element(
        "td",
        {class: "amount"},
        bar(cents / most, luckiest ? "gold" : ""),
        element("span", {class: "cents"}, money(cents)),
        wrong ? element("em", {}, word("shouldBe", {n: money(fixed)})) : null,
      ),
      element("td", {class: "after"}, duration(Math.max(0, award.grabbedAtMillis - this.#packet.openedAtMillis))),
    );
  }

  async #showMore() {
    const page = await api.winnersFrom(this.#packetId, this.#winners.length, SHARES_AT_ONCE);
    this.#winners.push(...page);
    this.#showWinners();
  }

  #showProof(...result) {
    const packet = this.#packet;
    const closed = packet.seed != null;
    const button = element("button", {type: "button", id: "verify", disabled: !closed, click: () => this.#verify(button)}, word("verify"));
    this.#proof.replaceChildren(
      element("div", {class: "explain"}, element("p", {}, word(closed ? "verifyWhat" : "verifyLater")), button),
      ...result,
      facts([
        ["commitment", packet.commitment],
        ["seed", packet.seed ?? word("secretUntilClosed")],
      ]),
    );
  }

  async #verify(button) {
    if (!globalThis.crypto?.subtle) {
      this.#showProof(element("p", {class: "verdict bad"}, word("insecure")));
      return;
    }
    button.disabled = true;
    try {
      const {winners, nextAfter, ...packet} = await api.packet(this.#packetId, SHARES_AT_ONCE);
      const all = await api.allWinners(this.#packetId, (count) => setText(button, word("verifying", {n: number(count)})));
      const {checks, expected} = await verify(packet, all);
      this.#packet = packet;
      this.#winners = all.slice(0, Math.max(SHARES_AT_ONCE, this.#winners.length));
      this.#expected = expected;
      this.#showTerms();
      this.#showWinners();
      this.#showProof(...verdict(checks));
    } catch (failure) {
      this.#showProof(element("p", {class: "verdict bad"}, word("failed", {n: failure.message})));
    }
  }
}

function facts(entries) {
  const known = entries.filter(([, value]) => value != null);
  return element("dl", {}, ...known.flatMap(([name, value]) => [element("dt", {}, word(name)), element("dd", {class: name}, value)]));
}

function verdict(checks) {
  const good = checks.every((check) => check.good);
  return [
    element("p", {class: good ? "verdict good" : "verdict bad", id: "verdict"}, `${good ? "✓" : "✗"} ${word(good ? "verified" : "tampered")}`),
    element("ul", {class: "checks"}, ...checks.map((check) => element("li", {class: check.good ? "good" : "bad", "data-check": check.name}, sentence(check)))),
  ];
}

function sentence(check) {
  return word(`${check.name}${check.good ? "Good" : "Bad"}`, {
    n: check.name === "money" ? money(check.sum) : number(check.count ?? 0),
    m: check.total == null ? "" : money(check.total),
    which: some(check.name === "shares" ? (check.which ?? []).map((index) => `#${index + 1}`) : (check.which ?? [])),
  });
}

function some(names) {
  return names.slice(0, NAMED_AT_MOST).join(", ") + (names.length > NAMED_AT_MOST ? ", …" : "");
}
