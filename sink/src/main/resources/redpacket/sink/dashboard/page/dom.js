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

/** A bar that is filled up to a share of 0 to 1. */
export function bar(share, kind = "") {
  const fill = element("i");
  // Through the object model: the content security policy forbids style attributes in markup.
  fill.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return element("span", {class: `track ${kind}`}, fill);
}

/** Changes the text only where it differs, so that a selection and a screen reader are left in peace. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** The page of a packet. */
export function packetLink(packetId, ...children) {
  return element("a", {href: `#/packets/${encodeURIComponent(packetId)}`, class: "id", title: packetId}, ...children);
}
