// Builds elements. Data enters as text or as attribute values, never as markup.

/**
 * For example element("td", {class: "cents", title: "…"}, "1.20", child). Children that are null or undefined are
 * left out. An attribute whose value is a function is a listener for the event of that name.
 */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") created.addEventListener(name, value);
    else if (value === true) created.setAttribute(name, "");
    else if (value !== false && value != null) created.setAttribute(name, value);
  }
  created.append(...children.filter((child) => child != null));
  return created;
}

/** An empty bar, for fillBar(). */
export function bar(kind = "") {
  return element("span", {class: `track ${kind}`}, element("i"));
}

/** Fills a bar. The share is from 0 to 1. */
export function fillBar(target, share, kind = "") {
  setClass(target, `track ${kind}`);
  // Set as a property, because the content security policy forbids style attributes in markup.
  target.firstChild.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
}

/** Changes the text only if it differs, to keep selections and not to disturb screen readers. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Changes the class only if it differs, to avoid needless restyling. */
export function setClass(target, name) {
  if (target.className !== name) target.className = name;
}

/**
 * Shows items as the children of an element. An item that is shown again keeps its child element. So the focus and a
 * click in progress are not lost, and bars move instead of jumping.
 */
export class Children {
  #parent;
  #keyOf;
  #make;
  #parts = new Map();

  /** @param make creates {element, show(item)} for an item */
  constructor(parent, keyOf, make) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  /** @param placeholder is shown if there are no items */
  show(items, placeholder) {
    const before = this.#parts;
    this.#parts = new Map();
    for (const item of items) {
      const key = this.#keyOf(item);
      const part = before.get(key) ?? this.#make(item);
      part.show(item);
      this.#parts.set(key, part);
    }
    this.#place(items.length === 0 ? [placeholder] : [...this.#parts.values()].map((part) => part.element));
  }

  #place(wanted) {
    const focused = document.activeElement;
    const keep = new Set(wanted);
    for (const child of [...this.#parent.children]) {
      if (!keep.has(child)) child.remove();
    }
    wanted.forEach((child, i) => {
      if (this.#parent.children[i] !== child) this.#parent.insertBefore(child, this.#parent.children[i] ?? null);
    });
    // An element loses the focus when it is moved.
    if (this.#parent.contains(focused)) focused.focus({preventScroll: true});
  }
}

/** A link to the page of a packet. */
export function packetLink(packetId, ...children) {
  return element("a", {href: `#/packets/${encodeURIComponent(packetId)}`, class: "id", title: packetId}, ...children);
}
