/**
 * SVG as text. Pure.
 */

/** A length in few digits: a hundredth of a pixel cannot be seen. @param {number} value */
export function number(value) {
  return String(Math.round(value * 100) / 100);
}

/**
 * @param {string} name
 * @param {Record<string, string | number | undefined>} attributes  those that are not there are left out
 * @param {string} [content]
 * @param {boolean} [isText]  else it is elements
 */
export function tag(name, attributes, content = "", isText = true) {
  const there = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const written = there.map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${isText ? escaped(content) : content}</${name}>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
