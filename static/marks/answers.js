/**
 * What the network answers on the test samples. Pure.
 *
 * @import {Data, Layout, Maps} from "../types.js"
 *
 * @typedef {object} Answers
 * @property {Int32Array} samples    places of the test samples in the data
 * @property {Int32Array} predicted  class of each (classification)
 * @property {number} wrong          how many differ from their label
 */

/**
 * Classes that the network predicts: the output with the largest value, or the side of the middle for a single output.
 *
 * @param {Layout} layout
 * @param {Data} data
 * @param {Maps | null} maps
 * @returns {Answers}
 */
export function answersOf({ layers }, { split, labels }, maps) {
  const { units, activation } = layers[layers.length - 1];
  const middle = activation === "sigmoid" ? 0.5 : 0;
  const samples = Int32Array.from([...split.keys()].filter((sample) => split[sample] === 1));
  const predictions = maps?.predictions;
  const predicted = new Int32Array(samples.length).fill(-1);
  let wrong = 0;
  for (let row = 0; predictions && row < samples.length; row++) {
    let best = 0;
    for (let k = 1; k < units; k++) if (predictions[row * units + k] > predictions[row * units + best]) best = k;
    predicted[row] = units === 1 ? Number(predictions[row] > middle) : best;
    if (predicted[row] !== labels[samples[row]]) wrong++;
  }
  return { samples, predicted, wrong };
}

/** Samples drawn one by one, at most: more would bury each other, and take longer than a picture may. */
const MOST_DRAWN = 1000;

/**
 * Which of many samples are drawn: every one, or every so many-th.
 *
 * @param {number} count
 * @returns {number} 1 where all are
 */
export function drawnEvery(count) {
  return Math.max(1, Math.ceil(count / MOST_DRAWN));
}

/**
 * The two inputs that tell the classes apart best: largest variance between the classes' means relative to that inside the
 * classes (Fisher's criterion, 1936), over the training samples. In the order of the inputs.
 *
 * @param {Data} data
 * @param {number} inputs
 * @param {number} classes
 * @returns {[number, number]}
 */
export function clearestInputs({ points, labels, split }, inputs, classes) {
  const scores = Array.from({ length: inputs }, (_, input) => {
    const [count, sum, squares] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
    let [total, all] = [0, 0];
    for (let sample = 0; sample < labels.length; sample++) {
      if (split[sample] !== 0) continue;
      const [value, label] = [points[sample * inputs + input], labels[sample]];
      count[label]++;
      sum[label] += value;
      squares[label] += value * value;
      total += value;
      all++;
    }
    let [between, within] = [0, 0];
    for (let label = 0; label < classes; label++) {
      if (count[label] === 0) continue;
      const mean = sum[label] / count[label];
      between += count[label] * (mean - total / all) ** 2;
      within += squares[label] - count[label] * mean * mean;
    }
    return within > 0 ? between / within : 0;
  });
  const order = scores.map((_, input) => input).sort((a, b) => scores[b] - scores[a] || a - b);
  const [first, second] = [order[0], order[1] ?? order[0]].sort((a, b) => a - b);
  return [first, second];
}
