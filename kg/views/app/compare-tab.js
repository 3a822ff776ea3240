// The Compare tab: which company does what with which data, as a matrix.

import { groupLabel, isWithin } from './concepts.js';
import { walk } from './compare-walk.js';
import { make } from './dom.js';
import { listed, many } from './words.js';

/** What is counted in a cell: name -> its actions, its sign, its words for what is done and is not. */
const FAMILIES = {
  collect: { actions: ['collect'], sign: 'C', text: 'collects' },
  use: { actions: ['use'], sign: 'U', text: 'uses' },
  share: { actions: ['share'], sign: 'S', text: 'shares' },
  sell: { actions: ['sell'], sign: '$', text: 'sells' },
  transfer: { actions: ['transfer'], sign: 'T', text: 'transfers' },
  keep: { actions: ['store', 'retain'], sign: 'K', text: 'stores or retains' },
  delete: { actions: ['delete'], sign: 'D', text: 'deletes' },
  protect: { actions: ['protect'], sign: 'P', text: 'protects' },
};
const denied = ({ actions }) => `does NOT ${actions.join(' or ')}`;
const FAMILY_OF = new Map(
  Object.entries(FAMILIES).flatMap(([name, { actions }]) =>
    actions.map((action) => [action, name]),
  ),
);
const ROW_NAMES = { data: 'Data', party: 'Recipients', purpose: 'Purposes', place: 'Places' };
const FIELDS = { data: 'data', party: 'recipients', purpose: 'purposes', place: 'places' };
const FEW = 4; // companies, for which there is room for words
const MANY = 12; // companies, which then stand in rows

export function prepare(page) {
  const { state, shown, hierarchy } = page;
  const field = FIELDS[state.rows];
  const rows = rowsOf(shown, field, hierarchy);
  const cells = new Map();
  cells.families = new Set();
  for (const said of shown) {
    const seen = new Set();
    for (const row of rows) {
      if (!row.holds(said[field]) || seen.has(row.key)) continue;
      seen.add(row.key);
      enter(page, cells, row, said);
    }
  }
  return { rows: rows.filter(({ key }) => rows.counts.get(key)), cells };
}

/** Concepts as rows, groups before what is in them; what stands open at first is no row. */
function rowsOf(shown, field, hierarchy) {
  const counts = new Map();
  const concepts = new Set();
  for (const said of shown) {
    const here = new Set(said[field].flatMap((one) => [...one.lineage]));
    for (const one of here) {
      concepts.add(one);
      counts.set(rowKey(one, false), (counts.get(rowKey(one, false)) ?? 0) + 1);
    }
    for (const one of said[field]) {
      counts.set(rowKey(one, true), (counts.get(rowKey(one, true)) ?? 0) + 1);
    }
    if (!said[field].length) counts.set('', (counts.get('') ?? 0) + 1);
  }
  const rows = [];
  const add = (concept, depth) => {
    const isOpen = hierarchy.isOpen(concept);
    const isGrouping = concept.wide && isOpen;
    if (!isGrouping) rows.push(whole(concept, depth, isOpen));
    if (!isOpen) return;
    const below = concept.below.filter((one) => concepts.has(one));
    below.sort((a, b) => rank(a) - rank(b) || counts.get(rowKey(b)) - counts.get(rowKey(a)));
    for (const one of below) add(one, isGrouping ? depth : depth + 1);
    if (isGrouping) rows.push(bare(concept));
  };
  for (const one of concepts) if (!one.above.length) add(one, 0);
  rows.push({ key: '', label: 'not named', depth: 0, holds: (named) => !named.length });
  rows.counts = counts;
  return rows;
}

const rank = (concept) => (concept.key === 'own' ? 1 : 0);
const rowKey = (concept, isBare = false) => `${concept.key}${isBare ? '.' : ''}`;

const whole = (concept, depth, isOpen) => ({
  key: rowKey(concept),
  label: concept.label,
  concept,
  depth,
  isOpen,
  holds: (named) => named.some((one) => isWithin(one, concept)),
});

const bare = (concept) => ({
  key: rowKey(concept, true),
  label: groupLabel({ concept, bare: true }),
  depth: 0,
  holds: (named) => named.includes(concept),
});

function enter(page, cells, row, said) {
  const family = FAMILY_OF.get(said.action);
  const place = `${said.company.key}×${row.key}`;
  const title = `${said.company.label} × ${row.label}`;
  const all = `cell/${place}`;
  const one = `cell/${place}:${family}${said.denied ? '-not' : ''}`;
  for (const [address, words] of [
    [all, ''],
    [one, `: ${said.denied ? denied(FAMILIES[family]) : FAMILIES[family].text}`],
  ]) {
    if (!page.openings.has(address)) {
      page.openings.set(address, {
        title: `${title}${words}`,
        statements: new Set(),
        links: address === all ? [] : [{ address: all, text: `all of ${title}` }],
      });
    }
    page.openings.get(address).statements.add(said);
  }
  cells.families.add(family);
  if (!cells.has(place)) cells.set(place, new Map());
  const chips = cells.get(place);
  const chip = `${family}${said.denied ? '-not' : ''}`;
  chips.set(chip, (chips.get(chip) ?? 0) + 1);
}

export function show(page, { rows, cells }, stage) {
  const { state, companies } = page;
  const present = companies.filter((company) =>
    page.shown.some((said) => said.company === company),
  );
  const choice = make(
    'select',
    {
      'aria-label': 'Rows',
      'data-focus': 'rows',
      onchange: (event) => page.go({ rows: event.target.value, selection: '' }),
    },
    Object.entries(ROW_NAMES).map(([value, text]) =>
      make('option', { value, selected: value === state.rows }, text),
    ),
  );
  const isWordy = present.length <= FEW;
  stage.append(
    make(
      'div',
      { class: 'controls' },
      make('label', {}, 'Compare ', choice),
      make(
        'p',
        { class: 'legend' },
        Object.entries(FAMILIES)
          .filter(([name]) => cells.families.has(name))
          .map((one) => key(one, isWordy)),
        make('span', {}, make('b', { class: 'chip not' }, '✕'), ' says that it does NOT'),
      ),
      make('p', { class: 'note' }, noteOf(page, present)),
    ),
  );
  if (!rows.length) {
    stage.append(make('p', { class: 'empty' }, 'Nothing passes these filters.'));
    return;
  }
  const made = (present.length > MANY ? turned : upright)(page, rows, cells, present, isWordy);
  walk(made);
  const label = 'Matrix: arrow keys walk from cell to cell';
  stage.append(
    make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, made),
  );
}

function noteOf(page, present) {
  const silent = page.companies.filter((company) => !present.includes(company));
  const gone = silent.length
    ? ` ${many(silent.length, 'company', 'companies')} without any: ${listed(silent.map((one) => one.label))}.`
    : '';
  return `Numbers count statements; one that names several kinds stands in each of their rows. An empty cell says that nothing was found, not that nothing is done.${gone}`;
}

const key = ([name, { sign, text }], isWordy) =>
  make(
    'span',
    {},
    make('b', { class: `chip family-${name}` }, isWordy ? text : sign),
    isWordy ? null : ` ${text}`,
  );

function upright(page, rows, cells, companies, isWordy) {
  return make(
    'table',
    { class: 'matrix' },
    make(
      'caption',
      { class: 'hidden' },
      `Statements by ${ROW_NAMES[page.state.rows].toLowerCase()} and company`,
    ),
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        make('td', {}),
        companies.map((one) => make('th', { scope: 'col' }, one.label)),
      ),
    ),
    make(
      'tbody',
      {},
      rows.map((row) =>
        make(
          'tr',
          {},
          head(page, row, 'row'),
          companies.map((one) => cell(page, cells, row, one, isWordy)),
        ),
      ),
    ),
  );
}

function turned(page, rows, cells, companies, isWordy) {
  return make(
    'table',
    { class: 'matrix turned' },
    make(
      'caption',
      { class: 'hidden' },
      `Statements by company and ${ROW_NAMES[page.state.rows].toLowerCase()}`,
    ),
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        make('td', {}),
        rows.map((row) => head(page, row, 'col')),
      ),
    ),
    make(
      'tbody',
      {},
      companies.map((one) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, one.label),
          rows.map((row) => cell(page, cells, row, one, isWordy)),
        ),
      ),
    ),
  );
}

function head(page, row, scope) {
  const isGroup = row.concept?.below.length > 0 && !row.concept.wide;
  const level = Math.min(row.depth, 5);
  if (!isGroup) return make('th', { scope, class: `depth-${level}` }, row.label);
  return make(
    'th',
    { scope, class: `depth-${level}` },
    make(
      'button',
      {
        class: 'plain',
        'aria-expanded': String(row.isOpen),
        'data-focus': `row/${row.key}`,
        onclick: () => page.toggle(row.concept),
      },
      `${row.isOpen ? '−' : '+'} ${row.label}`,
    ),
  );
}

function cell(page, cells, row, company, isWordy) {
  const place = `${company.key}×${row.key}`;
  const chips = cells.get(place);
  if (!chips) return make('td', {});
  const names = Object.keys(FAMILIES).flatMap((name) => [name, `${name}-not`]);
  const isOpen = page.state.selection.startsWith(`cell/${place}`);
  return make(
    'td',
    {
      class: isOpen ? 'open' : null,
      onclick: () => page.select(`cell/${place}`),
      'data-cell': place,
    },
    make(
      'div',
      { class: 'chips' },
      names
        .filter((name) => chips.has(name))
        .map((name) =>
          chip(page, place, name, chips.get(name), isWordy, `${company.label}, ${row.label}`),
        ),
    ),
  );
}

function chip(page, place, name, count, isWordy, where) {
  const [family, isDenied] = name.split('-');
  const { sign, text } = FAMILIES[family];
  const address = `cell/${place}:${name}`;
  const words = isWordy ? `${text} ${count}` : `${sign}${count}`;
  return make(
    'button',
    {
      class: isDenied ? 'chip not' : `chip family-${family}`,
      'data-focus': address,
      'aria-pressed': String(page.state.selection === address),
      'aria-label': `${isDenied ? `✕${words}` : words}: ${where}, ${isDenied ? denied(FAMILIES[family]) : text}, ${many(count, 'statement')}`,
      onclick: (event) => {
        event.stopPropagation();
        page.select(address);
      },
    },
    isDenied ? `✕${words}` : words,
  );
}
