// The Changes tab: what one company's policy says anew, no more, or otherwise than before.

import { chosenPair, histories } from './changes.js';
import { make } from './dom.js';
import { dateOf, listed, many, nameOf, VERBS } from './words.js';

const KINDS = {
  added: { title: 'Added', sign: '+', hint: 'said in the later snapshot only' },
  removed: { title: 'Removed', sign: '−', hint: 'said in the earlier snapshot only' },
  changed: { title: 'Changed', sign: '~', hint: 'the same flow, said otherwise' },
};

export function prepare(page) {
  const { pair, changes } = page;
  if (!pair) return { pair };
  for (const kind of Object.keys(KINDS)) {
    for (const group of changes[kind]) {
      page.openings.set(addressOf(kind, group), {
        title: `${KINDS[kind].title}: ${textOf(group)}`,
        note: group.notes?.join(' · '),
        statements: group.statements,
        byDate: true,
      });
    }
  }
  return { pair, changes };
}

/** What is compared, in place of how many statements pass the filters. */
export function status({ pair, changes }) {
  if (!pair) return 'nothing to compare';
  const counts = ['added', 'removed', 'changed'].map((kind) => `${changes[kind].length} ${kind}`);
  return `${nameOf(pair[0])} beside ${dateOf(pair[1])}: ${counts.join(', ')}`;
}

const addressOf = (kind, { key }) => `change/${kind}/${key}`;

function textOf({ actor, action, denied, data, other }) {
  const whom = other ? ` ${jointOf(action, other)} ${other.label}` : '';
  const what = data.length
    ? listed(
        data.map((one) => one.label),
        6,
      )
    : 'data';
  return `${actor.label} ${denied ? `does NOT ${action}` : VERBS[action]} ${what}${whom}`;
}

function jointOf(action, other) {
  if (other.kind === 'place') return action === 'transfer' ? 'to' : 'in';
  return { collect: 'from', share: 'with' }[action] ?? 'to';
}

export function show(page, { pair, changes }, stage) {
  if (!pair) {
    const text = page.state.companies.size
      ? 'None of the chosen companies has two snapshots here.'
      : 'No company has two snapshots here. Build a graph of several versions of a policy to see what changed.';
    stage.append(make('p', { class: 'empty' }, text));
    return;
  }
  stage.append(controls(page, pair, changes));
  stage.append(
    make(
      'div',
      { class: 'changes' },
      Object.entries(KINDS).map(([kind, words]) => section(page, kind, words, changes[kind])),
    ),
  );
}

function controls(page, [earlier, later], changes) {
  const known = histories(page.view, page.state.companies);
  const set = (from, to) => page.go({ change: `${from.number}~${to.number}`, selection: '' });
  const select = (label, policies, chosen, change) =>
    make(
      'label',
      {},
      `${label} `,
      make(
        'select',
        {
          'data-focus': `change/${label}`,
          onchange: (event) => change(policies[event.target.selectedIndex]),
        },
        policies.map((one) => make('option', { selected: one === chosen }, dateOf(one))),
      ),
    );
  const versions = known.get(earlier.line);
  const lines = [...known.keys()];
  return make(
    'div',
    { class: 'controls' },
    make(
      'label',
      {},
      'Company ',
      make(
        'select',
        {
          'data-focus': 'change/company',
          onchange: (event) => {
            const [from, to] = chosenPair(page.view, page.state, lines[event.target.selectedIndex]);
            set(from, to);
          },
        },
        lines.map((line) =>
          make('option', { selected: line === earlier.line }, known.get(line)[0].company.label),
        ),
      ),
    ),
    select(
      'from',
      versions.filter((one) => one !== later),
      earlier,
      (policy) => set(policy, later),
    ),
    select(
      'to',
      versions.filter((one) => one !== earlier),
      later,
      (policy) => set(earlier, policy),
    ),
    make(
      'p',
      { class: 'note' },
      `${many(changes.same.length, 'flow')} unchanged. A flow is who does what with which data to whom; those that differ only in their data stand together. Rewording, order and headings make no change; a narrower or broader word for the same thing stands on both sides. All filters but that of snapshots hold.`,
    ),
  );
}

function section(page, kind, { title, sign, hint }, groups) {
  return make(
    'section',
    { class: `change-${kind}` },
    make('h2', {}, `${title} (${groups.length})`),
    make('p', { class: 'note' }, hint),
    groups.length
      ? make(
          'ul',
          {},
          groups.map((group) => make('li', {}, button(page, kind, sign, group))),
        )
      : make('p', { class: 'empty' }, 'none'),
  );
}

function button(page, kind, sign, group) {
  const address = addressOf(kind, group);
  return make(
    'button',
    {
      class: group.denied ? 'change denied' : 'change',
      'data-focus': address,
      'aria-pressed': String(page.state.selection === address),
      onclick: () => page.select(address),
    },
    make('b', { 'aria-hidden': 'true' }, `${sign} `),
    textOf(group),
    group.notes ? make('span', { class: 'note' }, ` ${group.notes.join(' · ')}`) : null,
  );
}
