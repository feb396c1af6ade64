// Builds elements. Whatever comes from outside enters as text or as the value of an attribute, never as markup.

/**
 * element("td", {class: "cents", title: "…"}, "1.20", child)
 * Children that are null or undefined are left out; a function among the attributes listens to the event of that name.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** A bar; fillBar() fills it. */
export function bar(kind = "") {
  return element("span", {class: `track ${kind}`}, element("i"));
}

/** Fills a bar up to a share of 0 to 1. */
export function fillBar(target, share, kind = "") {
  setClass(target, `track ${kind}`);
  // Through the object model: the content security policy forbids style attributes in markup.
  target.firstChild.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
}

/** Changes the text only where it differs, so that a selection and a screen reader are left in peace. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Changes the class only where it differs, so that nothing is styled anew in vain. */
export function setClass(target, name) {
  if (target.className !== name) target.className = name;
}

/**
 * Shows items as the children of an element. The child of an item that was there before stays the same element: it keeps the
 * focus, a click that has begun hits it, and its bar moves instead of jumping.
 */
export class Children {
  #parent;
  #keyOf;
  #make;
  #parts = new Map();

  /** @param make of an item: {element, show(item)} */
  constructor(parent, keyOf, make) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  /** @param placeholder stands there alone when there are no items */
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
    if (this.#parent.contains(focused)) focused.focus({preventScroll: true}); // It may have been moved.
  }
}

/** The page of a packet. */
export function packetLink(packetId, ...children) {
  return element("a", {href: `#/packets/${encodeURIComponent(packetId)}`, class: "id", title: packetId}, ...children);
}
