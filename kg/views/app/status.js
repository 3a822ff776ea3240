// Above the drawing: what is shown of what there is, and what is hidden, in numbers that add up.

import { byId, make } from './dom.js';
import { filtered } from './filter.js';
import { CONCEPT_FILTERS } from './state.js';
import { many } from './words.js';

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
  if (!page.state.selection) parts.push('open anything to read the sentences behind it');
  byId('status').textContent = parts.join(' · ');
  const chips = chipsOf(page);
  byId('chips').replaceChildren(...chips);
  byId('chips').hidden = chips.length === 0;
}

function numbers({ view, state, shown }, first) {
  const every = view.statements;
  const ofVersion = filtered(every, { ...first, who: 'all', version: state.version });
  const ofActor = filtered(ofVersion, { ...first, who: state.who, version: 'all' });
  const parts = [
    `${shown.length.toLocaleString('en')} of ${many(every.length, 'statement')} shown`,
  ];
  const tell = (count, text) => {
    if (count > 0) parts.push(`${count.toLocaleString('en')} ${text}`);
  };
  tell(every.length - ofVersion.length, 'of other snapshots hidden');
  tell(ofVersion.length - ofActor.length, OTHER_ACTORS[state.who]);
  tell(ofActor.length - shown.length, 'filtered out');
  return parts;
}

/** The filters by a concept or by words, each a button that takes it off. */
function chipsOf({ state, go }) {
  const chip = (key, text, change) =>
    make(
      'button',
      {
        class: 'filter-chip',
        'data-focus': `chip/${key}`,
        'aria-label': `${text} ×: remove this filter`,
        onclick: () => go({ ...change, selection: '' }),
      },
      `${text} ×`,
    );
  const chips = Object.keys(CONCEPT_FILTERS)
    .filter((name) => state[name])
    .map((name) => chip(name, state[name].label, { [name]: null }));
  if (state.words) chips.push(chip('words', `“${state.words}”`, { words: '' }));
  return chips;
}
