/**
 * Mixing the theme's colours evenly to the eye.
 *
 * Ramps are mixed in OKLab (Ottosson, "A perceptual color space for image processing", 2020): equal steps look equal, and
 * orange to grey does not pass through mud as it does in sRGB.
 *
 * @typedef {[number, number, number]} Triple
 */

/**
 * @param {string} hex "#rrggbb"
 * @returns {Triple} red, green, blue in 0 to 255
 */
export function rgb(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  if (hex.length !== 7 || hex[0] !== "#" || Number.isNaN(value)) throw new TypeError(`a colour must be "#rrggbb", not "${hex}"`);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** @param {number} channel 0 to 255 */
function linear(channel) {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** @param {number} light 0 to 1, linear */
function encoded(light) {
  const c = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, c)));
}

/**
 * @param {Triple} colour
 * @returns {Triple} L, a, b
 */
function oklab([red, green, blue]) {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * @param {Triple} lab
 * @returns {Triple}
 */
function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/**
 * @param {string} from "#rrggbb"
 * @param {string} to
 * @param {number} share 0 gives from, 1 gives to
 * @returns {Triple}
 */
export function mix(from, to, share) {
  if (share <= 0) return rgb(from);
  if (share >= 1) return rgb(to);
  const [start, end] = [oklab(rgb(from)), oklab(rgb(to))];
  return fromOklab(/** @type {Triple} */ (start.map((value, i) => value + (end[i] - value) * share)));
}

/** @param {Triple} colour */
export function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/**
 * @param {string} hex
 * @param {number} alpha 0 to 1
 */
export function translucent(hex, alpha) {
  const [red, green, blue] = rgb(hex);
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

/**
 * The colour as one entry of an ImageData seen as a Uint32Array (little-endian, as every browser's machine is today).
 *
 * @param {Triple} colour
 */
export function pixel([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
