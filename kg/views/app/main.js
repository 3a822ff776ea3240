// The page: reads its data, draws what the address says, and draws again on every choice.

import { cardsOf } from './cards.js';
import { changesOf, chosenPair } from './changes.js';
import * as changes from './changes-tab.js';
import * as compare from './compare-tab.js';
import { Hierarchy } from './concepts.js';
import { read } from './data.js';
import { byId, keepFocus } from './dom.js';
import { showEvidence } from './evidence.js';
import { counted, filtered } from './filter.js';
import * as flow from './flow-tab.js';
import { introduce, showCards, showTabs } from './head.js';
import * as network from './network-tab.js';
import { showPanel } from './panel.js';
import { listenToSearch, showWords } from './search.js';
import { COLUMNS, fromFragment, initial, toFragment, toggled, unfiltered } from './state.js';
import { showStatus } from './status.js';
import * as statements from './statements-tab.js';

/**
 * What each tab shows: `prepare(page)` makes its model and puts what can be opened into
 * `page.openings`, address -> title and statements; `show(page, model, stage)` draws it; `status(model)`
 * where there is one says what is shown.
 */
const VIEWS = { compare, flow, changes, network, statements };
const PAUSE = 200; // milliseconds without a change of the window's width before drawing anew

const view = read(JSON.parse(byId('data').textContent));
const publishers = new Set(view.companies);
const first = initial(firstTab());
const main = document.querySelector('main');
let state = fromFragment(location.hash.slice(1), first, view);
let drawn = state;
let page = null;
let isByKeyboard = false;

/** Compare for several companies, Flow for one, unless its flow is too dense to read. */
function firstTab() {
  const plain = initial('flow');
  const given = {
    statements: filtered(view.statements, plain),
    hierarchy: new Hierarchy(new Set()),
    publishers,
    columns: plain.columns,
  };
  return view.companies.length === 1 && flow.isReadable(given) ? 'flow' : 'compare';
}

/**
 * Takes a choice of the reader: draws it, and notes it in the address.
 *
 * @param {object} change of the state
 * @param {boolean} replace whether it takes the place of the choice before it in the history
 * @param {string[]} focus `data-focus` keys; the first that is there gets the focus
 */
function go(change, { replace = false, focus = [] } = {}) {
  state = { ...state, ...change };
  showWords(state.words);
  const address = `#${toFragment(state, first)}`;
  if (address !== (location.hash || '#')) {
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
  }
  keepFocus(render, focus);
}

/** Opens the sentences behind something, or closes them when they are open. */
function select(address) {
  if (state.selection === address) close();
  else go({ selection: address }, { focus: isByKeyboard ? ['evidence'] : [] });
}

/** Closes the sentences; the focus goes back to what they were of. */
function close() {
  go({ selection: '' }, { focus: isByKeyboard ? [state.selection, `tab/${state.tab}`] : [] });
}

/** Opens or closes a group; the focus goes to it, or to what is in it now. */
function toggle(concept) {
  const keys = [concept.key, `${concept.key}.`, ...concept.below.map(({ key }) => key)];
  const boxes = COLUMNS.flatMap((column) => keys.map((key) => `node/${column}/${key}`));
  go(
    { toggled: toggled(state.toggled, concept), selection: '' },
    { focus: isByKeyboard ? boxes : [] },
  );
}

/** Shows the row of a statement, whatever the filters are. */
function reveal(said) {
  const selection = `statement/${said.digits}`;
  let next = { ...state, tab: 'statements', selection };
  if (!filtered([said], next).length) {
    next = { ...unfiltered(next), who: 'all', version: 'all', selection };
  }
  go({ ...next, page: statements.pageOf(filtered(view.statements, next), next.sort, said) });
  document.querySelector('tr.open')?.scrollIntoView({ block: 'center' });
}

function render() {
  page?.network?.destroy();
  page = {
    view,
    state,
    shown: filtered(view.statements, state),
    publishers,
    companies: view.companies.filter((one) => !state.companies.size || state.companies.has(one)),
    hierarchy: new Hierarchy(state.toggled),
    openings: new Map(),
    go,
    select,
    close,
    toggle,
    reveal,
    reset: () => go(unfiltered(state)),
  };
  page.pair = chosenPair(view, state);
  page.changes = page.pair && changesOf(page, page.pair);
  const cards = cardsOf(page);
  for (const one of cards) if (one.statements) page.openings.set(one.address, one);
  const { prepare, status, show } = VIEWS[state.tab];
  const model = prepare(page);
  const opening = page.openings.get(state.selection) ?? statements.openingOf(page);
  page.selected = opening && new Set(opening.statements);
  page.isLit = ({ statements: some }) =>
    !page.selected || [...some].some((said) => page.selected.has(said));
  document.body.classList.toggle('opened', state.selection !== '');
  showTabs(state.tab);
  showCards(page, cards);
  showPanel(page, counted(view.statements, state), byId('filters'));
  showStatus(page, first, status?.(model));
  showEvidence(page, opening, byId('evidence'));
  if (state.selection !== drawn.selection) byId('evidence').scrollTop = 0;
  draw(() => show(page, model, byId('stage')));
  drawn = state;
  const { dataset } = document.documentElement;
  dataset.drawn = String(Number(dataset.drawn ?? 0) + 1);
}

/** Draws on the empty stage; the reader stays where they were in the same view. */
function draw(show) {
  const places = [main.scrollTop, scrollY];
  byId('stage').replaceChildren();
  show();
  const isSame = drawn.tab === state.tab;
  main.scrollTop = isSame ? places[0] : 0;
  if (isSame) scrollTo(scrollX, places[1]);
}

function listen() {
  addEventListener('popstate', () => {
    state = fromFragment(location.hash.slice(1), first, view);
    showWords(state.words);
    keepFocus(render);
  });
  addEventListener('keydown', () => (isByKeyboard = true), { capture: true });
  addEventListener('pointerdown', () => (isByKeyboard = false), { capture: true });
  addEventListener('keydown', (event) => {
    const isTyping = event.target.matches?.('input[type=search], select, textarea');
    if (event.key === 'Escape' && state.selection) close();
    else if (event.key === '/' && !isTyping) {
      event.preventDefault();
      byId('search').focus();
    }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => keepFocus(render));
  let width = innerWidth;
  let timer = 0;
  addEventListener('resize', () => {
    clearTimeout(timer);
    if (innerWidth !== width) timer = setTimeout(() => keepFocus(render), PAUSE);
    width = innerWidth;
  });
}

introduce(view, () => state, go);
listenToSearch(view, state.words, go);
listen();
render();
