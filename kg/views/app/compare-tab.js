// The Compare tab: which company does what with which data, as a matrix.

import { denied, FAMILIES, placeOf, prepare } from './compare.js';
import { walk } from './compare-walk.js';
import { present } from './data.js';
import { make } from './dom.js';
import { listed, many } from './words.js';

export { prepare };

const ROW_NAMES = { data: 'Data', party: 'Recipients', purpose: 'Purposes', place: 'Places' };
const FEW = 4; // companies, for which there is room for words
const MANY = 12; // companies, which then stand in rows

export function show(page, { rows, cells, families }, stage) {
  const { state, companies } = page;
  const told = present(companies, page.shown);
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
  const isWordy = told.length <= FEW;
  stage.append(
    make(
      'div',
      { class: 'controls' },
      make('label', {}, 'Compare ', choice),
      make(
        'p',
        { class: 'legend' },
        Object.entries(FAMILIES)
          .filter(([name]) => families.has(name))
          .map((one) => key(one, isWordy)),
        make('span', {}, make('b', { class: 'chip not' }, '✕'), ' says that it does NOT'),
      ),
      make('p', { class: 'note' }, noteOf(page, told)),
    ),
  );
  if (!rows.length) {
    stage.append(make('p', { class: 'empty' }, 'Nothing passes these filters.'));
    return;
  }
  const made = (told.length > MANY ? turned : upright)(page, rows, cells, told, isWordy);
  walk(made);
  const label = 'Matrix: arrow keys walk from cell to cell';
  stage.append(
    make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, made),
  );
}

function noteOf(page, told) {
  const silent = page.companies.filter((company) => !told.includes(company));
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
  const place = placeOf(company, row);
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
