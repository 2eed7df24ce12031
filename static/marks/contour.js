/** The line where a sampled surface crosses zero. Pure, but for the path it traces. */

/**
 * Traces the zero line of values sampled at the middles of cells (marching squares, with linear interpolation), row 0 on top.
 *
 * @param {{moveTo: (x: number, y: number) => void, lineTo: (x: number, y: number) => void}} path
 * @param {Float32Array} values  height × width
 * @param {number} width
 * @param {number} height
 * @param {{x: number, y: number, width: number, height: number}} box  which the cells fill
 */
export function traceZero(path, values, width, height, box) {
  const [dx, dy] = [box.width / width, box.height / height];
  for (let j = 0; j + 1 < height; j++) {
    for (let i = 0; i + 1 < width; i++) {
      const at = j * width + i;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + width + 1], values[at + width]];
      const signs = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
      if (signs === 0 || signs === 15) continue;
      const [x, y] = [box.x + (i + 0.5) * dx, box.y + (j + 0.5) * dy];
      /** @type {[number, number][]} */
      const crossings = [];
      if (a > 0 !== b > 0) crossings.push([x + (dx * a) / (a - b), y]);
      if (b > 0 !== c > 0) crossings.push([x + dx, y + (dy * b) / (b - c)]);
      if (c > 0 !== d > 0) crossings.push([x + (dx * d) / (d - c), y + dy]);
      if (d > 0 !== a > 0) crossings.push([x, y + (dy * a) / (a - d)]);
      // A saddle has four crossings: its centre says which two belong together.
      if (crossings.length === 4 && a + b + c + d > 0 === a > 0) crossings.push(/** @type {[number, number]} */ (crossings.shift()));
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        path.moveTo(...crossings[k]);
        path.lineTo(...crossings[k + 1]);
      }
    }
  }
}
