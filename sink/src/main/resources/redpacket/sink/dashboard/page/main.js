// Which view is shown, in which language and colours; and the stream of pictures.

import {setText} from "./dom.js";
import {PacketPage} from "./packet.js";
import {Rush} from "./rush.js";
import {locale, switchLanguage, word} from "./words.js";

const root = document.documentElement;
const find = (id) => document.getElementById(id);

let view;
let picture;
let state = "connecting";

function showView() {
  view?.remove();
  const packetId = location.hash.match(/^#\/packets\/(.+)$/)?.[1];
  view = packetId ? new PacketPage(decode(packetId)) : new Rush();
  if (picture) view.show?.(picture);
  find("view").replaceChildren(view.element);
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
  document.title = word("title");
  for (const each of document.querySelectorAll("[data-word]")) setText(each, word(each.dataset.word));
  for (const each of document.querySelectorAll("[data-placeholder]")) {
    each.placeholder = word(each.dataset.placeholder);
    each.setAttribute("aria-label", each.placeholder);
  }
  setText(find("language"), word("otherLanguage"));
  setText(find("theme"), word(isDark() ? "light" : "dark"));
  showState(state);
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showState(now, message = word(now)) {
  state = now;
  find("pulse").className = `pulse ${now}`;
  setText(find("pulse"), message);
}

function follow() {
  const stream = new EventSource("live");
  stream.addEventListener("picture", ({data}) => {
    const {trouble, ...received} = JSON.parse(data);
    if (trouble) {
      showState("lost", trouble);
      return;
    }
    picture = received;
    showState("live");
    view.show?.(picture);
  });
  stream.addEventListener("error", () => showState("lost")); // It connects again by itself.
  // A browser keeps a page that is left for a while, in case one goes back. With its stream the page would keep one of the six
  // connections that a browser makes to a server: after a few visits the next page would wait for most of a minute.
  addEventListener("pagehide", () => stream.close(), {once: true});
}

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

addEventListener("hashchange", showView);

const theme = localStorage.getItem("theme");
if (theme) root.dataset.theme = theme;
showWords();
showView();
follow();
