/**
 * Where everything stands in the network's place while several lanes are shown, in CSS pixels from its left upper corner. Pure.
 *
 * Two lanes: one above the other, each with its network, its strip on the network's columns, and beside them its panel with its
 * name, what differs, its losses and its output. Three or four: the selected lane's network, and under it a row for each of them.
 *
 * @import {Box} from "../types.js"
 *
 * @typedef {object} LanePlaces
 * @property {Box} panel          name, what differs, losses
 * @property {Box} output         of two lanes: in the panel, under what that says
 * @property {Box | null} stage   headers and network; null where it is not shown
 * @property {Box} strip
 *
 * @typedef {object} LanesPlaces
 * @property {LanePlaces[]} lanes
 * @property {Box} bar      over everything: what the edges show, where changes go
 * @property {Box} legend   under everything: what the strips show
 *
 * @typedef {object} Room
 * @property {number} width     of the network's place, without the drawer's tabs under it
 * @property {number} height
 * @property {number} lanes     2 to 4
 * @property {number} selected
 * @property {number} bar       heights of the bar and the legend
 * @property {number} legend
 * @property {number} text      size of the smallest text: 12, on a projector 16
 */

const NARROW = 536;
const PANEL = 136; // width of a panel beside its network
const ROW_PANEL = 184; // and of one at the head of a row
const LINES = 100; // height of what a panel says above its output
const PAD = 8;
const STRIP = { share: 0.22, least: 58, most: 132 };
const ROW = { share: 0.54, least: 60, most: 124 };
/** Narrow windows scroll, and have a height for each lane. */
const NARROW_PANEL = 92;
const NARROW_STRIP = 92;
const NARROW_STAGE = 240;
const NARROW_ROW = NARROW_PANEL + NARROW_STRIP;

/**
 * The height that the lanes need: in a narrow window, which scrolls; 0 where they fill the place that there is.
 * @param {Pick<Room, "width" | "lanes" | "bar" | "legend">} room
 */
export function lanesHeight({ width, lanes, bar, legend }) {
  if (width >= NARROW) return 0;
  const networks = lanes === 2 ? 2 : 1;
  return bar + legend + lanes * NARROW_ROW + networks * NARROW_STAGE;
}

/**
 * @param {Room} room
 * @returns {LanesPlaces}
 */
export function lanesGeometry(room) {
  const { width, height, bar, legend } = room;
  const area = { x: 0, y: bar, width, height: Math.max(0, height - bar - legend) };
  const narrow = width < NARROW;
  const lanes = room.lanes === 2 ? (narrow ? narrowDecks(area) : decks(area, room.text / 12)) : rows(area, room, narrow);
  return {
    lanes,
    bar: { x: 0, y: 0, width, height: bar },
    legend: { x: 0, y: area.y + area.height, width, height: legend },
  };
}

/**
 * @param {Box} area
 * @param {number} zoom
 * @returns {LanePlaces[]}
 */
function decks({ y: top, width, height: whole }, zoom) {
  const height = Math.floor(whole / 2);
  const panel = Math.round(PANEL * zoom);
  const strip = bounded(height * STRIP.share, STRIP);
  return [0, 1].map((lane) => {
    const y = top + lane * height;
    const side = Math.max(0, Math.min(panel - 2 * PAD, height - Math.round(LINES * zoom) - PAD));
    return {
      panel: { x: 0, y, width: panel, height },
      output: { x: Math.floor((panel - side) / 2), y: y + height - side - PAD, width: side, height: side },
      stage: { x: panel, y, width: width - panel, height: height - strip },
      strip: { x: panel, y: y + height - strip, width: width - panel, height: strip },
    };
  });
}

/**
 * @param {Box} area
 * @returns {LanePlaces[]}
 */
function narrowDecks({ y: top, width, height: whole }) {
  const height = Math.floor(whole / 2);
  const side = NARROW_PANEL - PAD;
  return [0, 1].map((lane) => {
    const y = top + lane * height;
    return {
      panel: { x: 0, y, width: width - side - 2 * PAD, height: NARROW_PANEL },
      output: { x: width - side - PAD, y: y + PAD / 2, width: side, height: side },
      stage: { x: 0, y: y + NARROW_PANEL, width, height: height - NARROW_PANEL - NARROW_STRIP },
      strip: { x: 0, y: y + height - NARROW_STRIP, width, height: NARROW_STRIP },
    };
  });
}

/**
 * @param {Box} area
 * @param {Room} room
 * @param {boolean} narrow
 * @returns {LanePlaces[]}
 */
function rows({ y: top, width, height: whole }, { lanes, selected, text }, narrow) {
  const height = narrow ? NARROW_ROW : bounded((whole * ROW.share) / lanes, ROW);
  const stage = { x: 0, y: top, width, height: whole - lanes * height };
  const panel = narrow ? width : Math.round((ROW_PANEL * text) / 12);
  return Array.from({ length: lanes }, (_, lane) => {
    const y = top + stage.height + lane * height;
    const side = (narrow ? NARROW_PANEL : height) - PAD;
    const output = { x: width - side - PAD, y: y + PAD / 2, width: side, height: side };
    return {
      panel: { x: 0, y, width: narrow ? output.x - PAD : panel, height: narrow ? NARROW_PANEL : height },
      output,
      stage: lane === selected ? stage : null,
      strip: narrow
        ? { x: 0, y: y + NARROW_PANEL, width, height: NARROW_STRIP }
        : { x: panel, y, width: output.x - PAD - panel, height },
    };
  });
}

/** @param {number} value @param {{least: number, most: number}} bounds */
function bounded(value, { least, most }) {
  return Math.floor(Math.max(least, Math.min(most, value)));
}
