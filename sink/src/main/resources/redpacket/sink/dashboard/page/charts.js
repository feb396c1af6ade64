// Charts over time, drawn by uPlot in the colours of the page.

import uPlot from "./uplot/uPlot.esm.js";
import {element} from "./dom.js";
import {clock, locale, rate} from "./words.js";

const FONT = "11px system-ui, sans-serif";

/**
 * A chart of overlapping areas, the first at the back. A tooltip shows the time and the values under the pointer.
 *
 * @param title for screen readers
 * @param areas pairs of a colour name of style.css and the name of the area
 * @param format formats the values of the vertical axis
 */
export class TimeChart {
  #areas;
  #plot;
  #resizing;
  #values = [];
  #tip = element("div", {class: "tip", hidden: true});

  constructor(title, areas, format) {
    this.#areas = areas;
    this.element = element("div", {class: "chart", role: "img", "aria-label": title});
    const axis = {
      font: FONT,
      stroke: () => color("quiet"),
      grid: {stroke: () => color("line"), width: 1},
      ticks: {show: false},
    };
    this.#plot = new uPlot(
      {
        width: 300,
        height: 200,
        // Leaves room on the right for half of the last time label.
        padding: [12, 24, 0, 0],
        legend: {show: false},
        cursor: {y: false, points: {show: false}, drag: {x: false, y: false}},
        scales: {x: {time: true}, y: {range: (_, least, most) => [0, Math.max(4, most * 1.08)]}},
        axes: [
          {
            ...axis,
            grid: {show: false},
            size: 26,
            space: 90,
            values: (_, times) => times.map((time) => clock(time * 1000)),
          },
          {...axis, size: 52, space: 44, values: (_, values) => values.map(format)},
        ],
        series: [
          {},
          ...areas.map(([kind]) => ({
            stroke: () => color(kind),
            fill: () => color(`${kind}-area`),
            width: 1.5,
            points: {show: false},
          })),
        ],
        hooks: {setCursor: [() => this.#showTip()]},
      },
      [[], ...areas.map(() => [])],
      this.element,
    );
    this.#plot.over.append(this.#tip);
    this.#resizing = new ResizeObserver(([{contentRect}]) =>
      this.#plot.setSize({width: Math.floor(contentRect.width), height: Math.floor(contentRect.height)}),
    );
    this.#resizing.observe(this.element);
  }

  /**
   * @param seconds the times, since 1970 UTC
   * @param values of each area, for the tooltip
   * @param heights of each area, for drawing
   */
  show(seconds, values, heights) {
    this.#values = values;
    this.#plot.setData([seconds, ...heights]);
    this.#showTip();
  }

  remove() {
    this.#resizing.disconnect();
    this.#plot.destroy();
  }

  #showTip() {
    const {idx, left} = this.#plot?.cursor ?? {};
    this.#tip.hidden = idx == null || left < 0;
    if (this.#tip.hidden) return;
    const lines = this.#areas.map(([kind, name], i) =>
      element(
        "li",
        {},
        element("i", {class: `dot ${kind}`}),
        element("span", {}, name),
        element("b", {}, rate(this.#values[i][idx])),
      ),
    );
    this.#tip.replaceChildren(element("time", {}, clock(this.#plot.data[0][idx] * 1000)), element("ul", {}, ...lines));
    // The tooltip is on the side of the pointer that has more room.
    const right = left > this.#plot.over.clientWidth / 2;
    this.#tip.style.left = right ? "" : `${left + 12}px`;
    this.#tip.style.right = right ? `${this.#plot.over.clientWidth - left + 12}px` : "";
  }
}

/** Formats a value of the vertical axis with few digits. */
export function short(value) {
  return value.toLocaleString(locale(), {notation: "compact", maximumFractionDigits: 1});
}

const probe = document.createElement("i");

/** The current value of a colour of style.css. A canvas does not resolve CSS variables. */
function color(name) {
  if (!probe.isConnected) {
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
