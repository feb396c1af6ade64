// Charts over time: uPlot with the page's colours and words.

import uPlot from "./uplot/uPlot.esm.js";
import {element} from "./dom.js";
import {clock, locale} from "./words.js";

const FONT = "11px system-ui, sans-serif";

/**
 * A chart of areas that are drawn one over the other, the first at the back.
 *
 * @param kinds of the areas: each is the name of a colour in style.css
 * @param format of the values at the left
 */
export class TimeChart {
  #plot;
  #resizing;

  constructor(kinds, format) {
    this.element = element("div", {class: "chart"});
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
        cursor: {show: false},
        scales: {x: {time: true}, y: {range: (_, least, most) => [0, Math.max(4, most * 1.08)]}},
        axes: [
          {...axis, grid: {show: false}, size: 26, space: 90, values: (_, times) => times.map((time) => clock(time * 1000))},
          {...axis, size: 52, space: 44, values: (_, values) => values.map(format)},
        ],
        series: [
          {},
          ...kinds.map((kind) => ({
            stroke: () => color(kind),
            fill: () => color(`${kind}-area`),
            width: 1.5,
            points: {show: false},
          })),
        ],
      },
      [[], ...kinds.map(() => [])],
      this.element,
    );
    this.#resizing = new ResizeObserver(([{contentRect}]) =>
      this.#plot.setSize({width: Math.floor(contentRect.width), height: Math.floor(contentRect.height)}),
    );
    this.#resizing.observe(this.element);
  }

  /** @param columns times in seconds, then the values of each area */
  show(columns) {
    this.#plot.setData(columns);
  }

  remove() {
    this.#resizing.disconnect();
    this.#plot.destroy();
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
