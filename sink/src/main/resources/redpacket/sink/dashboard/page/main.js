// Which view is shown, in which language and colours; and the stream of pictures.

import {setText} from "./dom.js";
import {PacketPage} from "./packet.js";
import {Rush} from "./rush.js";
import {clock, locale, switchLanguage, word} from "./words.js";

/** A picture comes every second. */
const STALE_MILLIS = 5_000;
/** A connection that died without a word, as when the machine slept. The first picture of a busy day may take some seconds. */
const DEAD_MILLIS = 60_000;
const CHECK_MILLIS = 2_000;

const root = document.documentElement;
const find = (id) => document.getElementById(id);

let view;
let picture;
let state = "connecting";
let trouble;
let stream;
let heardMillis;
let checking;

function showView() {
  view?.remove();
  const packetId = location.hash.match(/^#\/packets\/(.+)$/)?.[1];
  view = packetId ? new PacketPage(decode(packetId)) : new Rush();
  if (picture) view.show?.(picture);
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

/** @param message of a sink that is in trouble */
function showState(now, message) {
  state = now;
  trouble = message;
  find("pulse").className = `pulse ${now}`;
  setText(find("pulse"), word(now));
  const notice = {
    partly: () => word("notLookedUp"),
    troubled: () => word("cannotFollow", {n: message}),
    lost: () => (picture ? word("lostSince", {n: clock(picture.atMillis)}) : word("notReached")),
  }[now];
  find("notice").hidden = !notice;
  setText(find("notice"), notice?.() ?? "");
  // What is shown is old.
  find("view").classList.toggle("old", picture != null && (now === "lost" || now === "troubled"));
}

function follow() {
  stream?.close();
  heardMillis = Date.now();
  stream = new EventSource("live");
  stream.addEventListener("picture", ({data}) => hear(JSON.parse(data)));
  stream.addEventListener("error", () => showState("lost"));
  clearInterval(checking);
  checking = setInterval(check, CHECK_MILLIS);
}

function hear({trouble: message, ...received}) {
  heardMillis = Date.now();
  if (message) {
    showState("troubled", message);
    return;
  }
  picture = received;
  showState(picture.hottest ? "live" : "partly");
  view.show?.(picture);
}

/** A stream that breaks connects again by itself, but neither one that was refused nor one that just fell silent. */
function check() {
  const silentMillis = Date.now() - heardMillis;
  if (stream.readyState === EventSource.CLOSED || silentMillis > DEAD_MILLIS) follow();
  else if (silentMillis > STALE_MILLIS && picture) showState("lost");
}

// A browser keeps a page that is left for a while, in case one goes back. With its stream the page would keep one of the six
// connections that a browser makes to a server: after a few visits the next page would wait for most of a minute.
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
  if (picture) view.show?.(picture);
});

find("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const packetId = find("packet-id").value.trim();
  if (packetId) location.hash = `#/packets/${encodeURIComponent(packetId)}`;
});

addEventListener("hashchange", () => {
  showView();
  scrollTo(0, 0);
  find("view").focus({preventScroll: true}); // Whoever reads by ear or by keyboard goes on at the new page.
});

const theme = localStorage.getItem("theme");
if (theme) root.dataset.theme = theme;
showWords();
showView();
follow();
