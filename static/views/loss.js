/**
 * The loss over steps: of each batch (a line, over a band where a row stands for many steps), of the training and the test data,
 * and of the run before the last reset. Complete, however long the run.
 *
 * @import {Palette, SeriesColumn, SeriesModel} from "../types.js"
 */
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { mix, css, translucent } from "../colour.js";
import { formatCount, formatNumber } from "../format.js";
import { atPixels, besidePixels } from "../marks/decimate.js";

const KEY_HEIGHT = 20;
const EMPTY = "Press Space; the loss appears here.";

/** Columns of the chart's data. */
const X = 0;
const LOW = 1;
const HIGH = 2;
const GHOST = 3;
const BATCH = 4;
const TEST = 5;
const TRAIN = 6;

/**
 * @param {HTMLElement} element
 * @param {Palette} palette
 */
export function createLossChart(element, palette) {
  const empty = document.createElement("p");
  empty.className = "loss-empty";
  empty.textContent = EMPTY;
  const key = createKey();
  element.replaceChildren(key.element, empty);

  let log = false;
  let model = /** @type {SeriesModel | null} */ (null);
  let chart = /** @type {uPlot | null} */ (null);
  let [width, height] = [element.clientWidth, element.clientHeight];

  function redraw() {
    const drawn = model !== null && (model.steps.rows > 0 || model.ghost !== null);
    empty.hidden = drawn;
    key.element.hidden = !drawn;
    if (!drawn || model === null || width < 60 || height < 60) return;
    const data = columnsOf(model, Math.floor(width), log);
    if (chart === null) chart = new uPlot(optionsOf(palette, width, plotHeight(), log, write), data, element);
    else chart.setData(data);
    key.showGhost(model.ghost !== null);
    write(chart.cursor.idx ?? null);
  }

  function plotHeight() {
    return Math.max(60, height - KEY_HEIGHT);
  }

  /** @param {number | null} index  of the data under the pointer, whose numbers are then written instead of the names */
  function write(index) {
    if (!chart || index === null) return key.write(null);
    const { data } = chart;
    key.write({
      step: data[X][index],
      train: before(data[TRAIN], index),
      test: before(data[TEST], index),
      batch: before(data[BATCH], index),
    });
  }

  return {
    /**
     * @param {SeriesModel} series
     * @param {{log: boolean}} options
     */
    update(series, options) {
      model = series;
      if (options.log !== log && chart) {
        chart.destroy();
        chart = null;
      }
      log = options.log;
      redraw();
    },
    /** @param {number} [across] @param {number} [down] in CSS pixels; else the element's own size */
    resize(across = element.clientWidth, down = element.clientHeight) {
      [width, height] = [across, down];
      if (chart && width >= 60 && height >= 60) chart.setSize({ width, height: plotHeight() });
      redraw();
    },
    destroy() {
      chart?.destroy();
      element.replaceChildren();
    },
  };
}

/** The line over the chart that names its lines, each with a piece of it. */
function createKey() {
  const element = document.createElement("p");
  element.className = "loss-key";
  /** @param {string} name */
  const entry = (name) => {
    const span = document.createElement("span");
    span.className = name;
    element.append(span);
    return span;
  };
  const [train, test, batch, ghost, at] = ["train", "test", "batch", "ghost", "at"].map(entry);
  let ghostDrawn = false;
  return {
    element,
    /** @param {boolean} drawn */
    showGhost(drawn) {
      ghostDrawn = drawn;
    },
    /** @param {{step: number, train: number | null, test: number | null, batch: number | null} | null} values */
    write(values) {
      train.textContent = values ? formatNumber(values.train) : "train";
      test.textContent = values ? formatNumber(values.test) : "test";
      batch.textContent = values ? formatNumber(values.batch) : "batch";
      ghost.textContent = "before";
      ghost.hidden = !ghostDrawn || values !== null;
      at.textContent = values ? formatCount(values.step) : "";
    },
  };
}

/**
 * The last known value up to a place.
 *
 * @param {ArrayLike<number | null | undefined>} values
 * @param {number} at
 */
function before(values, at) {
  for (let i = at; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/**
 * The chart's data: a row for each pixel across, so that drawing costs the same however long the run.
 *
 * @param {SeriesModel} model
 * @param {number} pixels
 * @param {boolean} log
 * @returns {uPlot.AlignedData}
 */
function columnsOf({ steps, evaluations, ghost }, pixels, log) {
  const last = Math.max(
    1,
    steps.rows > 0 ? steps.from[steps.rows - 1] + steps.spans[steps.rows - 1] - 1 : 0,
    ghost ? ghost.x[ghost.x.length - 1] : 0,
  );
  const xs = atPixels(last, pixels);
  const loss = /** @type {SeriesColumn | undefined} */ (steps.columns.loss);
  const batch = besidePixels(xs, steps.from, loss?.mean, steps.rows, "mean");
  const positive = log ? (/** @type {(number | null)[]} */ values) => values.map((value) => (value !== null && value > 0 ? value : null)) : same;
  return [
    xs,
    positive(besidePixels(xs, steps.from, loss?.min, steps.rows, "min")),
    positive(besidePixels(xs, steps.from, loss?.max, steps.rows, "max")),
    positive(besidePixels(xs, ghost?.x ?? [], ghost?.loss, ghost?.x.length ?? 0, "mean")),
    positive(batch),
    positive(besidePixels(xs, evaluations.from, evaluations.columns.test_loss?.mean, evaluations.rows, "mean")),
    positive(besidePixels(xs, evaluations.from, evaluations.columns.train_loss?.mean, evaluations.rows, "mean")),
  ];
}

/** @template T @param {T} value */
function same(value) {
  return value;
}

/**
 * @param {Palette} palette
 * @param {number} width
 * @param {number} height
 * @param {boolean} log
 * @param {(index: number | null) => void} write
 * @returns {uPlot.Options}
 */
function optionsOf(palette, width, height, log, write) {
  const font = `${palette.textMin}px ${palette.font}`;
  const thick = palette.stepped ? 3 : 2;
  const grid = { stroke: palette.rule, width: 1 };
  return {
    width,
    height,
    padding: [8, Math.round(1.4 * palette.textMin), 0, 0], // half of the last step's number stands beside the chart
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: log ? { distr: 3 } : { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] } },
    axes: [
      { font, stroke: palette.muted, grid: { show: false }, ticks: grid, size: 28, gap: 4, space: 4.7 * palette.textMin, values: (_, ticks) => ticks.map(shortCount) },
      { font, stroke: palette.muted, grid: log ? { ...grid, filter: decadesOnly } : grid, ticks: { show: false }, size: 44, gap: 4, space: 28, values: (_, ticks) => ticks.map(shortNumber) },
    ],
    series: [
      {},
      { width: 0, points: { show: false }, spanGaps: true },
      { width: 0, points: { show: false }, spanGaps: true },
      line(css(mix(palette.card, palette.muted, 0.45)), 1),
      line(css(mix(palette.card, palette.muted, 0.7)), 1),
      line(palette.ink, thick, [5, 4]),
      line(palette.ink, thick),
    ],
    bands: [{ series: [HIGH, LOW], fill: translucent(palette.muted, 0.18) }],
    hooks: { setCursor: [(chart) => write(chart.cursor.idx ?? null)] },
  };
}

/**
 * On a logarithmic axis only whole powers of ten have a line, where there is more than one of them.
 *
 * @param {uPlot} _
 * @param {number[]} splits
 */
function decadesOnly(_, splits) {
  const powers = splits.map((value) => (Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6 ? value : null));
  return powers.filter((value) => value !== null).length > 1 ? powers : splits;
}

/**
 * @param {string} stroke
 * @param {number} width
 * @param {number[]} [dash]
 * @returns {uPlot.Series}
 */
function line(stroke, width, dash) {
  return { stroke, width, dash, spanGaps: true, points: { show: false } };
}

/** @param {number | null} value */
function shortCount(value) {
  if (value === null) return "";
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(3))} k` : value.toLocaleString("en");
}

/** @param {number | null} value */
function shortNumber(value) {
  if (value === null) return "";
  return value !== 0 && (value < 0.001 || value > 9999) ? formatNumber(value).replace(/\.?0+×/, "×") : String(Number(value.toPrecision(3)));
}
