/**
 * The loss over steps: of each batch (a line, over a band where a row stands for many steps), of the training and the test data,
 * of the run before the last reset, and of the branches of this one. Complete, however long the run.
 *
 * @import {Branch, Mark, Palette, SeriesColumn, SeriesModel} from "../types.js"
 */
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { mix, css, translucent } from "../colour.js";
import { formatCount, formatNumber } from "../format.js";
import { PLAY } from "../hands.js";
import { atPixels, besidePixels } from "../marks/decimate.js";
import { alignTimeline, lossAxes } from "../marks/ticks.js";

const KEY_HEIGHT = 20;
/** How near the pointer has to be to a change, in pixels. */
const REACH = 5;
const EMPTY = `Press ${PLAY}; the loss appears here.`;

/** Columns of the chart's data. */
const X = 0;
const LOW = 1;
const HIGH = 2;
const GHOST = 3;
const BATCH = 4;
const TEST = 5;
const TRAIN = 6;

/** How many times as high as the run's own lines the pale ones, of what was before, may make the chart. */
const PALE_REACH = 3;

/**
 * @param {HTMLElement} element
 * @param {Palette} palette
 * @param {(step: number | null) => void} [pointed]  called when the pointer goes to a step of the chart, or leaves
 */
export function createLossChart(element, palette, pointed = () => {}) {
  const empty = document.createElement("p");
  empty.className = "loss-empty";
  empty.textContent = EMPTY;
  const key = createKey();
  element.replaceChildren(key.element, empty);

  let log = false;
  let model = /** @type {SeriesModel | null} */ (null);
  let branches = /** @type {Branch[]} */ ([]);
  let marks = /** @type {Mark[]} */ ([]);
  /** The past step that is looked at. @type {number | null} */
  let at = null;
  let chart = /** @type {uPlot | null} */ (null);
  let [width, height] = [element.clientWidth, element.clientHeight];

  function redraw() {
    const drawn = model !== null && (model.steps.rows > 0 || model.ghost !== null || branches.length > 0);
    empty.hidden = drawn;
    key.element.hidden = !drawn;
    if (!drawn || model === null || width < 60 || height < 60) return;
    const data = columnsOf(model, branches, Math.floor(width), log);
    if (chart !== null && chart.series.length !== data.length) {
      chart.destroy();
      chart = null;
    }
    if (chart === null) chart = new uPlot(optionsOf(palette, width, plotHeight(), log, follow, markStep, branches.length), data, element);
    else chart.setData(data);
    alignTimeline(element, chart);
    const pale = model.ghost !== null || branches.length > 0;
    key.showGhosts(pale, pale && reachOf(data).cut);
    write(chart.cursor.idx ?? null);
  }

  /** @param {number | null} index  of the data that the pointer has come to */
  function follow(index) {
    write(index);
    pointed(chart && index !== null ? Math.round(chart.data[X][index]) : null);
  }

  function plotHeight() {
    return Math.max(60, height - KEY_HEIGHT);
  }

  /** Lines where something was changed, and where the past step stands that is looked at. @param {uPlot} drawn */
  function markStep({ ctx, bbox, valToPos }) {
    ctx.fillStyle = palette.muted;
    for (const { step } of marks) {
      const x = Math.round(valToPos(step, "x", true));
      ctx.fillRect(x, bbox.top, devicePixelRatio, bbox.height);
      ctx.fillRect(x - 2 * devicePixelRatio, bbox.top, 5 * devicePixelRatio, 4 * devicePixelRatio);
    }
    if (at === null) return;
    const x = Math.round(valToPos(at, "x", true));
    ctx.fillStyle = palette.ink;
    ctx.fillRect(x, bbox.top, devicePixelRatio, bbox.height);
  }

  /** @param {number | null} index  of the data under the pointer, whose numbers are then written instead of the names */
  function write(index) {
    if (!chart || index === null) {
      key.note(null);
      return key.write(null);
    }
    const { data } = chart;
    if (model && data[X][index] > ownEnd(model)) {
      key.note(null);
      return key.writeGhost(data[X][index], before(data[GHOST], index));
    }
    key.note(changeNear(marks, data[X][index], REACH * (chart.posToVal(1, "x") - chart.posToVal(0, "x"))));
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
     * @param {{log: boolean, branches: Branch[], at: number | null, marks: Mark[]}} options  `marks` are changes
     */
    update(series, options) {
      model = series;
      branches = options.branches;
      at = options.at;
      marks = options.marks;
      if (options.log !== log && chart) {
        chart.destroy();
        chart = null;
      }
      log = options.log;
      redraw();
    },
    /** The last step that is drawn. */
    end: () => (model === null ? 0 : lastStep(model, branches)),
    /** @param {number} [across] @param {number} [down] in CSS pixels; else the element's own size */
    resize(across = element.clientWidth, down = element.clientHeight) {
      [width, height] = [across, down];
      if (chart && width >= 60 && height >= 60) chart.setSize({ width, height: plotHeight() });
      redraw();
    },
    /** @param {number | null} step  where its cursor goes, though the pointer is elsewhere */
    point(step) {
      if (!chart) return;
      const left = step === null ? -10 : chart.valToPos(step, "x");
      chart.setCursor({ left, top: step === null ? -10 : 0 }, false);
      write(chart.cursor.idx ?? null);
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
  const [note, train, test, batch, ghost, at] = ["note", "train", "test", "batch", "ghost", "at"].map(entry);
  let [ghosts, beyond] = [false, false];
  return {
    element,
    /**
     * @param {boolean} drawn  whether there are pale lines: of branches, or of the run before the last reset
     * @param {boolean} cut    whether one is higher than the chart
     */
    showGhosts(drawn, cut) {
      [ghosts, beyond] = [drawn, cut];
    },
    /** @param {Mark | null} change  that the pointer is at: what it was stands in the place of the numbers */
    note(change) {
      note.textContent = change ? `Step ${formatCount(change.step)}: ${change.label}` : "";
      element.title = note.textContent;
      element.classList.toggle("noted", change !== null);
    },
    /** @param {{step: number, train: number | null, test: number | null, batch: number | null} | null} values */
    write(values) {
      for (const own of [train, test, batch]) own.hidden = false;
      train.textContent = values ? formatNumber(values.train) : "train";
      test.textContent = values ? formatNumber(values.test) : "test";
      batch.textContent = values ? formatNumber(values.batch) : "batch";
      ghost.textContent = "before";
      ghost.classList.toggle("beyond", beyond);
      ghost.hidden = !ghosts || values !== null;
      at.textContent = values ? formatCount(values.step) : "";
    },
    /** Where the run has not come to yet there are but the pale lines. @param {number} step @param {number | null} loss */
    writeGhost(step, loss) {
      for (const own of [train, test, batch]) own.hidden = true;
      ghost.hidden = !ghosts;
      ghost.textContent = loss === null ? "before" : `before ${formatNumber(loss)}`;
      at.textContent = formatCount(step);
    },
  };
}

/**
 * The last change within so many steps of a step.
 * @param {Mark[]} marks
 * @param {number} step
 * @param {number} reach
 */
function changeNear(marks, step, reach) {
  return marks.findLast((mark) => Math.abs(mark.step - step) <= reach) ?? null;
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
 * @param {Branch[]} branches
 * @param {number} pixels
 * @param {boolean} log
 * @returns {uPlot.AlignedData}
 */
function columnsOf(model, branches, pixels, log) {
  const { steps, evaluations, ghost } = model;
  const xs = atPixels(lastStep(model, branches), pixels);
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
    ...branches.map(({ steps: at, losses }) => positive(besidePixels(xs, at, losses, at.length, "mean"))),
  ];
}

/** The last step of the run itself. @param {SeriesModel} model */
function ownEnd({ steps }) {
  return steps.rows > 0 ? steps.from[steps.rows - 1] + steps.spans[steps.rows - 1] - 1 : 0;
}

/** @param {SeriesModel} model @param {Branch[]} branches */
function lastStep(model, branches) {
  const { ghost } = model;
  return Math.max(
    1,
    ownEnd(model),
    ghost ? ghost.x[ghost.x.length - 1] : 0,
    ...branches.map(({ step }) => step),
  );
}

/**
 * From where to where the chart's numbers reach: what was before counts only as far as the run's own lines can still be read.
 *
 * @param {uPlot.AlignedData} data
 */
function reachOf(data) {
  const own = extentOf([LOW, HIGH, BATCH, TEST, TRAIN].map((column) => data[column]));
  const pale = extentOf([data[GHOST], ...data.slice(TRAIN + 1)]);
  const most = own.high > 0 ? PALE_REACH * own.high : Number.POSITIVE_INFINITY;
  const cut = pale.high > most;
  return { low: Math.min(own.low, pale.low), high: cut ? own.high : Math.max(own.high, pale.high), cut };
}

/**
 * @param {uPlot.AlignedData} data
 * @param {boolean} log
 * @returns {uPlot.Range.MinMax}
 */
function heightsOf(data, log) {
  const { low, high } = reachOf(data);
  if (log) return high > 0 ? uPlot.rangeLog(low, high, 10, false) : [0.1, 1];
  return [Math.min(0, low), high > 0 ? high * 1.05 : 1];
}

/** @param {readonly ArrayLike<number | null | undefined>[]} columns */
function extentOf(columns) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      if (value === null || value === undefined) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
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
 * @param {(chart: uPlot) => void} mark
 * @param {number} branches  how many
 * @returns {uPlot.Options}
 */
function optionsOf(palette, width, height, log, write, mark, branches) {
  const thick = palette.stepped ? 3 : 2;
  return {
    width,
    height,
    padding: [8, Math.round(1.4 * palette.textMin), 0, 0], // half of the last step's number stands beside the chart
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { distr: log ? 3 : 1, range: ({ data }) => heightsOf(data, log) } },
    axes: lossAxes(palette, log),
    series: [
      {},
      { width: 0, points: { show: false }, spanGaps: true },
      { width: 0, points: { show: false }, spanGaps: true },
      line(css(mix(palette.card, palette.muted, 0.45)), 1),
      line(css(mix(palette.card, palette.muted, 0.7)), 1),
      line(palette.ink, thick, [5, 4]),
      line(palette.ink, thick),
      ...Array.from({ length: branches }, () => line(css(mix(palette.card, palette.muted, 0.45)), 1)),
    ],
    bands: [{ series: [HIGH, LOW], fill: translucent(palette.muted, 0.18) }],
    hooks: { setCursor: [(chart) => write(chart.cursor.idx ?? null)], draw: [mark] },
  };
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
