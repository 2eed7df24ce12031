/**
 * The losses of several lanes over steps, on one chart: of each its training loss, a line in ink with the lane's dashes and its letter
 * at the end, over the thin line of its batches.
 *
 * @import {Palette, SeriesModel} from "../types.js"
 */
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { css, mix } from "../colour.js";
import { formatCount, formatNumber } from "../format.js";
import { DASHES, LETTERS } from "../lanes.js";
import { atPixels, besidePixels } from "../marks/decimate.js";
import { alignTimeline, lossAxes } from "../marks/ticks.js";

const KEY_HEIGHT = 20;
const SMALLEST = 60;

/**
 * @param {HTMLElement} element
 * @param {Palette} palette
 */
export function createLossesChart(element, palette) {
  const key = document.createElement("p");
  key.className = "losses-key";
  element.replaceChildren(key);
  let chart = /** @type {uPlot | null} */ (null);
  let [shape, width, height, log] = ["", 0, 0, false];
  /** @type {readonly SeriesModel[]} */
  let shown = [];
  /** The past step that is looked at. @type {number | null} */
  let at = null;

  /** A line where that stands, and the lanes' letters. @param {uPlot} drawn */
  function finish(drawn) {
    drawLetters(drawn, shown.length, palette);
    if (at === null) return;
    drawn.ctx.fillStyle = palette.ink;
    drawn.ctx.fillRect(Math.round(drawn.valToPos(at, "x", true)), drawn.bbox.top, devicePixelRatio, drawn.bbox.height);
  }

  function redraw() {
    if (shown.length === 0 || width < SMALLEST || height < SMALLEST) return;
    const now = `${shown.length} ${log}`;
    if (now !== shape) {
      chart?.destroy();
      chart = null;
    }
    shape = now;
    const data = columnsOf(shown, Math.floor(width), log);
    if (chart === null) chart = new uPlot(optionsOf(palette, width, height, shown.length, log, write, finish), data, element);
    else chart.setData(data);
    alignTimeline(element, chart);
    write();
  }

  /** The names of the lines, or the values under the pointer. */
  function write() {
    const index = chart?.cursor.idx ?? null;
    const at = chart && index !== null ? chart.data[0][index] : null;
    const values = shown.map((_, lane) => (chart && index !== null ? ` ${formatNumber(before(chart.data[trainOf(lane)], index))}` : ""));
    key.textContent = `${at === null ? "training loss of" : `step ${formatCount(at)}`}  ${values.map((value, lane) => LETTERS[lane] + value).join("   ")}`;
  }

  return {
    /**
     * @param {readonly SeriesModel[]} lanes
     * @param {boolean} logarithmic
     * @param {number | null} step  the past one that is looked at
     */
    update(lanes, logarithmic, step) {
      [shown, log, at] = [lanes, logarithmic, step];
      redraw();
    },
    /** The last step that is drawn. */
    end: () => lastStep(shown),
    /** @param {number} across @param {number} down  in CSS pixels */
    resize(across, down) {
      [width, height] = [across, down - KEY_HEIGHT];
      if (chart && width >= SMALLEST && height >= SMALLEST) chart.setSize({ width, height });
      redraw();
    },
    destroy() {
      chart?.destroy();
      element.replaceChildren();
    },
  };
}

/** Columns of the chart's data: the steps, then two for each lane. @param {number} lane */
const batchOf = (lane) => 1 + 2 * lane;
/** @param {number} lane */
const trainOf = (lane) => 2 + 2 * lane;

/**
 * @param {readonly SeriesModel[]} lanes
 * @param {number} pixels
 * @param {boolean} log
 * @returns {uPlot.AlignedData}
 */
function columnsOf(lanes, pixels, log) {
  const xs = atPixels(lastStep(lanes), pixels);
  /** @param {(number | null)[]} values */
  const positive = (values) => (log ? values.map((value) => (value !== null && value > 0 ? value : null)) : values);
  return [
    xs,
    ...lanes.flatMap(({ steps, evaluations }) => [
      positive(besidePixels(xs, steps.from, steps.columns.loss?.mean, steps.rows, "mean")),
      positive(besidePixels(xs, evaluations.from, evaluations.columns.train_loss?.mean, evaluations.rows, "mean")),
    ]),
  ];
}

/** @param {readonly SeriesModel[]} lanes */
function lastStep(lanes) {
  return Math.max(1, ...lanes.map(({ steps }) => (steps.rows > 0 ? steps.from[steps.rows - 1] + steps.spans[steps.rows - 1] - 1 : 0)));
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
 * @param {Palette} palette
 * @param {number} width
 * @param {number} height
 * @param {number} lanes
 * @param {boolean} log
 * @param {() => void} write
 * @param {(chart: uPlot) => void} finish
 * @returns {uPlot.Options}
 */
function optionsOf(palette, width, height, lanes, log, write, finish) {
  const thin = css(mix(palette.card, palette.muted, 0.45));
  const plain = { spanGaps: true, points: { show: false } };
  return {
    width,
    height,
    padding: [8, Math.round(1.4 * palette.textMin), 0, 0], // as the loss of one lane: the timeline stands under both
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: log ? { distr: 3 } : { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] } },
    axes: lossAxes(palette, log),
    series: [
      {},
      ...Array.from({ length: lanes }, (_, lane) => [
        { ...plain, stroke: thin, width: 1, dash: [...DASHES[lane]] },
        { ...plain, stroke: palette.ink, width: palette.stepped ? 3 : 2, dash: [...DASHES[lane]] },
      ]).flat(),
    ],
    hooks: { setCursor: [write], draw: [finish] },
  };
}

/**
 * A letter at the end of each line; where two would stand on each other, one gives way.
 *
 * @param {uPlot} chart
 * @param {number} lanes
 * @param {Palette} palette
 */
function drawLetters(chart, lanes, palette) {
  const { ctx } = chart;
  const ratio = devicePixelRatio;
  const line = palette.textMin * ratio;
  const { left, top, width, height } = chart.bbox;
  const ends = Array.from({ length: lanes }, (_, lane) => {
    const last = chart.data[0].length - 1;
    const value = before(chart.data[trainOf(lane)], last) ?? before(chart.data[batchOf(lane)], last);
    return { lane, y: value === null ? Number.NaN : chart.valToPos(value, "y", true) };
  });
  const known = ends.filter(({ y }) => Number.isFinite(y)).sort((one, other) => one.y - other.y);
  let lowest = Number.NEGATIVE_INFINITY;
  for (const end of known) lowest = end.y = Math.max(end.y, lowest + line, top + line / 2);
  let highest = top + height;
  for (const end of known.reverse()) highest = (end.y = Math.min(end.y, highest)) - line;
  ctx.save();
  ctx.font = `600 ${line}px ${palette.font}`;
  ctx.fillStyle = palette.ink;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  for (const { lane, y } of known) ctx.fillText(LETTERS[lane], left + width + 4 * ratio, y);
  ctx.restore();
}
