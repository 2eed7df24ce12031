/**
 * The input features over the plane, so that an input's tile can show what the network is given. The same functions as
 * engine/data/features.py; a test holds the two lists together. A name that is not here has no picture.
 *
 * @type {Record<string, (x: number, y: number) => number>}
 */
export const FEATURES = {
  x: (x) => x,
  y: (_, y) => y,
  x2: (x) => x * x,
  y2: (_, y) => y * y,
  xy: (x, y) => x * y,
  sin_x: (x) => Math.sin(x),
  sin_y: (_, y) => Math.sin(y),
};
