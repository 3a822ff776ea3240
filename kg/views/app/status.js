// Above the drawing: what is shown of what there is, and what is hidden, in numbers that add up.

import { byId, make } from './dom.js';
import { filtered } from './filter.js';
import { CONCEPT_FILTERS } from './state.js';
import { listed, many, number } from './words.js';

const OTHER_ACTORS = {
  own: 'on what others do hidden',
  others: 'on what the companies do hidden',
};

/**
 * Writes the status and the filters that are on.
 *
 * @param {object} first the state in which nothing is chosen
 * @param {string} said what the view says instead of how many statements pass the filters
 */
export function showStatus(page, first, said = null) {
  const parts = said === null ? numbers(page, first) : [said];
  byId('status').textContent = parts.join(' · ');
  byId('hint').hidden = page.state.selection !== '';
  const chips = chipsOf(page, first);
  byId('chips').replaceChildren(...chips);
  byId('chips').hidden = chips.length === 0;
}

function numbers({ view, state, shown }, first) {
  const every = view.statements;
  const ofVersion = filtered(every, { ...first, who: 'all', version: state.version });
  const ofActor = filtered(ofVersion, { ...first, who: state.who, version: 'all' });
  const parts = [`${number(shown.length)} of ${many(every.length, 'statement')} shown`];
  const tell = (count, text) => {
    if (count > 0) parts.push(`${number(count)} ${text}`);
  };
  tell(every.length - ofVersion.length, 'of other or undated snapshots hidden');
  tell(ofVersion.length - ofActor.length, OTHER_ACTORS[state.who]);
  tell(ofActor.length - shown.length, 'filtered out');
  return parts;
}

/** The filters that are on, each a button that takes it off. */
function chipsOf({ state, go }, first) {
  const chip = ([key, text, change]) =>
    make(
      'button',
      {
        class: 'filter-chip',
        'data-focus': `chip/${key}`,
        'aria-label': `${text} ×: remove this filter`,
        onclick: () => go({ ...change, selection: '', page: 0 }),
      },
      `${text} ×`,
    );
  return filtersOn(state, first).map(chip);
}

/** Key, words, and the change that takes it off. */
function filtersOn(state, first) {
  const found = [];
  if (state.words) found.push(['words', `“${state.words}”`, { words: '' }]);
  if (state.actions.size) {
    found.push(['actions', `only ${[...state.actions].join(', ')}`, { actions: new Set() }]);
  }
  if (state.companies.size) {
    const names = [...state.companies].map(({ label }) => label).sort();
    found.push(['companies', listed(names, 3), { companies: new Set() }]);
  }
  for (const name of Object.keys(CONCEPT_FILTERS)) {
    if (state[name]) found.push([name, `${name}: ${state[name].label}`, { [name]: null }]);
  }
  const set = (name, text) => {
    if (state[name] !== first[name]) found.push([name, text, { [name]: first[name] }]);
  };
  set('denials', state.denials === 'only' ? 'denials alone' : 'without denials');
  set('who', state.who === 'all' ? 'what others do, too' : 'only what others do');
  set('version', state.version === 'all' ? 'all snapshots' : `as of ${state.version}`);
  set('least', `confidence at least ${(state.least / 100).toFixed(2)}`);
  return found;
}
