// The head of the page: what the file is of, its tabs, and what stands out.

import { byId, focusOn, make } from './dom.js';
import { TABS } from './state.js';
import { listed, many, number } from './words.js';

const TAB_NAMES = {
  compare: 'Compare',
  flow: 'Flow',
  changes: 'Changes',
  network: 'Network',
  statements: 'Statements',
};
/** What means the same in every view, and so stays open in the next one. */
const LASTING = /^(card|statement)\//;

/**
 * Tells what the file is of and what was left out before it was written, and makes the tabs.
 *
 * @param {function} current gives the state
 */
export function introduce(view, current, go) {
  byId('about').textContent = aboutOf(view).join(' · ');
  const choose = (tab) => {
    const { selection } = current();
    go({ tab, selection: LASTING.test(selection) ? selection : '', page: 0 });
  };
  const tab = (name) => ({
    role: 'tab',
    id: `tab-${name}`,
    'data-tab': name,
    'data-focus': `tab/${name}`,
    'aria-controls': 'stage',
    onclick: () => choose(name),
  });
  byId('tabs').replaceChildren(...TABS.map((name) => make('button', tab(name), TAB_NAMES[name])));
  byId('tabs').addEventListener('keydown', (event) => {
    const at = TABS.indexOf(current().tab);
    const steps = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1 + TABS.length,
      Home: 0,
      End: TABS.length - 1,
    };
    if (!Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    choose(TABS[steps[event.key] % TABS.length]);
    focusOn(`tab/${current().tab}`);
  });
}

function aboutOf({ scope, companies, policies, statements }) {
  const denials = statements.filter((said) => said.denied).length;
  const lines = new Set(policies.map((policy) => policy.line)).size;
  const parts = [
    many(companies.length, 'company', 'companies'),
    lines === policies.length
      ? many(lines, 'policy', 'policies')
      : `${many(lines, 'policy', 'policies')} in ${many(policies.length, 'snapshot')}`,
    `${many(statements.length, 'statement')}, ${number(denials)} of them denials`,
  ];
  if (scope.focus) parts.push(`only on ${scope.focus}`);
  if (scope.snapshot) parts.push(`as of ${scope.snapshot}`);
  if (scope.least) parts.push(`confidence ${scope.least} and more`);
  if (scope.undated) parts.push(`left out, without a date: ${listed(scope.undated)}`);
  if (scope.later) parts.push(`left out, no policy so early: ${listed(scope.later)}`);
  return parts;
}

export function showTabs(chosen) {
  for (const tab of byId('tabs').children) {
    const isChosen = tab.dataset.tab === chosen;
    tab.setAttribute('aria-selected', String(isChosen));
    tab.setAttribute('tabindex', isChosen ? 0 : -1);
  }
  byId('stage').setAttribute('aria-labelledby', `tab-${chosen}`);
}

export function showCards({ state, go, select }, cards) {
  const button = ({ address, count, text, isWarning, tab }) =>
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
    );
  byId('cards').replaceChildren(...cards.map(button));
  byId('cards').hidden = cards.length === 0;
}
