// Charts over time: uPlot with the page's colours and words.

import uPlot from "./uplot/uPlot.esm.js";
import {element} from "./dom.js";
import {clock, locale, rate} from "./words.js";

const FONT = "11px system-ui, sans-serif";

/**
 * A chart of areas that are drawn one over the other, the first at the back. Under a pointer it tells time and values.
 *
 * @param title for those who do not see it
 * @param areas of each its kind, which is the name of a colour in style.css, and its name
 * @param format of the values at the left
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
        padding: [12, 24, 0, 0], // At the right, room for half a time of day.
        legend: {show: false},
        cursor: {y: false, points: {show: false}, drag: {x: false, y: false}},
        scales: {x: {time: true}, y: {range: (_, least, most) => [0, Math.max(4, most * 1.08)]}},
        axes: [
          {...axis, grid: {show: false}, size: 26, space: 90, values: (_, times) => times.map((time) => clock(time * 1000))},
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
   * @param seconds times
   * @param values of each area, as they are told
   * @param heights of each area, as they are drawn
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
      element("li", {}, element("i", {class: `dot ${kind}`}), element("span", {}, name), element("b", {}, rate(this.#values[i][idx]))),
    );
    this.#tip.replaceChildren(element("time", {}, clock(this.#plot.data[0][idx] * 1000)), element("ul", {}, ...lines));
    // On the side of the pointer where there is room.
    const right = left > this.#plot.over.clientWidth / 2;
    this.#tip.style.left = right ? "" : `${left + 12}px`;
    this.#tip.style.right = right ? `${this.#plot.over.clientWidth - left + 12}px` : "";
  }
}

/** Values at the left: few digits. */
export function short(value) {
  return value.toLocaleString(locale(), {notation: "compact", maximumFractionDigits: 1});
}

const probe = document.createElement("i");

/** What a colour of style.css is at the moment: canvas knows nothing of the theme. */
function color(name) {
  if (!probe.isConnected) {
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
