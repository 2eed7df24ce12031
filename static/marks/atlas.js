/**
 * Many small pictures of one size on one surface, one below the other: written as pixels, uploaded at once, drawn one by one.
 *
 * @import {Context} from "./canvas.js"
 */
import { surface } from "./canvas.js";

export class Atlas {
  width = 0;
  height = 0;
  count = 0;
  /** One entry a pixel, picture after picture, row after row. */
  pixels = new Uint32Array(0);
  #image = /** @type {ImageData | null} */ (null);
  #surface = /** @type {ReturnType<typeof surface> | null} */ (null);

  /**
   * @param {number} width   of one picture
   * @param {number} height
   * @param {number} count
   */
  resize(width, height, count) {
    if (width === this.width && height === this.height && count === this.count) return;
    [this.width, this.height, this.count] = [width, height, count];
    this.#surface = surface(width, height * count);
    this.#image = new ImageData(Math.max(1, width), Math.max(1, height * count));
    this.pixels = new Uint32Array(this.#image.data.buffer);
  }

  upload() {
    if (this.#image) this.#surface?.context.putImageData(this.#image, 0, 0);
  }

  /**
   * @param {Context} ctx
   * @param {number} index
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  draw(ctx, index, x, y, width, height) {
    if (!this.#surface) return;
    ctx.drawImage(this.#surface.canvas, 0, index * this.height, this.width, this.height, x, y, width, height);
  }
}
