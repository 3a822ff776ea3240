// The search: words are looked for in the sentences; the name of a company, or of a concept that some
// statement has, filters by it once it is picked from the list or confirmed with Enter.

import { byId, make } from './dom.js';
import { ROLE_FIELDS } from './data.js';
import { CONCEPT_FILTERS } from './state.js';

const TYPING = 200; // milliseconds after a key before a search begins
const SUGGESTED = 1500;

let timer = 0; // while what was typed has still to be looked for

/** Writes the words of the state into the field, unless others are being typed. */
export function showWords(words) {
  if (!timer) byId('search').value = words;
}

export function listenToSearch(view, words, go) {
  const search = byId('search');
  const filters = filtersByName(view);
  const names = [...filters.keys()].sort().slice(0, SUGGESTED);
  byId('names').replaceChildren(...names.map((value) => make('option', { value })));
  search.value = words;
  let isGoingOn = false; // what is typed in one go is one step of the history
  const look = () => {
    timer = 0;
    go({ words: search.value.trim(), page: 0 }, { replace: isGoingOn });
    isGoingOn = true;
  };
  const pick = () => {
    const change = filters.get(search.value.trim());
    if (!change) return false;
    timer = 0;
    isGoingOn = false;
    go({ words: '', ...change(), selection: '', page: 0 });
    return true;
  };
  search.addEventListener('focus', () => {
    isGoingOn = false;
  });
  search.addEventListener('input', ({ inputType }) => {
    clearTimeout(timer);
    const isPicked = inputType === undefined || inputType === 'insertReplacementText';
    if (isPicked && pick()) return;
    timer = setTimeout(look, TYPING);
  });
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    clearTimeout(timer);
    if (!pick()) look();
  });
}

/** Name -> the change of the state that filters by it. */
function filtersByName(view) {
  const found = new Map();
  for (const company of view.companies) {
    found.set(company.label, () => ({ companies: new Set([company]) }));
  }
  for (const name of Object.keys(CONCEPT_FILTERS)) {
    for (const said of view.statements) {
      for (const named of said[ROLE_FIELDS[name]]) {
        for (const one of named.lineage) {
          if (one.key !== 'own' && !found.has(one.label)) {
            found.set(one.label, () => ({ [name]: one }));
          }
        }
      }
    }
  }
  return found;
}
