// @ts-check
/**
 * A ranked list as stacked bars that follow the thumb of a weight slider; see mount.py.
 *
 * Python mounts this module twice. One mount brings the rows that the server ranked; they are drawn as they are. The
 * other one brings the contenders: whoever can come among the first under some weights. While a slider has the focus
 * and moves, the module ranks them by the same whole-number sums as core/matching/ranking/scoring.py and draws the first
 * of them every frame; on release Streamlit runs the script and the server's rows replace what was drawn.
 *
 * @typedef {{key: string, label: string, colour: string, weight: number, locked: boolean}} Factor
 * @typedef {{id: number, name: string, mark: string, state: string, values: ArrayLike<number>, known: number,
 *   raw?: string[], logs?: number[]}} Row  values in ten-thousandths; bit j of known: factor j is known
 * @typedef {{at: number, name: string, colour: string}} Level  of scores from ``at`` points on
 * @typedef {{factors: Factor[], rows: Row[], top: number, pool: string, texts: Record<string, string>,
 *   ticks: number[], levels: Level[], lang: string}} List
 * @typedef {{pool: string, size: number, ids: Int32Array, values: Uint16Array[], known: Uint8Array, names: string[],
 *   logs: Float64Array[], states: string[], coverage: [number, number], places: Map<number, number>}} Pool
 */

const UNIT = 10_000; // a factor of 1
const WIDTH = 128; // points that a line is wide: beside a full bar there is room for its total and its state
const HUNDRED = 100; // what sliders sum to while some are locked
const sum = (/** @type {number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0);
const filled = (/** @type {string} */ text, /** @type {Record<string, string>} */ values) => (
  text.replace(/\{(\w+)\}/g, (_, name) => values[name])
);

/** @type {Pool | null} The contenders of the list on the page. */
let pool = null;
/** @type {WeakMap<object, View>} by the element that Streamlit mounts a list in */
const views = new WeakMap();

/**
 * What Streamlit calls after every run that changed the data of a mount.
 * @param {{data: any, parentElement: any, setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function mount({ data, parentElement, setTriggerValue }) {
  if (data.ids) {
    pool = unpacked(data);
    return undefined;
  }
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = new View(parentElement)));
  view.show(data, (id) => setTriggerValue('pick', id));
  return () => view.close();
}

/**
 * Contenders from base64, and their places under the weights that the list is compared with.
 * @param {any} data @returns {Pool}
 */
export function unpacked(data) {
  const bytes = (/** @type {string} */ text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const ids = new Int32Array(bytes(data.ids)), size = ids.length;
  const columns = (/** @type {any} */ all) => (
    Array.from({ length: all.length / Math.max(size, 1) }, (_, j) => all.subarray(j * size, (j + 1) * size))
  );
  const values = columns(new Uint16Array(bytes(data.values))), known = new Uint8Array(bytes(data.known));
  const { pool: name, names, states, coverage } = data, logs = columns(new Float64Array(bytes(data.logs ?? '')));
  /** @type {Pool} */
  const result = { pool: name, size, ids, values, known, logs, names, states, coverage, places: new Map() };
  ranked(result, data.preset, data.top).forEach((row, place) => result.places.set(ids[row], place));
  return result;
}

/**
 * The first rows by score, then by id, among those of whom enough is known: scoring.top over scoring.is_rankable.
 * @param {Pool} among @param {number[]} weights  whole, not all zero @param {number} top
 * @returns {Int32Array} positions
 */
export function ranked(among, weights, top) {
  const scores = new Int32Array(among.size), isKnownEnough = new Uint8Array(1 << weights.length);
  const [least, of] = among.coverage, needed = least * sum(weights);
  isKnownEnough.forEach((_, bits) => {
    isKnownEnough[bits] = of * sum(weights.filter((__, j) => (bits >> j) & 1)) >= needed ? 1 : 0;
  });
  weights.forEach((weight, j) => {
    const column = among.values[j];
    if (weight) for (let row = 0; row < scores.length; row++) scores[row] += weight * column[row];
  });
  const first = new Int32Array(top);
  let length = 0;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    if ((length === top && score <= scores[first[top - 1]]) || !isKnownEnough[among.known[row]]) continue;
    let place = length < top ? length++ : top - 1;
    for (; place > 0 && scores[first[place - 1]] < score; place--) first[place] = first[place - 1];
    first[place] = row;
  }
  return first.subarray(0, length);
}

/**
 * Sliders after one was moved: with locks the others make room, as in core/matching/ranking/sliders.py.
 * @param {number[]} sliders @param {number} moved @param {number} value @param {boolean[]} locked
 * @returns {number[]}
 */
export function rescaled(sliders, moved, value, locked) {
  const result = sliders.slice();
  result[moved] = value;
  if (!locked.some(Boolean)) return result;
  const free = sliders.map((_, j) => j).filter((j) => j !== moved && !locked[j]);
  const available = Math.max(HUNDRED - sum(sliders.filter((_, j) => j !== moved && locked[j])), 0);
  result[moved] = free.length ? Math.min(value, available) : available;
  const rest = available - result[moved], total = sum(free.map((j) => sliders[j]));
  const exact = free.map((j) => (total > 0 ? sliders[j] / total : 1 / free.length) * rest);
  const whole = exact.map((part) => Math.floor(part + 1e-9));
  const byRemainder = exact.map((_, n) => n).sort((a, b) => whole[a] - exact[a] - (whole[b] - exact[b]) || a - b);
  for (const n of byRemainder.slice(0, rest - sum(whole))) whole[n]++;
  free.forEach((j, n) => { result[j] = whole[n]; });
  return result;
}

/**
 * The parts of a bar in points, in the order in which they are drawn: factor j is worth so many from there on.
 *
 * Of values the score is their weighted mean, and unknown factors come last, up to the highest score that they allow. Of
 * logs it is 100 times a weighted geometric mean, and parts are what each factor loses of 100: shares of the loss in
 * proportion to weight × log, which sum to it exactly (Ang's logarithmic mean Divisia index).
 * @param {number[]} weights @param {Row} row
 */
export function split(weights, row) {
  const total = sum(weights), isKnown = weights.map((_, j) => Boolean((row.known >> j) & 1)), { logs } = row;
  const lost = logs?.map((log, j) => (-weights[j] * log) / total) ?? [], all = sum(lost), geometric = 100 * Math.exp(-all);
  const unit = logs ? (all && (100 - geometric) / all) : 100 / (total * UNIT);
  const order = weights.map((_, j) => j).sort((a, b) => Number(isKnown[b]) - Number(isKnown[a]) || a - b);
  let at = 0, low = 0;
  const parts = order.map((j) => {
    const worth = logs ? lost[j] : weights[j] * row.values[j], from = at;
    at += worth;
    if (isKnown[j]) low = at;
    return { j, from: (logs ? geometric : 0) + from * unit, worth: worth * unit, isKnown: isKnown[j] };
  });
  if (logs) return { parts, score: geometric, low: 0, high: 100 };
  return { parts, score: at * unit, low: low * unit, high: (low + UNIT * sum(weights.filter((_, j) => !isKnown[j]))) * unit };
}

/** @param {string} tag @param {string} name @param {Element} [parent] @returns {any} */
function made(tag, name, parent) {
  const element = document.createElement(tag);
  element.className = name;
  parent?.append(element);
  return element;
}

/** One list on the page. */
class View {
  /** @param {any} root  the shadow root of the mount */
  constructor(root) {
    this.body = made('div', 'ranked');
    root.append(this.body);
    this.legend = made('div', 'legend', this.body);
    this.items = made('ol', 'lines', this.body);
    this.axis = made('div', 'axis', this.body);
    /** @type {Map<number, any>} the elements of a candidate, by id */
    this.lines = new Map();
    this.frame = 0;
    /** @type {number[]} sliders before the present one was moved, and as drawn */
    this.base = this.weights = [];
    this.moved = -1; // the slider that moved last
    this.sliders = new MutationObserver((changes) => {
      if (changes.some(({ target }) => target === document.activeElement)) this.move(document.activeElement);
    });
    this.sliders.observe(document.body, { subtree: true, attributeFilter: ['aria-valuetext'] });
  }

  close() {
    this.sliders.disconnect();
    cancelAnimationFrame(this.frame);
    this.body.remove();
  }

  /**
   * The server's list; or, while the thumb has gone on, what follows from where it is now.
   * @param {List} list @param {(id: number) => void} pick
   */
  show(list, pick) {
    Object.assign(this, { list, pick });
    this.base = this.weights = list.factors.map((factor) => factor.weight);
    this.percent = new Intl.NumberFormat(list.lang, /** @type {any} */ ({ style: 'percent', roundingMode: 'halfEven' }));
    this.known = new Map(list.rows.map((row) => [row.id, row]));
    this.items.ariaLabel = list.texts.name;
    this.axis.dataset.title = list.texts.axis;
    this.axis.replaceChildren(...list.ticks.map((points) => (
      Object.assign(made('span', 'tick'), { textContent: points, style: `left: ${(100 * points) / WIDTH}%` })
    )));
    this.legend.replaceChildren(...list.factors.map((factor) => {
      const entry = made('span', 'entry');
      made('i', 'swatch', entry).style.background = factor.colour;
      entry.append(factor.label, ' ', made('b', 'share'));
      return entry;
    }));
    this.body.removeAttribute('data-live');
    this.draw(list.rows);
    list.rows.forEach((row, n) => {
      const { item } = this.lines.get(row.id); // keyboards and screen readers go by the order of the document
      if (item !== this.items.children[n]) this.items.insertBefore(item, this.items.children[n]);
    });
    this.move(document.activeElement);
  }

  /** @param {any} slider  what has the focus */
  move(slider) {
    const { factors, pool: name } = this.list;
    const moved = slider ? factors.findIndex((factor) => slider.closest(`.st-key-${factor.key} input`)) : -1;
    if (moved < 0 || pool?.pool !== name) return;
    if (moved !== this.moved) this.base = this.weights; // the answer to the last slider may still be on its way
    this.moved = moved;
    const weights = rescaled(this.base, moved, Number(slider.value), factors.map((factor) => factor.locked));
    if (weights.every((weight, j) => weight === this.weights[j])) return;
    this.weights = weights;
    this.body.toggleAttribute('data-live', weights.some((weight, j) => weight !== factors[j].weight));
    cancelAnimationFrame(this.frame);
    if (weights.some(Boolean)) this.frame = requestAnimationFrame(() => this.draw(this.contenders()));
  }

  /** The first of the contenders under the weights of the sliders, as the server will list them. @returns {Row[]} */
  contenders() {
    const among = /** @type {Pool} */ (pool);
    if (!this.body.hasAttribute('data-live')) return this.list.rows;
    return Array.from(ranked(among, this.weights, this.list.top), (row, place) => {
      const id = among.ids[row], before = among.places.get(id), gained = (before ?? place) - place;
      const moves = gained ? `${gained > 0 ? '▲' : '▼'}${Math.abs(gained)}` : '';
      const mark = before === undefined ? this.list.texts.new : moves;
      const values = among.values.map((column) => column[row]), known = among.known[row];
      const logs = among.logs.length ? among.logs.map((column) => column[row]) : undefined;
      return { ...this.known.get(id), id, name: among.names[row], mark, state: among.states[row], values, known, logs };
    });
  }

  /** @param {Row[]} rows  the first place first */
  draw(rows) {
    const total = sum(this.weights), ids = new Set(rows.map((row) => row.id));
    for (const [id, { item }] of this.lines) {
      if (ids.has(id)) continue;
      item.remove();
      this.lines.delete(id);
    }
    rows.forEach((row, place) => this.line(row, place));
    this.body.style.setProperty('--lines', rows.length);
    this.legend.querySelectorAll('.share').forEach((/** @type {any} */ share, /** @type {number} */ j) => {
      share.textContent = this.percent.format(this.weights[j] / total);
    });
  }

  /**
   * One candidate: place, name, bar of parts (unknown ones hatched), how far the score may reach, total, state.
   * @param {Row} row @param {number} place  from 0
   */
  line(row, place) {
    const line = this.lines.get(row.id) ?? this.newLine(row.id), { texts, factors, levels } = this.list;
    const { parts, score, low, high } = split(this.weights, row), points = score.toFixed(1), words = [];
    const across = (/** @type {any} */ mark, /** @type {number} */ from, /** @type {number} */ length) => {
      mark.style.left = `${(100 * from) / WIDTH}%`;
      mark.style.width = `${(100 * length) / WIDTH}%`;
    };
    for (const { j, from, worth, isKnown } of parts) {
      across(line.parts[j], from, worth);
      line.parts[j].classList.toggle('expected', !isKnown);
      line.parts[j].dataset.points = worth.toFixed(1);
      if (worth) words.push(filled(texts.word, { factor: factors[j].label, points: worth.toFixed(1) }));
    }
    const level = levels.findLast(({ at }) => score >= at), state = row.state || level?.name || '';
    across(line.rest, row.logs ? 0 : score, row.logs ? score : high - score);
    line.rest.classList.toggle('kept', Boolean(row.logs));
    line.rest.style.setProperty('--colour', level?.colour ?? '');
    line.rest.title = filled(texts.range, { low: low.toFixed(1), high: high.toFixed(1), points });
    line.total.style.left = `${(100 * high) / WIDTH}%`;
    line.total.textContent = points;
    line.label.title = row.name;
    line.label.textContent = `${place + 1}  ${row.name}  ${row.mark}`.trimEnd();
    line.state.textContent = state;
    line.item.style.setProperty('--place', place);
    line.item.dataset.place = place + 1;
    const name = `${line.label.textContent}: ${filled(texts.total, { points })}`;
    line.item.firstChild.ariaLabel = [name, ...words, state].filter(Boolean).join(texts.comma);
    line.row = row;
  }

  /** @param {number} id */
  newLine(id) {
    const item = made('li', 'line', this.items), button = made('button', 'candidate', item);
    button.type = 'button';
    button.addEventListener('click', () => this.pick(id));
    const label = made('span', 'label', button), bar = made('span', 'bar', button);
    const parts = this.list.factors.map((factor, j) => {
      const part = made('span', 'part', bar);
      part.style.setProperty('--colour', factor.colour);
      part.addEventListener('pointerenter', () => {
        const raw = this.lines.get(id)?.row?.raw?.[j], { part: text, measured } = this.list.texts;
        part.title = filled(raw ? measured : text, { factor: factor.label, points: part.dataset.points, raw: raw ?? '' });
      });
      return part;
    });
    const [rest, total, state] = ['rest', 'total', 'state'].map((name) => made('span', name, bar));
    const line = { item, label, parts, rest, total, state, row: /** @type {Row | null} */ (null) };
    this.lines.set(id, line);
    return line;
  }
}
