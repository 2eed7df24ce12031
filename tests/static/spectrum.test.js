/** Singular values: whose they are, and their axis. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { spectra, spectrumScale } from "../../static/spectrum.js";
import { layoutOf } from "./layouts.js";

test("a layer has as many singular values as the smaller of its sides", () => {
  const layout = layoutOf([4, 3, 1]); // two inputs
  const found = spectra(Float64Array.of(5, 4, 3, 2, 1, 0.5), layout);
  assert.deepEqual(found?.map((values) => [...values]), [[5, 4], [3, 2, 1], [0.5]]);
  assert.equal(spectra(Float64Array.of(5, 4), layout), null, "those of another network are not shown");
});

test("their axis holds 1 and whole decades, but never more than six", () => {
  assert.deepEqual(spectrumScale(Float64Array.of(0.5, 2)), { low: -1, high: 1 });
  assert.deepEqual(spectrumScale(Float64Array.of(0.004, 120)), { low: -3, high: 3 });
  assert.deepEqual(spectrumScale(Float64Array.of(0, 1e-17, 1)), { low: -5, high: 1 });
});
