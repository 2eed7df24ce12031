/**
 * The shapes that the page's modules share, as JSDoc types. No code.
 *
 * The wire's own shapes follow docs/PROTOCOL.md; field names of JSON keep the wire's snake_case, so that what one reads in
 * the browser's network tab is what one reads here. Everything the page adds is camelCase.
 *
 * @typedef {Record<string, any>} RunSpec  RunSpec.to_dict(); see engine/spec.py
 *
 * @typedef {object} LayerInfo  one layer of a layout, in forward order; the output is the last and has id 0
 * @property {number} id
 * @property {string} kind
 * @property {"hidden" | "output"} role
 * @property {number} units
 * @property {number[]} unit_ids
 * @property {number} fan_in
 * @property {string} activation
 * @property {Record<string, number>} activation_options
 * @property {"none" | "batch" | "layer"} normalization
 * @property {number} dropout
 * @property {boolean} residual
 * @property {number | null} scale  offset of the normalisation's scale; null where there is none
 * @property {number | null} shift  the same of its shift
 * @property {number} weight  offset of the weight tensor in parameters, gradients and updates
 * @property {number} bias    offset of the bias
 * @property {number} unit    place of the first unit in all that counts by units
 *
 * @typedef {object} DataInfo
 * @property {number} version
 * @property {string} name
 * @property {"classification" | "regression"} task
 * @property {string[]} classes
 * @property {string[]} inputs  the raw inputs, before features
 * @property {number} samples
 * @property {number} train
 * @property {number} test
 * @property {number} batches
 *
 * @typedef {object} MapsInfo
 * @property {"plane" | "curve" | "samples"} form
 * @property {[number, number]} [grid]   width, height
 * @property {[number, number]} [unit]   width, height
 * @property {[number, number]} [x]
 * @property {[number, number]} [y]
 * @property {[number, number]} [image]  width, height, where the inputs are an image
 *
 * @typedef {object} Layout
 * @property {number} lane
 * @property {number} revision
 * @property {number} timeline
 * @property {number} from_step
 * @property {boolean} [past]   of a past step that is looked at: the series go on in the present's columns
 * @property {string[]} inputs  names of the network's inputs (the features)
 * @property {LayerInfo[]} layers
 * @property {number} parameters
 * @property {number} units
 * @property {DataInfo} data
 * @property {MapsInfo} maps
 * @property {{steps: string[], evaluations: string[]}} series
 *
 * @typedef {object} Frame  a decoded frame; arrays are views into the message
 * @property {number} lane
 * @property {number} revision
 * @property {number} timeline
 * @property {number} picture
 * @property {number} lanes
 * @property {number} step
 * @property {number} epoch
 * @property {number} loss
 * @property {number} command
 * @property {number} rows
 * @property {boolean} mapsFollow
 * @property {Float32Array} [parameters]
 * @property {Float32Array} [gradients]
 * @property {Float32Array} [updates]
 * @property {Float32Array} [inputs]
 * @property {Float32Array} [activations]
 * @property {Float32Array} [deltas]
 * @property {Float32Array} [pre_activations]
 * @property {Float32Array} [targets]
 * @property {Float64Array} [norms]
 * @property {Float64Array} [unit_deltas]
 * @property {Float64Array} [scales]
 * @property {Uint32Array} [samples]
 * @property {Float64Array} [stations]  (layers − 1) × 6: from each layer's next one's error signal over what is left after each factor to its own
 * @property {Float64Array} [chi]       layers − 1; −1 where the theory does not hold
 * @property {Float64Array} [shares]    2 × layers: saturated, silent; −1 where a layer knows no such thing
 * @property {Uint32Array} [histograms] 5 × layers × (bins + 1), the exact zeros last
 * @property {Float64Array} [singular_values]  min(fan-in, units) of each layer, the largest first
 * @property {Float64Array} [histogram_axes]  5 × 3: low, high, 1 where the axis is logarithmic
 *
 * @typedef {object} Maps
 * @property {number} lane
 * @property {number} revision
 * @property {number} timeline
 * @property {number} picture
 * @property {number} step
 * @property {Uint8Array | Float32Array} [grid]
 * @property {Float64Array} [grid_scale]
 * @property {Uint8Array} [unit_maps]
 * @property {Float64Array} [unit_scales]
 * @property {Float64Array} [unit_spread]
 * @property {Float32Array} [predictions]
 *
 * @typedef {object} Data
 * @property {number} lane
 * @property {number} version
 * @property {Float32Array} points   samples × inputs
 * @property {Float32Array} labels
 * @property {Uint8Array} split      0 train, 1 test
 *
 * @typedef {object} Rows  a decoded answer to a series request
 * @property {number} lane
 * @property {number} revision
 * @property {number} timeline
 * @property {number} command
 * @property {number} next     where to go on
 * @property {boolean} more
 * @property {Float64Array} from
 * @property {Uint32Array} spans
 * @property {Float64Array} mean
 * @property {Float64Array | null} min
 * @property {Float64Array | null} max
 *
 * @typedef {object} Score  null where it means nothing
 * @property {number} loss
 * @property {number | null} accuracy
 * @property {number[][] | null} confusion  rows are true classes, columns predicted ones
 * @property {number | null} r_squared
 * @typedef {{step: number, train: Score, test: Score, saturated: (number | null)[], dead: (number | null)[]}} Evaluation  the last two over all training data, a layer each
 * @typedef {{step: number, layer: number, layer_id: number, tensor: string, message: string}} Divergence
 * @typedef {{cure: string, title: string, short: string, way: "keep" | "restart", changes: Record<string, any>}} CureOffer
 * @typedef {{name: string, layers: number[], since: number, numbers: Record<string, number>, sentence: string, why: string, source: string, cures: CureOffer[]}} Verdict
 *
 * @typedef {"pre_activation" | "activation" | "delta" | "gradient" | "weight" | "update"} NormName
 * @typedef {Record<NormName, number | null>} NormsOfLayer  root mean squares; null where not finite
 * @typedef {{step: number, layers: NormsOfLayer[]}} PassNorms
 * @typedef {{step: number, loss: number, delta: number[], gradient: number[], weight: number[]}} LeadingStep
 * @typedef {{step: number, layer: number, layer_id: number, tensor: string, finite: PassNorms | null, overflowed: PassNorms, steps: LeadingStep[]}} Autopsy
 *
 * @typedef {object} Status
 * @property {"paused" | "playing" | "diverged"} state
 * @property {number | null} pace
 * @property {number} steps_per_second
 * @property {number} step
 * @property {number} epoch
 * @property {number} watchers
 * @property {"controller" | "watcher"} role
 * @property {string | null} undo
 * @property {string | null} redo
 * @property {number} [lanes]  how many there are; 1 where it is not said
 * @property {number | null} [looking]  the past step that is shown; step and epoch are the present's
 * @property {{from_step: number, step: number, target: number} | null} [replay]  the way to a past step
 * @property {number | null} [writing]  how much of the scalars that were asked for is done, 0 to 1
 *
 * @typedef {{step: number, label: string}} Mark  a change of the run
 *
 * @typedef {object} Branch  a future that the run had before it was continued from a past step
 * @property {number} id
 * @property {string} name       what was changed in it
 * @property {number} from_step  where it parts from the run
 * @property {number} step       where it ended
 * @property {number[]} steps
 * @property {number[]} losses
 *
 * @typedef {object} Selection  what the pointer or the keyboard rests on, or what is pinned; by ids, so it survives surgery
 * @property {"unit" | "bias" | "edge" | "input" | "layer"} kind
 * @property {number} layer       id of the layer (for an edge: of the layer it leads to; for an input: -1)
 * @property {number} [unit]      id of the unit (for an input: its place)
 * @property {number} [from]      for an edge: place of the unit it comes from, in the layer before
 * @property {number} [index]     for an edge: place of the unit it leads to
 *
 * @typedef {object} Lane
 * @property {RunSpec} spec
 * @property {Layout | null} layout
 * @property {Frame | null} frame
 * @property {Maps | null} maps
 * @property {Data | null} data
 * @property {Evaluation | null} evaluation
 * @property {Divergence | null} diverged
 * @property {Autopsy | null} autopsy   of the pass that overflowed
 * @property {Verdict[]} verdicts       what is wrong, weightiest first
 *
 * @typedef {object} Ui  what belongs to this browser alone
 * @property {"forward" | "gradients" | "updates"} view
 * @property {"signals" | "gradient" | "update" | "factors"} strip  what the strip shows
 * @property {"log" | "true"} scale     of the strip
 * @property {boolean} chi              whether the factors have χ beside them
 * @property {boolean} lossLog
 * @property {boolean} showTest
 * @property {Selection | null} hover
 * @property {Selection | null} pinned
 * @property {"light" | "dark" | "projector"} theme
 * @property {boolean | null} focus     the network alone, the sides as rails; null: where it is deep
 * @property {boolean} blank            nothing at all, for talking
 * @property {"flow" | "distributions" | "inspector" | null} drawer  which side of the drawer is open
 * @property {number | null} walk       the stage of the step that is walked through (walkthrough.js); null: all of it is shown
 * @property {number} sample            place in the batch of the sample that the inspector follows
 * @property {boolean} inspectsLoss     the inspector is about the loss, and not about what is pinned
 * @property {boolean} table            the network's numbers as a table
 * @property {number} lane              the selected lane: what controls, card and headers are about
 * @property {boolean} everyLane        whether live changes go to all lanes instead
 *
 * @typedef {object} Notice  one sentence for the sentence row: a refusal, a damaged link, a restart; goes with the next change
 * @property {"error" | "info"} kind
 * @property {string} text
 * @property {string | null} [field]  dotted path of the field that was refused, for the control it belongs to
 *
 * @typedef {object} Subject  what is inspected; ids of a layer and a unit, and for a weight the place of what it comes from
 * @property {"weight" | "bias" | "scale" | "shift" | "unit" | "loss" | "walk"} kind
 * @property {number | null} layer
 * @property {number | null} unit
 * @property {number | null} from
 *
 * @typedef {object} Terms  the addends of a sum, the product last; headings are TeX
 * @property {string} heading
 * @property {string[]} columns
 * @property {(number | null)[][]} rows
 * @property {string[]} labels
 * @property {(Subject | null)[]} links
 * @property {number | null} highlighted
 * @property {number | null} sum
 *
 * @typedef {{symbols: string, numbers: string, value: number | null, link: Subject | null, note: string}} Equation  TeX, and TeX with the numbers put in
 * @typedef {{title: string, text: string, equations: Equation[], terms: Terms | null}} InspectionBlock
 *
 * @typedef {object} Inspection  where a number of one step came from
 * @property {number} lane
 * @property {number} revision
 * @property {number} timeline
 * @property {number} step
 * @property {number} batch         its size
 * @property {number} sample        place in the batch
 * @property {number} sample_index  in the training data
 * @property {Subject} subject
 * @property {number | null} stage  of a walk through the step
 * @property {string[]} stages
 * @property {string} title
 * @property {string} sentence
 * @property {InspectionBlock[]} blocks
 * @property {{title: string, z: number[], value: number[], slope: number[], at: {z: number, value: number, slope: number}} | null} plot
 * @property {{z: number[], a: number[], delta: number[]} | null} distribution
 * @property {{epsilon: number, parameter: number, loss_above: number, loss_below: number, numeric: number, analytic: number, relative_error: number} | null} check
 *
 * @typedef {object} State
 * @property {Record<string, any>} catalog  the engine's tables (/api/catalog), as the page came with them
 * @property {"connecting" | "open" | "reconnecting" | "closed"} connection
 * @property {Status | null} status
 * @property {Lane[]} lanes
 * @property {{earliest: number, marks: Mark[], branches: Branch[], begins: number[]}} past  what was changed, and what else might have
 *   been; and the step at which each lane was forked off another, 0 for others
 * @property {Ui} ui
 * @property {Inspection | null} inspection  the server's last answer
 * @property {Notice | null} notice
 *
 * @typedef {{type: string, [field: string]: any}} Action  what reduce takes:
 *   an event of the wire as it came; a decoded binary message: {type: "frame", frame}, {type: "maps", maps}, {type: "data", data};
 *   {type: "connection", connection}; and what the user did: {type: "ui/view", view}, "ui/scale", "ui/lossLog", "ui/showTest",
 *   "ui/theme", "ui/focus", "ui/blank", "ui/table", "ui/everyLane" in the same way, {type: "ui/lane", lane}, {type: "ui/hover", selection}, {type: "ui/pin", selection}, {type: "ui/notice", notice}.
 *   main.js sends {type: "command", command} to the server instead of reducing it.
 * @typedef {(action: Action) => void} Dispatch
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 *
 * @typedef {object} SeriesColumn  one scalar over steps; where a row covers more than one step, min and max enclose what mean hides
 * @property {Float64Array} mean
 * @property {Float64Array} min
 * @property {Float64Array} max
 *
 * @typedef {object} SeriesTable  rows in order of steps; every array is a view of the first `rows` entries; NaN where not known
 * @property {number} rows
 * @property {Float64Array} from    first step of each row
 * @property {Float64Array} spans   how many steps (or evaluations) it covers
 * @property {Record<string, SeriesColumn>} columns  by the names of the layout: "loss", "delta_rms.1", "test_loss", ...
 *
 * @typedef {object} SeriesModel  what a chart over steps draws
 * @property {number} version        grows with every change; the same version needs no new drawing
 * @property {SeriesTable} steps
 * @property {SeriesTable} evaluations
 * @property {{x: Float64Array, loss: Float64Array} | null} ghost  the loss before the last reset
 *
 * @typedef {object} StripLine  a quantity of every layer, in forward order
 * @property {Float64Array} values  of the step shown, or medians of the last 200 steps
 * @property {Float64Array} low     its smallest over these steps (the values themselves where exact)
 * @property {Float64Array} high    its largest
 *
 * @typedef {object} StripModel  what the strip draws
 * @property {boolean} exact         the numbers of the step shown (paused), instead of the median of the last 200 steps
 * @property {number} steps          how many steps the median and the band cover
 * @property {Ui["strip"]} view
 * @property {Float64Array} delta    error signal: rms of each layer's δ
 * @property {StripLine} line        what is drawn: the error signal, or ∂L/∂W, or update : weight
 * @property {Float64Array | null} forward  forward signal: standard deviation of a over the data, averaged over units
 * @property {import("./factors.js").Factors | null} factors  where they are shown and have come
 *
 * @typedef {object} Palette  the tokens of the theme as "#rrggbb", named as in static/css/tokens.css
 * @property {string} paper
 * @property {string} card
 * @property {string} ink
 * @property {string} muted
 * @property {string} rule
 * @property {string} negative
 * @property {string} zero
 * @property {string} positive
 * @property {string} textNegative
 * @property {string} textPositive
 * @property {string} signal
 * @property {string} signalZero
 * @property {string} amplified
 * @property {boolean} stepped   projector: seven steps of colour instead of a ramp, thicker lines
 * @property {string} font       the family of the body text
 * @property {number} textMin    smallest size of text, in CSS pixels
 * @property {number} textBody
 */
export {};
