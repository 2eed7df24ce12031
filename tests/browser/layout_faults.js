/**
 * What is wrong with how the page is laid out at this moment: `layoutFaults()` gives one line for each thing that is wider than
 * its place, cut off, outside the window, or laid over something else. An empty list is a page that can be read.
 *
 * Put into the page before its own scripts run (Playwright's `add_init_script`), because texts on a canvas leave no element
 * behind: they are written down as they are drawn.
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Edges
 * @typedef {{name: string, element: Element, box: Edges}} Piece  a control, a line of text, or a picture
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 */
{
  /** What rounding may make of a difference, in CSS pixels. */
  const SLACK = 1;
  /** A line's box is taller than its letters: so much of it may lie outside. */
  const LEADING = 3;
  const CONTROLS = "button, select, input, textarea, canvas";
  /** What floats over the page: over what lies under it, but not over its own kind. */
  const FLOATING = "#drawer, #card, #help, #numbers, #sketch-mark, [popover], dialog, #blank, #sheet, #page.sheet-open #controls";
  /** What scrolls by itself in both directions. */
  const SCROLLED = "#numbers, textarea, #csv-columns";

  /** @type {WeakMap<Context["canvas"], {text: string, box: Edges}[]>} */
  const written = new WeakMap();
  /** The network's texts stand on a surface of their own. @type {WeakRef<OffscreenCanvas>[]} */
  const surfaces = [];
  for (const kind of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) keepTexts(kind.prototype);

  /** @param {any} context  the prototype of a context */
  function keepTexts(context) {
    const { fillText, fillRect, clearRect, putImageData } = context;
    context.fillText = function (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) {
      fillText.call(this, text, x, y);
      const { canvas } = this;
      if (!written.has(canvas) && canvas instanceof OffscreenCanvas) surfaces.push(new WeakRef(canvas));
      written.set(canvas, [...(written.get(canvas) ?? []), { text, box: textBox(this, text, x, y) }]);
    };
    context.putImageData = function (/** @type {ImageData} */ image, /** @type {number[]} */ ...at) {
      putImageData.call(this, image, ...at);
      if (at.every((each) => each === 0) && image.width >= this.canvas.width && image.height >= this.canvas.height) written.delete(this.canvas);
    };
    for (const [name, fill] of Object.entries({ fillRect, clearRect })) {
      context[name] = function (/** @type {number[]} */ ...[x, y, width, height]) {
        fill.call(this, x, y, width, height);
        if (x <= 0 && y <= 0 && width * this.getTransform().a >= this.canvas.width - 1) written.delete(this.canvas);
      };
    }
  }

  /** @param {Context} context @param {string} text @param {number} x @param {number} y @returns {Edges} in pixels of the canvas */
  function textBox(context, text, x, y) {
    const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } =
      context.measureText(text);
    const transform = context.getTransform();
    const corners = [[x - left, y - up], [x + right, y - up], [x - left, y + down], [x + right, y + down]].map(([a, b]) => transform.transformPoint({ x: a, y: b }));
    const [xs, ys] = [corners.map((corner) => corner.x), corners.map((corner) => corner.y)];
    return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  }

  /** @param {Element} element  whether the eye sees it: what is there for screen readers alone is not meant */
  function isSeen(element) {
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.closest(".hidden, .katex-mathml, [inert]") === null;
  }

  /** @param {Element} element */
  function nameOf(element) {
    const id = element.closest("[id]")?.id;
    const own = element.id ? "" : ` ${element.tagName.toLowerCase()}${element.className && typeof element.className === "string" ? `.${element.className}` : ""}`;
    return `#${id}${own} "${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}"`;
  }

  /** @returns {Piece[]} */
  function pieces() {
    const controls = [...document.querySelectorAll(CONTROLS)]
      .filter((each) => isSeen(each) && !each.parentElement?.closest("button"))
      .map((element) => ({ name: nameOf(element), element, box: element.getBoundingClientRect() }));
    return [...controls, ...texts().filter(({ element }) => !element.closest("button"))].filter(({ box }) => box.right - box.left > 0 && box.bottom - box.top > 0);
  }

  /** Every line of text. @returns {Piece[]} */
  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    const range = document.createRange();
    while (walker.nextNode()) {
      const { parentElement: element, data } = /** @type {Text} */ (walker.currentNode);
      if (data.trim() === "" || !element || element.closest("script, style, noscript, option, svg, textarea") || !isSeen(element)) continue;
      range.selectNodeContents(walker.currentNode);
      // Lines that a clamp leaves out are said in whole where the button beside it leads.
      const { webkitLineClamp } = getComputedStyle(element);
      const leads = ["sentence-why", "sentence-autopsy"].some((id) => element.id === "sentence-text" && isSeen(/** @type {Element} */ (document.getElementById(id))));
      const end = webkitLineClamp !== "none" && leads ? element.getBoundingClientRect().bottom - LEADING : Number.POSITIVE_INFINITY;
      for (const box of range.getClientRects()) if (box.top < end) found.push({ name: `"${data.trim().slice(0, 40)}" in ${nameOf(element)}`, element, box });
    }
    return found;
  }

  /** @param {Piece[]} seen @returns {string[]} */
  function overlaps(seen) {
    const faults = [];
    for (const [place, one] of seen.entries()) {
      for (const other of seen.slice(place + 1)) {
        if (common(one.box, other.box) && !belongTogether(one.element, other.element)) faults.push(`${one.name} lies over ${other.name}`);
      }
    }
    return faults;
  }

  /** @param {Edges} one @param {Edges} other */
  function common(one, other) {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return across > SLACK && down > SLACK;
  }

  /** @param {Element} one @param {Element} other */
  function belongTogether(one, other) {
    if (one.contains(other) || other.contains(one)) return true;
    if (one.closest(FLOATING) !== other.closest(FLOATING)) return true;
    // An empty chart says in its place what will stand there.
    if ([one, other].some((each) => each.matches(".drawer-empty"))) return true;
    // Where the columns are narrow, the + that adds a layer stands on the canvas, where the edges begin.
    const mark = [one, other].find((each) => each.matches(".verdict-mark"));
    if (mark) return [one, other].some((each) => each.id === "network-canvas" && mark.getBoundingClientRect().bottom - each.getBoundingClientRect().top <= clearOfUnits());
    return [one, other].some((each) => each.matches(".add-layer.narrow")) && [one, other].some((each) => each.id === "network-canvas");
  }

  /** So much of the network's canvas is kept free above its units: CLEAR in static/geometry.js. */
  function clearOfUnits() {
    return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--text-min"));
  }

  /** @param {Piece} piece @returns {string[]}  what of it is cut off, by the window or by a box around it */
  function cuts({ name, element, box }) {
    const faults = [];
    if (box.left < -SLACK || box.right > innerWidth + SLACK) faults.push(`${name} reaches from ${box.left.toFixed()} to ${box.right.toFixed()} of ${innerWidth}`);
    let [acrossFree, downFree] = [false, document.documentElement.scrollHeight > innerHeight + SLACK];
    for (let each = /** @type {Element | null} */ (element); each && each !== document.body; each = each.parentElement) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(each);
      const around = each.getBoundingClientRect();
      const explained = textOverflow === "ellipsis" && each.closest("[title], [data-help]") !== null;
      acrossFree ||= explained || each.matches(SCROLLED);
      if (!acrossFree && overflowX !== "visible" && (box.left < around.left - SLACK || box.right > around.right + SLACK)) {
        faults.push(`${name} is cut off at the side of ${nameOf(each)}`);
      }
      downFree ||= overflowY === "auto" || overflowY === "scroll";
      if (!downFree && overflowY !== "visible" && (box.top < around.top - LEADING || box.bottom > around.bottom + LEADING)) {
        faults.push(`${name} is cut off above or below by ${nameOf(each)}`);
      }
      if (getComputedStyle(each).position === "fixed") downFree ||= box.bottom <= innerHeight + SLACK;
    }
    if (!downFree && (box.top < -LEADING || box.bottom > innerHeight + LEADING)) faults.push(`${name} reaches below the window, or above it`);
    return faults;
  }

  /** Controls that are too small for what stands in them. @returns {string[]} */
  function tooSmall() {
    const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));
    const menus = [...document.querySelectorAll("select")].filter(isSeen).filter((menu) => {
      const { fontWeight, fontSize, fontFamily, paddingLeft, paddingRight } = getComputedStyle(menu);
      pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      const room = menu.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      return pen.measureText(menu.selectedOptions[0]?.text ?? "").width > room + SLACK && menu.closest("[title]") === null;
    });
    const entries = [...document.querySelectorAll("input:not([type=range], [type=radio], [type=checkbox])")].filter(isSeen)
      .filter((entry) => entry.scrollWidth > entry.clientWidth + SLACK && !entry.matches("[readonly]"));
    const buttons = texts().flatMap(({ element, box }) => {
      const button = element.closest("button");
      const around = button?.getBoundingClientRect();
      return button && around && (box.left < around.left - SLACK || box.right > around.right + SLACK || box.bottom > around.bottom + LEADING) ? [button] : [];
    });
    return [...menus, ...entries, ...buttons].map((each) => `${nameOf(each)} is too small for ${
      each instanceof HTMLSelectElement ? `"${each.selectedOptions[0]?.text}"` : each instanceof HTMLInputElement ? `"${each.value}"` : "its words"}`);
  }

  /** Texts on a canvas that leave it, or meet. @returns {string[]} */
  function drawnFaults() {
    const shown = [...document.querySelectorAll("canvas")].filter(isSeen);
    return shown.flatMap((canvas) => {
      const under = surfaces.map((each) => each.deref()).findLast((each) => each && canvas.id === "network-canvas" && each.width === canvas.width && each.height === canvas.height);
      const own = [...(written.get(canvas) ?? []), ...((under && written.get(under)) ?? [])];
      const name = canvas.id || nameOf(canvas);
      const outside = own.filter(({ box }) => box.left < -SLACK || box.top < -SLACK || box.right > canvas.width + SLACK || box.bottom > canvas.height + SLACK);
      const meeting = own.flatMap((one, place) => own.slice(place + 1).filter((other) => common(one.box, other.box)).map((other) => [one.text, other.text]));
      return [
        ...outside.map(({ text, box }) => `"${text}" leaves ${name}: ${Object.values(box).map((each) => each.toFixed()).join(", ")}`),
        ...meeting.map(([one, other]) => `"${one}" is written over "${other}" on ${name}`),
      ];
    });
  }

  function layoutFaults() {
    const root = document.documentElement;
    const seen = pieces();
    const wide = [...document.querySelectorAll("html, body, #page, #page > *, .panel, dialog")]
      .filter((each) => isSeen(each) && each.scrollWidth > each.clientWidth + SLACK).map((each) => `${nameOf(each)} is ${each.scrollWidth} wide, in ${each.clientWidth}`);
    return [...new Set([...(root.scrollWidth > root.clientWidth ? ["the page scrolls sideways"] : []), ...wide, ...seen.flatMap(cuts), ...overlaps(seen), ...tooSmall(), ...drawnFaults()])];
  }

  Object.assign(globalThis, { layoutFaults });
}
