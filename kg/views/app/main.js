// The page: reads its data, draws what the address says, and draws again on every choice.

import { cardsOf } from './cards.js';
import * as changes from './changes-tab.js';
import * as compare from './compare-tab.js';
import { Hierarchy } from './concepts.js';
import { read } from './data.js';
import { byId, focusOn, keepFocus, make } from './dom.js';
import { showEvidence } from './evidence.js';
import { counted, filtered } from './filter.js';
import * as flow from './flow-tab.js';
import * as network from './network-tab.js';
import { showPanel } from './panel.js';
import {
  CONCEPT_FILTERS,
  fromFragment,
  initial,
  TABS,
  toFragment,
  toggled,
  unfiltered,
} from './state.js';
import { showStatus } from './status.js';
import * as statements from './statements-tab.js';
import { listed, many } from './words.js';

const VIEWS = { compare, flow, changes, network, statements };
const TAB_NAMES = {
  compare: 'Compare',
  flow: 'Flow',
  changes: 'Changes',
  network: 'Network',
  statements: 'Statements',
};
const TYPING = 200; // milliseconds after a key before a search begins
const SUGGESTED = 1500;

const view = read(JSON.parse(byId('data').textContent));
const publishers = new Set(view.companies);
const first = initial(firstTab());
let state = fromFragment(location.hash.slice(1), first, view);
let page = null;

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

/** Takes a choice of the reader: draws it, and notes it in the address. */
function go(change, { replace = false } = {}) {
  state = { ...state, ...change };
  if (byId('search') !== document.activeElement) byId('search').value = state.words;
  const address = `#${toFragment(state, first)}`;
  if (address !== (location.hash || '#'))
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
  keepFocus(render);
}

function select(address) {
  const isOpen = state.selection === address;
  go({ selection: isOpen ? '' : address });
  if (!isOpen && matchMedia('(max-width: 900px)').matches) byId('evidence').scrollIntoView();
}

function toggle(concept) {
  go({ toggled: toggled(state.toggled, concept), selection: '' });
}

function reset() {
  go(unfiltered(state));
}

function render() {
  page?.network?.destroy();
  const shown = filtered(view.statements, state);
  page = {
    view,
    state,
    shown,
    publishers,
    companies: state.companies.size ? [...state.companies] : view.companies,
    hierarchy: new Hierarchy(state.toggled),
    openings: new Map(),
    go,
    select,
    toggle,
    reset,
  };
  const cards = cardsOf(page);
  for (const { address, text, count, statements: counts } of cards) {
    if (counts) page.openings.set(address, { title: `${count} ${text}`, statements: counts });
  }
  const model = VIEWS[state.tab].prepare(page);
  const opening = page.openings.get(state.selection) ?? null;
  page.selected = opening && new Set(opening.statements);
  document.body.classList.toggle('opened', state.selection !== '');
  showTabs();
  showCards(cards);
  showPanel(page, counted(view.statements, state), byId('filters'));
  showStatus(page, first, VIEWS[state.tab].status?.(model));
  showEvidence(page, opening, byId('evidence'));
  const stage = byId('stage');
  stage.replaceChildren();
  VIEWS[state.tab].show(page, model, stage);
  document.documentElement.dataset.drawn = String(
    Number(document.documentElement.dataset.drawn ?? 0) + 1,
  );
}

function showTabs() {
  for (const tab of byId('tabs').children) {
    const isChosen = tab.dataset.tab === state.tab;
    tab.setAttribute('aria-selected', String(isChosen));
    tab.setAttribute('tabindex', isChosen ? 0 : -1);
  }
  byId('stage').setAttribute('aria-labelledby', `tab-${state.tab}`);
}

function showCards(cards) {
  byId('cards').replaceChildren(
    ...cards.map(({ address, count, text, isWarning, tab }) =>
      make(
        'button',
        {
          class: isWarning ? 'card warning' : 'card',
          'data-focus': address,
          'aria-pressed': tab ? null : String(state.selection === address),
          onclick: () => (tab ? go({ tab, selection: '' }) : select(address)),
        },
        make('b', {}, count),
        ` ${text}`,
      ),
    ),
  );
  byId('cards').hidden = cards.length === 0;
}

/** What the file is of: companies, snapshots, and what was left out before it was written. */
function introduce() {
  const { scope } = view;
  const denials = view.statements.filter((said) => said.denied).length;
  const parts = [
    many(view.companies.length, 'company', 'companies'),
    many(view.policies.length, 'policy', 'policies'),
    many(view.statements.length - denials, 'statement'),
    many(denials, 'denial'),
  ];
  if (scope.focus) parts.push(`only on ${scope.focus}`);
  if (scope.snapshot) parts.push(`as of ${scope.snapshot}`);
  if (scope.least) parts.push(`confidence ${scope.least} and more`);
  if (scope.undated) parts.push(`left out, without a date: ${listed(scope.undated)}`);
  if (scope.later) parts.push(`left out, no policy so early: ${listed(scope.later)}`);
  byId('about').textContent = parts.join(' · ');
  byId('tabs').replaceChildren(
    ...TABS.map((tab) =>
      make(
        'button',
        {
          role: 'tab',
          id: `tab-${tab}`,
          'data-tab': tab,
          'data-focus': `tab/${tab}`,
          'aria-controls': 'stage',
          onclick: () => go({ tab, selection: '', page: 0 }),
        },
        TAB_NAMES[tab],
      ),
    ),
  );
  byId('tabs').addEventListener('keydown', (event) => {
    const at = TABS.indexOf(state.tab);
    const next = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1 + TABS.length,
      Home: 0,
      End: TABS.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    go({ tab: TABS[next % TABS.length], selection: '' });
    focusOn(`tab/${state.tab}`);
  });
}

/** Typing searches the sentences; the full name of a concept filters by it. */
function listenToSearch() {
  const search = byId('search');
  const concepts = new Map();
  for (const one of view.concepts) {
    const filter = Object.keys(CONCEPT_FILTERS).find((name) => CONCEPT_FILTERS[name] === one.kind);
    if (filter && one.key !== 'own' && !concepts.has(one.label))
      concepts.set(one.label, [filter, one]);
  }
  const names = [...concepts.keys()].sort().slice(0, SUGGESTED);
  byId('names').replaceChildren(...names.map((value) => make('option', { value })));
  search.value = state.words;
  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => go({ words: search.value.trim(), selection: '', page: 0 }, { replace: true }),
      TYPING,
    );
  });
  search.addEventListener('change', () => {
    const named = concepts.get(search.value.trim());
    if (!named) return;
    clearTimeout(timer);
    search.value = '';
    go({ words: '', [named[0]]: named[1], selection: '', page: 0 });
  });
}

function listen() {
  addEventListener('popstate', () => {
    state = fromFragment(location.hash.slice(1), first, view);
    byId('search').value = state.words;
    keepFocus(render);
  });
  addEventListener('keydown', (event) => {
    const isTyping = event.target.matches?.('input, select, textarea');
    if (event.key === 'Escape' && state.selection) go({ selection: '' });
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
    if (innerWidth !== width) timer = setTimeout(() => keepFocus(render), TYPING);
    width = innerWidth;
  });
}

introduce();
listenToSearch();
listen();
render();
