// What the reader chose, and the page's address that says it, so that a view can be sent.

export const TABS = ['compare', 'flow', 'changes', 'network', 'statements'];
export const COLUMNS = ['source', 'data', 'company', 'purpose', 'recipient', 'place'];
export const ROWS = ['data', 'party', 'purpose', 'place'];
/** Filters by a concept: name -> kind. */
export const CONCEPT_FILTERS = {
  data: 'data',
  recipient: 'party',
  purpose: 'purpose',
  place: 'place',
};
const CHOICES = {
  tab: TABS,
  who: ['own', 'others', 'all'],
  denials: ['with', 'without', 'only'],
  rows: ROWS,
};

/** A state in which nothing is chosen. */
export function initial(tab) {
  return {
    tab,
    words: '',
    who: 'own',
    denials: 'with',
    rows: 'data',
    version: 'latest',
    least: 0,
    handling: false,
    whole: false,
    actions: new Set(),
    companies: new Set(),
    toggled: new Set(),
    columns: new Set(['data', 'company', 'recipient', 'place']),
    data: null,
    recipient: null,
    purpose: null,
    place: null,
    change: '',
    sort: '',
    page: 0,
    selection: '',
  };
}

const keyed = (concept) => `${concept.kind}/${concept.key}`;
const byName = (a, b) => (a < b ? -1 : Number(a > b));

/** The state as the part of an address behind "#"; what is as at first is left out. */
export function toFragment(state, first) {
  const found = new URLSearchParams();
  for (const name of ['tab', 'words', 'who', 'denials', 'rows', 'version', 'change', 'sort']) {
    if (state[name] !== first[name]) found.set(name, state[name]);
  }
  for (const name of ['least', 'page']) if (state[name]) found.set(name, state[name]);
  for (const name of ['handling', 'whole']) if (state[name]) found.set(name, '1');
  for (const name of Object.keys(CONCEPT_FILTERS)) {
    if (state[name]) found.set(name, state[name].key);
  }
  if (state.actions.size) found.set('actions', [...state.actions].sort(byName).join(','));
  for (const name of ['companies', 'toggled']) {
    for (const one of [...state[name]].map(keyed).sort(byName)) found.append(name, one);
  }
  const columns = COLUMNS.filter((name) => state.columns.has(name)).join(',');
  if (columns !== COLUMNS.filter((name) => first.columns.has(name)).join(',')) {
    found.set('columns', columns);
  }
  if (state.selection) found.set('show', state.selection);
  return found.toString();
}

/** The state that an address says; what makes no sense in it is as at first. */
export function fromFragment(fragment, first, view) {
  const given = new URLSearchParams(fragment);
  const state = { ...first };
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (choices.includes(given.get(name))) state[name] = given.get(name);
  }
  for (const name of ['words', 'version', 'change', 'sort'])
    state[name] = given.get(name) ?? first[name];
  state.least = within(given.get('least'), 0, 100);
  state.page = within(given.get('page'), 0, Number.MAX_SAFE_INTEGER);
  for (const name of ['handling', 'whole']) state[name] = given.get(name) === '1';
  for (const [name, kind] of Object.entries(CONCEPT_FILTERS)) {
    state[name] = (given.has(name) && view.byKey.get(`${kind}/${given.get(name)}`)) || null;
  }
  const actions = (given.get('actions') ?? '').split(',');
  state.actions = new Set(actions.filter((name) => view.actions.includes(name)));
  for (const name of ['companies', 'toggled']) {
    const found = given.getAll(name).map((key) => view.byKey.get(key));
    state[name] = new Set(found.filter(Boolean));
  }
  if (given.has('columns')) {
    const chosen = given.get('columns').split(',');
    state.columns = new Set(COLUMNS.filter((name) => chosen.includes(name)));
  }
  if (!isVersion(state.version)) state.version = first.version;
  state.selection = given.get('show') ?? '';
  return state;
}

/** The latest, all, or a day that there is. */
function isVersion(text) {
  if (text === 'latest' || text === 'all') return true;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDate && new Date(text).toISOString().startsWith(text);
}

function within(text, least, most) {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? least : Math.min(Math.max(number, least), most);
}

/** Without any filter; what does not filter stays. */
export function unfiltered(state) {
  const { tab, rows, toggled, columns, handling, whole, change, sort } = state;
  return { ...initial(tab), rows, toggled, columns, handling, whole, change, sort };
}

/** A set with a value put in, or taken out if it is there. */
export function toggled(set, value) {
  const found = new Set(set);
  if (!found.delete(value)) found.add(value);
  return found;
}
