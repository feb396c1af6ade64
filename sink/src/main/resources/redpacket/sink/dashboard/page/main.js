// Shows the view for the address, switches language and colours, and follows the stream of snapshots.

import {setText} from "./dom.js";
import {Overview} from "./overview.js";
import {PacketPage} from "./packet.js";
import {clock, locale, switchLanguage, word} from "./words.js";

/** Without a snapshot for this long, the data is old. A snapshot comes every second. */
const STALE_MILLIS = 5_000;

/**
 * Without a snapshot for this long, the connection is dead, for example because the machine slept. The first snapshot
 * of a busy day may take some seconds.
 */
const DEAD_MILLIS = 60_000;

const CHECK_MILLIS = 2_000;

const root = document.documentElement;
const find = (id) => document.getElementById(id);

let view;
let snapshot;
let state = "connecting";
let trouble;
let stream;
let receivedMillis;
let checking;

function showView() {
  view?.remove();
  const packetId = location.hash.match(/^#\/packets\/(.+)$/)?.[1];
  view = packetId ? new PacketPage(decode(packetId)) : new Overview();
  if (snapshot) view.show?.(snapshot);
  find("view").replaceChildren(view.element);
  document.title = packetId ? `${decode(packetId)} · ${word("title")}` : word("title");
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function showWords() {
  root.lang = locale();
  for (const each of document.querySelectorAll("[data-word]")) setText(each, word(each.dataset.word));
  for (const each of document.querySelectorAll("[data-placeholder]")) {
    each.placeholder = word(each.dataset.placeholder);
    each.setAttribute("aria-label", each.placeholder);
  }
  setText(find("language"), word("otherLanguage"));
  find("language").lang = word("otherLocale");
  setText(find("theme"), word(isDark() ? "light" : "dark"));
  showState(state, trouble);
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** @param message the reason why the sink sends no snapshots */
function showState(now, message) {
  state = now;
  trouble = message;
  find("pulse").className = `pulse ${now}`;
  setText(find("pulse"), word(now));
  const notice = {
    partly: () => word("noPacketLookups"),
    troubled: () => word("noLiveData", {n: message}),
    lost: () => (snapshot ? word("lostSince", {n: clock(snapshot.atMillis)}) : word("notReached")),
  }[now];
  find("notice").hidden = !notice;
  setText(find("notice"), notice?.() ?? "");
  find("view").classList.toggle("old", snapshot != null && (now === "lost" || now === "troubled"));
}

function follow() {
  stream?.close();
  receivedMillis = Date.now();
  stream = new EventSource("live");
  stream.addEventListener("snapshot", ({data}) => receive(JSON.parse(data)));
  stream.addEventListener("error", () => showState("lost"));
  clearInterval(checking);
  checking = setInterval(check, CHECK_MILLIS);
}

function receive({trouble: message, ...received}) {
  receivedMillis = Date.now();
  if (message) {
    showState("troubled", message);
    return;
  }
  snapshot = received;
  showState(snapshot.hottest ? "live" : "partly");
  view.show?.(snapshot);
}

/** EventSource reconnects after a broken connection, but not after a refused one, and it does not detect a dead one. */
function check() {
  const silentMillis = Date.now() - receivedMillis;
  if (stream.readyState === EventSource.CLOSED || silentMillis > DEAD_MILLIS) follow();
  else if (silentMillis > STALE_MILLIS && snapshot) showState("lost");
}

// Browsers keep a page in memory for a while after the user has left it. Its stream would occupy one of the six
// connections to the server. After some visits, the next page would wait for most of a minute.
addEventListener("pagehide", () => {
  clearInterval(checking);
  stream.close();
});

addEventListener("pageshow", ({persisted}) => {
  if (persisted) follow();
});

find("language").addEventListener("click", () => {
  switchLanguage();
  showWords();
  showView();
});

find("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
  showWords();
  if (snapshot) view.show?.(snapshot);
});

find("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const packetId = find("packet-id").value.trim();
  if (packetId) location.hash = `#/packets/${encodeURIComponent(packetId)}`;
});

addEventListener("hashchange", () => {
  showView();
  scrollTo(0, 0);
  // Screen readers and keyboard users continue at the new view.
  find("view").focus({preventScroll: true});
});

const theme = localStorage.getItem("theme");
if (theme) root.dataset.theme = theme;
showWords();
showView();
follow();
