'use strict';
// The status page: asks page.json once, then reads events, and shows what they say. What others
// wrote (tenants, tables, sentences) is put into the page as text and as nothing else. Its paths are
// relative: a proxy may show it below a prefix.

const SECONDS = 300;
const MEAN_SECONDS = 5;
const NOTHING = -1;
const SILENCE_MILLIS = 6000;
const AGAIN_MILLIS = 1000;
const POLL_MILLIS = 5000;

const $ = (id) => document.getElementById(id);
let token = '';
let points = new Map();
let sample = 0;
let last = null;
let lostSince = 0;

// ---- what is asked ----

class Denied extends Error {}

async function ask(path, signal) {
  const headers = token ? { Authorization: 'Bearer ' + token } : {};
  const answer = await fetch(path, { headers, signal, cache: 'no-store' });
  if (answer.status === 401 || answer.status === 403) {
    throw new Denied((await answer.text()).trim());
  }
  return answer;
}

async function load() {
  const answer = await ask('page.json');
  if (!answer.ok) {
    throw new Error((await answer.text()).trim());
  }
  const page = await answer.json();
  points = new Map(page.series.map((s) => [s.name, s.points.map(known)]));
  sample = page.sample;
  show(page);
}

/** Reads events until the stream ends. False: there are too many who watch. */
async function follow() {
  const control = new AbortController();
  let timer = 0;
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(), SILENCE_MILLIS);
  };
  hear();
  try {
    const answer = await ask('events', control.signal);
    if (answer.status === 503) {
      return false;
    }
    if (!answer.ok) {
      throw new Error((await answer.text()).trim());
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const read = await reader.read();
      if (read.done) {
        return true;
      }
      hear();
      text += read.value;
      let end = text.indexOf('\n\n');
      while (end >= 0) {
        event(text.slice(0, end));
        text = text.slice(end + 2);
        end = text.indexOf('\n\n');
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function event(lines) {
  if (!lines.startsWith('data: ')) {
    return;
  }
  const page = JSON.parse(lines.slice(6));
  const passed = page.sample - sample;
  if (passed < -MEAN_SECONDS || passed > SECONDS) {
    throw new Error('it was started anew');
  }
  if (passed > 1) {
    load().catch(() => {}); // what was missed; if that fails, it is a gap
  }
  for (const series of page.series) {
    const all = points.get(series.name) || [];
    for (let i = 1; i < passed; i++) {
      all.push(null);
    }
    if (passed > 0) {
      all.push(known(series.now));
    }
    points.set(series.name, all.slice(-SECONDS));
  }
  sample = Math.max(sample, page.sample);
  show(page);
}

const known = (value) => (value === NOTHING ? null : value);

const pause = (millis) => new Promise((done) => setTimeout(done, millis));

async function run() {
  for (;;) {
    try {
      await load();
      const room = await follow();
      await pause(room ? AGAIN_MILLIS : POLL_MILLIS);
    } catch (failure) {
      if (failure instanceof Denied) {
        await askForToken(failure.message);
      } else {
        lost();
        await pause(AGAIN_MILLIS);
      }
    }
  }
}

function askForToken(why) {
  $('main').hidden = true;
  $('faults').replaceChildren();
  $('ask').hidden = false;
  text($('denied'), token ? why : '');
  $('token').focus();
  return new Promise((done) => {
    $('ask').onsubmit = (submitted) => {
      submitted.preventDefault();
      token = $('token').value.trim();
      $('token').value = '';
      $('ask').hidden = true;
      done();
    };
  });
}

// ---- how it is written ----

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const number = (n) => NUMBER.format(n);

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (Math.abs(n) >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return (unit === 0 ? n : n.toFixed(1)) + ' ' + units[unit];
}

function micros(n) {
  if (n < 0) {
    return ['–', ''];
  }
  if (n < 1000) {
    return [number(n), 'µs'];
  }
  if (n < 1e6) {
    return [(n / 1e3).toFixed(n < 1e5 ? 1 : 0), 'ms'];
  }
  return [(n / 1e6).toFixed(1), 's'];
}

function span(seconds) {
  if (seconds < 120) {
    return seconds + ' s';
  }
  if (seconds < 7200) {
    return Math.floor(seconds / 60) + ' min';
  }
  return seconds < 172800 ? Math.floor(seconds / 3600) + ' h' : Math.floor(seconds / 86400) + ' d';
}

function clock(millis) {
  const two = (n) => String(n).padStart(2, '0');
  const at = new Date(millis);
  return two(at.getHours()) + ':' + two(at.getMinutes()) + ':' + two(at.getSeconds());
}

const millisText = (n) => (n < 1000 ? n + ' ms' : (n / 1000).toFixed(1) + ' s');

// ---- parts of the page: made once, then changed in place, so that nothing jumps ----

function text(element, value) {
  const said = String(value);
  if (element.textContent !== said) {
    element.textContent = said;
  }
}

function make(tag, kind, parent, said) {
  const element = document.createElement(tag);
  if (kind) {
    element.className = kind;
  }
  if (said !== undefined) {
    element.textContent = said;
  }
  if (parent) {
    parent.append(element);
  }
  return element;
}

function kind(element, name) {
  if (element.className !== name) {
    element.className = name;
  }
}

/** A part for each item: made by the first function, changed by the second. */
function list(parent, items, made, changed) {
  const parts = parent.parts || (parent.parts = []);
  while (parts.length < items.length) {
    parts.push(made(parent, items[parts.length]));
  }
  while (parts.length > items.length) {
    parts.pop().root.remove();
  }
  items.forEach((item, i) => changed(parts[i], item, i));
}

function figure(parent, unit, label) {
  const root = make('div', '', parent);
  const value = make('span', 'figure', root);
  const said = make('span', '', value);
  const of = make('span', 'unit', value, unit);
  if (label) {
    make('span', 'small', root, label);
  }
  return { root, said, of };
}

const SVG = 'http://www.w3.org/2000/svg';

function spark(parent, name, label) {
  const root = make('div', 'plot', parent);
  const peak = make('span', 'small', root);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'spark ' + name);
  svg.setAttribute('viewBox', '0 0 ' + (SECONDS - 1) + ' 40');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label + ', the last five minutes');
  const area = document.createElementNS(SVG, 'path');
  area.setAttribute('class', 'area');
  const stroke = document.createElementNS(SVG, 'path');
  stroke.setAttribute('class', 'stroke');
  svg.append(area, stroke);
  root.append(svg);
  return { root, peak, area, stroke };
}

/** Of each second and the four before it: requests come in lumps. */
function means(values) {
  return values.map((value, i) => {
    const some = values.slice(Math.max(0, i - MEAN_SECONDS + 1), i + 1).filter((v) => v !== null);
    return value === null ? null : Math.round(some.reduce((a, b) => a + b, 0) / some.length);
  });
}

/** The next of 1, 2, 5, 10, 20...: a scale that seldom changes. */
function scale(most) {
  let step = 1;
  for (;;) {
    for (const factor of [1, 2, 5]) {
      if (most <= step * factor) {
        return step * factor;
      }
    }
    step *= 10;
  }
}

function draw(plot, values, said, most) {
  const peak = values.reduce((a, b) => Math.max(a, b === null ? 0 : b), 0);
  const top = most || scale(peak);
  const first = SECONDS - values.length;
  let line = '';
  let areas = '';
  let begin = NOTHING;
  const close = (end) => {
    if (begin !== NOTHING) {
      areas += 'L' + end + ' 40L' + begin + ' 40Z';
    }
    begin = NOTHING;
  };
  values.forEach((value, i) => {
    const x = first + i;
    if (value === null) {
      close(x - 1);
      return;
    }
    const at = x + ' ' + (40 - (Math.min(value, top) / top) * 38).toFixed(1);
    const move = begin === NOTHING;
    line += (move ? 'M' : 'L') + at + (move ? 'h0.01' : '');
    areas += (move ? 'M' : 'L') + at;
    begin = move ? x : begin;
  });
  close(first + values.length - 1);
  plot.stroke.setAttribute('d', line);
  plot.area.setAttribute('d', areas);
  text(plot.peak, peak > 0 ? said(peak) : '');
}

// ---- what is shown ----

function show(page) {
  last = page;
  lostSince = 0;
  $('ask').hidden = true;
  $('main').hidden = false;
  text($('service'), page.service);
  text($('name'), page.name);
  text($('state'), page.state);
  kind($('state'), page.state === 'ready' ? 'good' : 'bad');
  text($('up'), 'up ' + span(page.upSeconds));
  text($('clock'), clock(page.nowMillis));
  faults(page.faults);
  flows(page);
  delays(page);
  budgets(page);
  tables(page);
}

function lost() {
  lostSince = lostSince || Date.now();
  text($('state'), 'not connected');
  kind($('state'), 'bad');
  const shown = last ? ' What is shown is of ' + clock(last.nowMillis) + '.' : '';
  faults([
    {
      level: 'bad',
      what: 'this service does not answer since ' + clock(lostSince) + '.' + shown,
      advice: 'The page tries again each second. See whether the service runs, and its log.',
    },
  ]);
}

function faults(all) {
  const calm = { level: 'good', what: '', advice: 'Nothing is wrong that this service knows of.' };
  list(
    $('faults'),
    all.length ? all : [calm],
    (parent) => {
      const root = make('p', '', parent);
      return { root, what: make('strong', '', root), advice: make('span', '', root) };
    },
    (part, fault) => {
      kind(part.root, 'fault ' + (fault.level === 'bad' ? 'bad' : fault.level === 'warn' ? 'warn' : 'good'));
      text(part.what, capital(fault.what));
      part.what.hidden = !fault.what;
      text(part.advice, fault.advice);
    });
  const count = all.length ? (all.length === 1 ? '1 fault' : all.length + ' faults') + ' – ' : '';
  const title = count + 'Sluice' + (last ? ' ' + last.service : '');
  if (document.title !== title) {
    document.title = title;
  }
}

const capital = (said) => said.charAt(0).toUpperCase() + said.slice(1);

function flows(page) {
  const writer = page.service === 'Writer';
  text(
    $('flow-note'),
    writer
      ? 'Records a second, means of five: those that were taken in, and those that commits brought into the tables.'
      : 'Records a second, means of five: those that came, and those that were stored and acknowledged.');
  const used = page.flows.filter((flow, i) => i < 3 || flow.came + flow.went > 0);
  list(
    $('flows'),
    used,
    (parent, flow) => {
      const root = make('div', '', parent);
      const name = make('div', 'kind', root, flow.name);
      const track = (way, label) => {
        const row = make('div', 'track', root);
        const now = figure(row, ' /s', label);
        return { now, plot: spark(row, way, flow.name + ' ' + label) };
      };
      const parts = { root, name };
      parts.came = track('in', writer ? 'taken' : 'received');
      parts.went = track('out', writer ? 'persisted' : 'acknowledged');
      const totals = make('div', 'totals small', root);
      parts.cameAll = make('span', '', totals);
      parts.wentAll = make('span', '', totals);
      return parts;
    },
    (part, flow) => {
      text(part.name, flow.name);
      const track = (of, series) => {
        const values = means(points.get(series) || []);
        const now = values.length ? values[values.length - 1] : null;
        text(of.now.said, now === null ? '–' : number(now));
        draw(of.plot, values, (peak) => 'peak ' + number(peak));
      };
      track(part.came, flow.in);
      track(part.went, flow.out);
      text(part.cameAll, number(flow.came) + ' in');
      text(part.wentAll, number(flow.went) + ' out');
    });
}

function delays(page) {
  list(
    $('delays'),
    page.delays,
    (parent) => {
      const root = make('div', 'delay', parent);
      const row = make('div', 'row', root);
      const parts = { root, name: make('span', 'kind', row), what: make('span', 'small', row) };
      const grid = make('div', 'quantiles', root);
      parts.figures = ['median', '99 %', 'longest'].map((label) => figure(grid, '', label));
      parts.rate = figure(grid, ' /s', 'rate');
      parts.plot = spark(root, 'in', 'latency');
      return parts;
    },
    (part, delay) => {
      text(part.name, delay.name);
      text(part.what, delay.what);
      [delay.p50, delay.p99, delay.longest].forEach((value, i) => {
        const said = micros(value);
        text(part.figures[i].said, said[0]);
        text(part.figures[i].of, ' ' + said[1]);
      });
      text(part.rate.said, delay.rate < 10 ? delay.rate.toFixed(1) : number(delay.rate));
      draw(part.plot, points.get(delay.name) || [], (peak) => 'peak ' + micros(peak).join(' '));
    });
}

function budgets(page) {
  list(
    $('budgets'),
    page.budgets,
    (parent) => {
      const root = make('div', 'budget', parent);
      const row = make('div', 'row', root);
      const parts = { root, name: make('span', 'kind', row), used: make('span', '', row) };
      parts.bar = make('div', 'bar', root);
      parts.fill = make('i', '', parts.bar);
      const below = make('div', 'row', root);
      parts.full = make('span', 'small', below);
      parts.setting = make('span', 'small', below);
      parts.plot = spark(root, 'in', 'used');
      return parts;
    },
    (part, budget) => {
      const share = budget.most > 0 ? Math.max(0, Math.min(1, budget.used / budget.most)) : 0;
      text(part.name, budget.name);
      text(part.used, bytes(budget.used) + ' of ' + bytes(budget.most) + ', ' + Math.round(share * 100) + ' %');
      part.fill.style.width = (share * 100).toFixed(1) + '%';
      kind(part.bar, 'bar' + (share > 0.98 ? ' bad' : share > 0.875 ? ' warn' : ''));
      const seconds = budget.secondsToFull;
      text(
        part.full,
        'time to full: '
          + (seconds < 0 ? '–' : seconds === 0 ? 'it is full' : seconds > 172800 ? 'over 2 d' : 'about ' + span(seconds)));
      text(part.setting, budget.setting);
      part.plot.root.hidden = !budget.series;
      if (budget.series) {
        draw(part.plot, points.get(budget.series) || [], (peak) => 'peak ' + bytes(peak));
      }
    });
}

// ---- tables ----

const title = (label, of) => ({ label, of, kind: 'title' });
const plain = (label, of, more) => ({ label, of, kind: more || '' });
const amount = (label, of, level) => ({ label, of, kind: 'number', level });
const time = (label, of) => ({ label, of, kind: 'time' });
const wide = (label, of, level) => ({ label, of, kind: 'wide', level });
const some = (n) => (n === 0 ? '0' : number(n));

const TABLES = [
  {
    id: 'logs',
    title: 'Logs',
    rows: (p) => p.details.logs,
    none: 'No log is here yet.',
    columns: [
      title('log', (r) => r.number + '  ' + r.id.slice(0, 8)),
      { label: 'leader', kind: '', of: (r) => (r.leads ? 'this Writer' : leader(r) || 'nobody known'), level: (r) => (r.leads || r.leader ? '' : 'bad') },
      amount('term', (r) => some(r.term)),
      amount('first', (r) => some(r.first)),
      amount('applied', (r) => some(r.applied)),
      amount('behind', (r) => some(r.behind), (r) => (r.behind > 0 ? 'warn' : '')),
      wide('copies, and how far behind', (r) => copies(r), (r) => (r.copies.some(silent) ? 'warn' : '')),
    ],
  },
  {
    id: 'writers',
    title: 'Writers',
    rows: (p) => p.details.writers,
    none: 'No Writer is configured.',
    columns: [
      title('Writer', (r) => r.address),
      plain('connection', (r) => (r.connected ? 'connected' : 'not reachable')),
      plain('is sent logs', (r) => r.logs.join(', ') || '–'),
    ],
  },
  {
    id: 'chunks',
    title: 'Hot chunks',
    rows: (p) => p.details.chunks,
    none: 'No rows are in memory.',
    columns: [
      title('table', (r) => r.table),
      amount('rows to persist', (r) => some(r.rows)),
      amount('in memory', (r) => bytes(r.bytes)),
      amount('open', (r) => some(r.open)),
      amount('sealed', (r) => some(r.sealed)),
      amount('being written', (r) => some(r.persisting)),
      amount('kept for readers', (r) => some(r.kept)),
      amount('oldest', (r) => (r.oldestSeconds < 0 ? '–' : span(r.oldestSeconds))),
    ],
  },
  {
    id: 'commits',
    title: 'Last flushes and commits',
    note: (p) => number(p.details.commitsTotal) + ' since the start, with those that failed',
    rows: (p) => p.details.commits,
    none: 'Nothing was persisted yet: rows are sealed by size and age (seal.*), or by ./sluice flush.',
    columns: [
      title('table', (r) => r.what.table),
      time('at', (r) => clock(r.lastMillis)),
      amount('rows', (r) => some(r.what.rows)),
      amount('files', (r) => some(r.what.files)),
      amount('size', (r) => (r.what.error ? '–' : bytes(r.what.bytes))),
      amount('took', (r) => millisText(r.what.millis)),
      wide('outcome', (r) => (r.what.error ? (r.count > 1 ? r.count + ' times: ' : '') + r.what.error : 'committed'), (r) => (r.what.error ? 'bad' : 'good')),
    ],
  },
  {
    id: 'parked',
    title: 'Parked tables',
    rows: (p) => p.details.parked,
    none: 'None: every table takes its rows.',
    columns: [
      title('table', (r) => r.table),
      amount('parked rows', (r) => some(r.rows)),
      amount('owed', (r) => bytes(r.bytes)),
      wide('why', (r) => r.why, () => 'bad'),
    ],
  },
  {
    id: 'refusals',
    title: 'Recent refusals',
    note: (p) => number(p.refusals.total) + ' since the start',
    rows: (p) => p.refusals.last,
    none: 'Nothing was refused.',
    columns: [
      title('of', (r) => (r.what.tenant ? r.what.tenant + ' ' : '') + r.what.what || '–'),
      time('last', (r) => clock(r.lastMillis)),
      plain('door', (r) => r.what.door),
      amount('times', (r) => some(r.count)),
      wide('reason', (r) => r.what.reason),
    ],
  },
  {
    id: 'ledger',
    title: 'Ledger',
    note: (p) => ledgerNote(p),
    rows: (p) => p.details.ledger && p.details.ledger.concat([{ ...p.details.ledgerSum, table: 'all tables', sum: true }]),
    none: 'No record came yet.',
    columns: [
      title('table', (r) => r.table),
      amount('taken', (r) => some(r.taken)),
      amount('replayed', (r) => some(r.replayed)),
      amount('hot', (r) => some(r.hot)),
      amount('persisted', (r) => some(r.persisted)),
      amount('parked', (r) => some(r.parked)),
      amount('repeats', (r) => some(r.deduplicated)),
      amount('missing', (r) => some(r.missing), (r) => (r.missing ? 'bad' : '')),
    ],
  },
  {
    id: 'received',
    title: 'Ledger',
    note: () => 'received = taken + rejected + empty + refused + in flight',
    rows: (p) => p.details.received,
    none: 'No record came yet.',
    columns: [
      title('tenant and signal', (r) => r.tenant + ' ' + r.signal),
      amount('received', (r) => some(r.received)),
      amount('taken', (r) => some(r.taken)),
      amount('rejected', (r) => some(r.rejected)),
      amount('empty', (r) => some(r.empty)),
      amount('refused', (r) => some(r.refused)),
      amount('in flight', (r) => some(r.inFlight)),
    ],
  },
];

function ledgerNote(page) {
  const shown = page.details.ledger.length;
  const more = page.details.tables > shown ? '; the ' + shown + ' largest of ' + number(page.details.tables) + ' tables' : '';
  return 'taken + replayed = hot + persisted + parked + repeats' + more;
}

const silent = (copy) => copy.silentMillis > 5000;

/** By its name, where it is known whose address that is. */
function leader(log) {
  const copy = log.copies.find((each) => each.address === log.leader);
  return copy ? copy.writer : log.leader;
}

function copies(log) {
  if (!log.copies.length) {
    return 'this disk alone';
  }
  return log.copies
    .map((copy) => {
      const behind = copy.behind < 0 ? '' : ' ' + number(copy.behind);
      return copy.writer + behind + (silent(copy) ? ' (silent for ' + span(Math.floor(copy.silentMillis / 1000)) + ')' : '');
    })
    .join(', ');
}

const built = new Map();

function tables(page) {
  for (const table of TABLES) {
    const rows = table.rows(page);
    if (!rows) {
      continue;
    }
    const part = built.get(table.id) || build(table);
    const empty = rows.length === 0 || (rows.length === 1 && rows[0].sum);
    text(part.note, table.note && !empty ? table.note(page) : '');
    part.scroll.hidden = empty;
    part.none.hidden = !empty;
    list(part.body, rows, (parent) => row(parent, table), (cells, item) => fill(cells, table, item));
  }
}

function build(table) {
  const root = make('section', '', $('tables'));
  root.id = table.id;
  make('h2', '', root, table.title);
  const part = { note: make('p', 'note', root), none: make('p', 'none', root, table.none) };
  part.scroll = make('div', 'scroll', root);
  const grid = make('table', '', part.scroll);
  const head = make('tr', '', make('thead', '', grid));
  for (const column of table.columns) {
    make('th', column.kind, head, column.label).scope = 'col';
  }
  part.body = make('tbody', '', grid);
  built.set(table.id, part);
  return part;
}

function row(parent, table) {
  const root = make('tr', '', parent);
  const cells = table.columns.map((column) => {
    const cell = make('td', column.kind, root);
    cell.dataset.label = column.label;
    return cell;
  });
  return { root, cells };
}

function fill(part, table, item) {
  kind(part.root, item.sum ? 'sum' : '');
  table.columns.forEach((column, i) => {
    text(part.cells[i], column.of(item));
    kind(part.cells[i], column.kind + (column.level ? ' ' + column.level(item) : ''));
  });
}

run();
