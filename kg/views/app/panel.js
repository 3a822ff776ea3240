// The filters, each choice with the number of statements that it would show.

import { make } from './dom.js';
import { CONCEPT_FILTERS, toggled } from './state.js';
import { number } from './words.js';

const FILTER_NAMES = { data: 'Data', recipient: 'Recipient', purpose: 'Purpose', place: 'Place' };
const WHO = { own: 'the company', others: 'others', all: 'everybody' };
const DENIALS = { with: 'shown', without: 'hidden', only: 'alone' };
const SURENESS = [0, 50, 70, 80, 90, 95];
const LISTED = 40; // companies shown as boxes; more are chosen by typing

export function showPanel(page, counts, panel) {
  const { state } = page;
  panel.replaceChildren(
    make('h2', { class: 'hidden' }, 'Filters'),
    actions(page, counts.actions),
    choice(page, 'denials', 'Denials (“we do not …”)', DENIALS, counts.denials),
    page.view.companies.length > 1 ? companies(page, counts.companies) : '',
    choice(page, 'who', 'What is done by', WHO, counts.who),
    ...Object.keys(CONCEPT_FILTERS).map((name) => concept(page, name, counts[name])),
    versions(page, counts.version),
    select(
      page,
      'least',
      'Confidence',
      SURENESS.map((least) => [
        String(least),
        least ? `at least ${(least / 100).toFixed(2)}` : 'any',
      ]),
      String(state.least),
      (value) => ({ least: Number(value) }),
    ),
    make('button', { 'data-focus': 'reset', onclick: () => page.reset() }, 'Clear all filters'),
  );
}

function actions(page, counts) {
  const chosen = page.state.actions;
  const change = (action) => () => page.go({ actions: toggled(chosen, action), selection: '' });
  return boxes(
    'Action',
    page.view.actions.map((action) => ({
      text: action,
      count: counts.get(action) ?? 0,
      denials: counts.get(`not ${action}`) ?? 0,
      isChosen: chosen.has(action),
      key: `action/${action}`,
      tone: action,
      change: change(action),
    })),
  );
}

function companies(page, counts) {
  const { companies: chosen } = page.state;
  const change = (company) => page.go({ companies: toggled(chosen, company), selection: '' });
  const every = page.view.companies;
  const listed = every.length <= LISTED ? every : every.filter((one) => chosen.has(one));
  const field = boxes(
    'Company',
    listed.map((company) => ({
      text: company.label,
      count: counts.get(company) ?? 0,
      isChosen: chosen.has(company),
      key: `company/${company.key}`,
      change: () => change(company),
    })),
  );
  if (every.length > LISTED) {
    const options = every.filter((one) => !chosen.has(one));
    field.append(
      make(
        'select',
        {
          'aria-label': 'Add a company',
          'data-focus': 'add-company',
          onchange: (event) => change(options[event.target.selectedIndex - 1]),
        },
        make('option', {}, chosen.size ? 'add a company …' : `all ${every.length} companies`),
        options.map((one) => make('option', {}, `${one.label} (${counts.get(one) ?? 0})`)),
      ),
    );
  }
  return field;
}

/** Boxes of which none chosen means all. */
function boxes(title, items) {
  return make(
    'fieldset',
    {},
    make('legend', {}, title),
    items.map(({ text, count, denials = 0, isChosen, key, tone, change }) =>
      make(
        'label',
        { class: count + denials ? null : 'none' },
        make('input', { type: 'checkbox', checked: isChosen, 'data-focus': key, onchange: change }),
        tone ? make('i', { class: `swatch tone-${tone}` }) : null,
        make('span', {}, text),
        denials
          ? make(
              'span',
              { class: 'number denials', title: `${denials} denials` },
              `✕${number(denials)}`,
            )
          : null,
        make('span', { class: 'number' }, number(count)),
      ),
    ),
  );
}

function choice(page, name, title, texts, counts) {
  const options = Object.entries(texts).map(([value, text]) => [
    value,
    `${text} (${number(counts.get(value) ?? 0)})`,
  ]);
  return select(page, name, title, options, page.state[name], (value) => ({ [name]: value }));
}

function select(page, name, title, options, chosen, change) {
  return make(
    'label',
    { class: 'field' },
    make('span', {}, title),
    make(
      'select',
      {
        'data-focus': `filter/${name}`,
        onchange: (event) => page.go({ ...change(event.target.value), selection: '', page: 0 }),
      },
      options.map(([value, text]) => make('option', { value, selected: value === chosen }, text)),
    ),
  );
}

/** The ontology's concepts as a tree; a policy's own ones are found by search, and stay when chosen. */
function concept(page, name, counts) {
  const kind = CONCEPT_FILTERS[name];
  const chosen = page.state[name];
  const options = [['', 'all']];
  const seen = new Set();
  const add = (one, depth) => {
    if (seen.has(one) || (one.own && one !== chosen)) return;
    if (!counts.has(one) && one !== chosen) return;
    seen.add(one);
    const space = '\u2003'.repeat(Math.max(0, depth));
    options.push([one.key, `${space}${one.label} (${number(counts.get(one) ?? 0)})`]);
    for (const below of [...one.below].sort((a, b) => (a.label < b.label ? -1 : 1)))
      add(below, depth + 1);
  };
  for (const one of page.view.concepts) if (one.kind === kind && !one.above.length) add(one, 0);
  if (chosen && !seen.has(chosen)) options.push([chosen.key, chosen.label]);
  const change = (key) => ({ [name]: page.view.byKey.get(`${kind}/${key}`) ?? null });
  return select(page, name, FILTER_NAMES[name], options, chosen?.key ?? '', change);
}

function versions(page, counts) {
  const { version } = page.state;
  const counted = (name) => `(${number(counts.get(name) ?? 0)})`;
  const days = [...new Set(page.view.policies.map((policy) => policy.date).filter(Boolean))]
    .sort()
    .reverse();
  const options = [
    ['latest', `the latest of each ${counted('latest')}`],
    ['all', `all snapshots ${counted('all')}`],
    ...days.map((day) => [day, `as of ${day}`]),
  ];
  if (!options.some(([value]) => value === version)) options.push([version, `as of ${version}`]);
  return select(page, 'version', 'Snapshot', options, version, (value) => ({ version: value }));
}
