import assert from "node:assert/strict";
import { test } from "node:test";

import { LONGEST, litness, pulseAt, pulseDuration, pulseFigures, wantsPulse } from "../../static/pulse.js";

/** @import {Frame, Status} from "../../static/types.js" */

const GAPS = [2, 3, 7, 21, 65];

test("a pulse takes 2,400 ms at most, whatever the depth, and less than a step's time while playing", () => {
  for (const gaps of GAPS) assert.ok(pulseDuration(gaps) <= LONGEST);
  assert.equal(pulseDuration(65), LONGEST);
  assert.ok(pulseDuration(2) < pulseDuration(3));
  for (const pace of [1, 4, 5]) assert.ok(pulseDuration(65, pace) < 1000 / pace);
});

test("a pulse runs from the inputs to the output, and all the way back", () => {
  for (const gaps of GAPS) {
    const duration = pulseDuration(gaps);
    assert.deepEqual(pulseAt(0, gaps, duration), { way: "forward", at: 0 });
    let before = 0;
    let turned = false;
    for (let time = 0; time < duration; time += duration / 500) {
      const pulse = pulseAt(time, gaps, duration);
      assert.ok(pulse && pulse.at >= 0 && pulse.at <= gaps);
      turned ||= pulse.way === "back";
      assert.equal(pulse.way, turned ? "back" : "forward");
      assert.ok(turned || pulse.at >= before);
      before = pulse.at;
    }
    assert.ok(turned && before < 0.1 * gaps);
    assert.equal(pulseAt(duration, gaps, duration), null);
    assert.equal(pulseAt(-1, gaps, duration), null);
  }
});

test("a column is dark until the pulse comes, and fades once it has passed, on both ways", () => {
  assert.equal(litness({ way: "forward", at: 1.9 }, 2), 0);
  assert.equal(litness({ way: "forward", at: 2 }, 2), 1);
  assert.ok(litness({ way: "forward", at: 2.5 }, 2) < 1);
  assert.equal(litness({ way: "forward", at: 3 }, 2), 0);
  assert.equal(litness({ way: "back", at: 2.1 }, 2), 0);
  assert.equal(litness({ way: "back", at: 2 }, 2), 1);
  assert.equal(litness({ way: "back", at: 1 }, 2), 0);
});

/** @param {number} step @param {number} [timeline] */
const frame = (step, timeline = 1) => /** @type {Frame} */ (/** @type {unknown} */ ({ step, timeline }));
/** @param {"paused" | "playing" | "diverged"} state @param {number | null} [pace] */
const status = (state, pace = 240) => /** @type {Status} */ (/** @type {unknown} */ ({ state, pace }));

test("the page opens with a pulse, where it opens paused at step 0", () => {
  assert.ok(wantsPulse(null, frame(0), status("paused")));
  assert.ok(!wantsPulse(null, frame(7), status("paused")));
  assert.ok(!wantsPulse(null, frame(0), status("playing")));
});

test("a step is shown with a pulse when paused, and at five steps a second or less", () => {
  assert.ok(wantsPulse(frame(3), frame(4), status("paused")));
  assert.ok(wantsPulse(frame(3), frame(4), status("playing", 4)));
  assert.ok(!wantsPulse(frame(3), frame(4), status("playing", 60)));
  assert.ok(!wantsPulse(frame(3), frame(4), status("playing", null)));
});

test("what is not a step has no pulse: a typed weight, an undo, a jump, a reset", () => {
  assert.ok(!wantsPulse(frame(3), frame(3), status("paused")));
  assert.ok(!wantsPulse(frame(3), frame(4, 2), status("paused")));
  assert.ok(!wantsPulse(frame(3), frame(9), status("paused")));
  assert.ok(!wantsPulse(frame(3), frame(0, 2), status("paused")));
  assert.ok(!wantsPulse(frame(3), frame(4), status("diverged")));
});

const FADING = [1e-9, 2e-6, 0.001, 0.01, 0.25]; // error signals, the output's last

test("on its way back the pulse carries how much of the output's error signal is left", () => {
  assert.deepEqual(pulseFigures(FADING, 5, 1), [{ place: 5, text: "× 1" }]);
  assert.deepEqual(pulseFigures(FADING, 3.4, 1), [{ place: 5, text: "× 1" }, { place: 4, text: "× 0.040" }]);
  assert.deepEqual(pulseFigures(FADING, 0.2, 1).map(({ text }) => text), ["× 1", "× 0.040", "× 4.0×10⁻³", "× 8.0×10⁻⁶", "× 4.0×10⁻⁹"]);
});

test("where columns are close figures are skipped, never that of the layer reached nor one beside it", () => {
  const deep = Float64Array.from({ length: 65 }, (_, index) => 0.5 ** (64 - index));
  for (let at = 65; at > 0; at -= 0.3) {
    const places = pulseFigures(deep, at, 6).map(({ place }) => place);
    assert.equal(places[places.length - 1], Math.min(65, Math.max(1, Math.ceil(at))));
    for (let i = 1; i < places.length; i++) assert.ok(places[i - 1] - places[i] >= 6, `${places}`);
  }
});

test("an exact zero is written as nothing left, and where the output has no error signal the figures are the signals", () => {
  assert.equal(pulseFigures([0, 0.5, 1], 0.5, 1)[2].text, "× 0");
  assert.deepEqual(pulseFigures([0, 0, 0], 1.5, 1).map(({ text }) => text), ["0", "0"]);
});
