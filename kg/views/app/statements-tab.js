// The Statements tab: one row a statement, sorted as the reader likes, and as CSV.

import { wordsOf } from './data.js';
import { download, make } from './dom.js';
import { many, MODALITIES, number, SUPPORTS, verb } from './words.js';

const PER_PAGE = 100;
const BOM = '\ufeff'; // or some spreadsheets take UTF-8 for something else
const labels = (concepts) => concepts.map((concept) => concept.label).join('; ');

/** Name of a column -> what stands in it. */
const COLUMNS = {
  Company: (said) => said.company.label,
  Date: (said) => said.policy.date,
  Who: (said) => said.actor.label,
  Says: (said) => verb(said),
  Data: (said) => labels(said.data),
  'To whom': (said) => labels(said.recipients),
  'For what': (said) => labels(said.purposes),
  Where: (said) => labels(said.places),
  Condition: (said) => wordsOf(said, 'condition').join('; '),
  Confidence: (said) => said.confidence / 100,
  Sentence: (said) => said.sentence.text,
};
/** Those that only the file has. */
const MORE = {
  From: (said) => labels(said.sources),
  'Legal basis': (said) => labels(said.bases),
  'How long': (said) => wordsOf(said, 'retention').join('; '),
  How: (said) => wordsOf(said, 'method').join('; '),
  Against: (said) => wordsOf(said, 'threat').join('; '),
  Polarity: (said) => (said.denied ? 'denied' : 'affirmed'),
  Modality: (said) => MODALITIES[said.modality],
  'Found by': (said) => SUPPORTS[said.support],
  Heading: (said) => said.sentence.heading,
  Document: (said) => said.policy.documents.join('; '),
  'Characters from': (said) => said.sentence.start,
  Source: (said) => said.policy.urls.join('; '),
  Statement: (said) => said.digits,
};

/** What is open when one statement is, in any view. */
export function openingOf({ view, state }) {
  if (!state.selection.startsWith('statement/')) return null;
  const said = view.statements.find(({ digits }) => `statement/${digits}` === state.selection);
  return said ? { title: 'One statement', statements: [said] } : null;
}

export const prepare = (page) => ({ rows: sorted(page.shown, page.state.sort) });

/** Number of the page of the table on which a statement stands. */
export const pageOf = (shown, sort, said) =>
  Math.max(0, Math.floor(sorted(shown, sort).indexOf(said) / PER_PAGE));

function sorted(shown, sort) {
  const [name, isDown] = sorting(sort);
  if (!name) return shown;
  const keyed = shown.map((said) => [COLUMNS[name](said), said]);
  const order = typeof keyed[0]?.[0] === 'number' ? (a, b) => a - b : compareTexts;
  keyed.sort(([a], [b]) => (isDown ? order(b, a) : order(a, b)));
  return keyed.map(([, said]) => said);
}

const compareTexts = new Intl.Collator('en').compare;

function sorting(sort) {
  const isDown = sort.startsWith('-');
  const name = isDown ? sort.slice(1) : sort;
  return [Object.hasOwn(COLUMNS, name) ? name : '', isDown];
}

export function show(page, { rows }, stage) {
  const pages = Math.max(1, Math.ceil(rows.length / PER_PAGE));
  const at = Math.min(page.state.page, pages - 1);
  const here = rows.slice(at * PER_PAGE, (at + 1) * PER_PAGE);
  stage.append(
    make(
      'div',
      { class: 'controls' },
      make(
        'button',
        {
          'data-focus': 'csv',
          onclick: () => download('statements.csv', 'text/csv;charset=utf-8', `${BOM}${csv(rows)}`),
        },
        `Save ${many(rows.length, 'row')} as CSV`,
      ),
      pages > 1 ? pager(page, at, pages, rows.length) : null,
    ),
    make(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Statements' },
      table(page, here),
    ),
  );
}

function pager(page, at, pages, count) {
  const step = (text, to, isOff) =>
    make(
      'button',
      { disabled: isOff, 'data-focus': `page/${text}`, onclick: () => page.go({ page: to }) },
      text,
    );
  const last = Math.min((at + 1) * PER_PAGE, count);
  return make(
    'span',
    { class: 'pager' },
    step('Earlier', at - 1, at === 0),
    ` ${number(at * PER_PAGE + 1)} to ${number(last)} of ${number(count)} `,
    step('Later', at + 1, at === pages - 1),
  );
}

/** Those in which something stands. */
function columnsOf({ shown, state }) {
  const isTold = ([name, value]) =>
    name === 'Who' ? state.who !== 'own' : shown.some((said) => value(said) !== '');
  return Object.fromEntries(Object.entries(COLUMNS).filter(isTold));
}

function table(page, rows) {
  const [chosen, isDown] = sorting(page.state.sort);
  const columns = columnsOf(page);
  const head = Object.keys(columns).map((name) =>
    make(
      'th',
      { scope: 'col', 'aria-sort': name === chosen ? (isDown ? 'descending' : 'ascending') : null },
      make(
        'button',
        {
          class: 'plain',
          'data-focus': `sort/${name}`,
          onclick: () => page.go({ sort: name === chosen && !isDown ? `-${name}` : name, page: 0 }),
        },
        name,
        name === chosen ? (isDown ? ' ↓' : ' ↑') : null,
      ),
    ),
  );
  return make(
    'table',
    { class: 'statements' },
    make('caption', { class: 'hidden' }, 'Statements'),
    make('thead', {}, make('tr', {}, head)),
    make(
      'tbody',
      {},
      rows.map((said) => row(page, said, columns)),
    ),
  );
}

function row(page, said, columns) {
  const address = `statement/${said.digits}`;
  const open = () => page.select(address);
  return make(
    'tr',
    {
      class:
        [said.denied && 'denied', page.state.selection === address && 'open']
          .filter(Boolean)
          .join(' ') || null,
      onclick: open,
    },
    Object.entries(columns).map(([name, value]) => {
      if (name === 'Sentence') {
        return make(
          'td',
          { class: 'quote' },
          make(
            'button',
            {
              class: 'plain',
              'data-focus': address,
              'aria-pressed': String(page.state.selection === address),
              onclick: (event) => {
                event.stopPropagation();
                open();
              },
            },
            value(said),
          ),
        );
      }
      return make(
        'td',
        { class: `column-${name.replace(' ', '-').toLowerCase()}` },
        name === 'Confidence' ? value(said).toFixed(2) : String(value(said)),
      );
    }),
  );
}

/** Comma-separated, with what a spreadsheet would run as a formula made harmless. */
export function csv(rows) {
  const columns = { ...COLUMNS, ...MORE };
  const lines = [
    Object.keys(columns),
    ...rows.map((said) => Object.values(columns).map((value) => value(said))),
  ];
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

function field(value) {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
