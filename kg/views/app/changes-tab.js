// The Changes tab: what one company's policy says anew, no more, or otherwise than before.

import { chosenPair, histories, KINDS } from './changes.js';
import { make } from './dom.js';
import { dateOf, many, nameOf, number } from './words.js';

const WORDS = {
  added: {
    title: 'Added',
    sign: '+',
    hint: 'said in the later snapshot only',
    implied: 'flow added',
  },
  removed: {
    title: 'Removed',
    sign: '−',
    hint: 'said in the earlier snapshot only',
    implied: 'flow removed',
  },
  changed: { title: 'Changed', sign: '~', hint: 'said in both, not in the same way' },
};

export function prepare(page) {
  const { pair, changes } = page;
  if (!pair) return { pair };
  for (const kind of KINDS) {
    for (const change of changes[kind]) {
      const { before, after, text } = change;
      page.openings.set(addressOf(change), {
        title: `${WORDS[kind].title}: ${text}`,
        note: notesOf(change).join(' · '),
        statements: new Set([...before, ...after].filter((said) => !said.isBare)),
        sides: [
          { title: `Before, ${dateOf(pair.earlier)}`, quotes: before },
          { title: `After, ${dateOf(pair.later)}`, quotes: after },
        ],
      });
    }
  }
  return { pair, changes };
}

/** What is compared, in place of how many statements pass the filters. */
export function status({ pair, changes }) {
  if (!pair) return 'nothing to compare';
  const counts = KINDS.map((kind) => `${changes[kind].length} ${kind}`);
  const hidden = changes.hidden ? ` · ${number(changes.hidden)} filtered out` : '';
  return `${nameOf(pair.earlier)} beside ${dateOf(pair.later)}: ${counts.join(', ')}${hidden}`;
}

const addressOf = ({ key }) => `change/${key}`;

/** What about it changed, as far as its place among the others does not say so. */
const notesOf = ({ kind, details }) => details.filter((text) => text !== WORDS[kind].implied);

export function show(page, { pair, changes }, stage) {
  if (!pair) {
    const text = page.state.companies.size
      ? 'None of the chosen companies has two snapshots here of which it is known which came first.'
      : 'No company has two dated snapshots here. Build a graph of several versions of a policy to see what changed.';
    stage.append(make('p', { class: 'empty' }, text));
    return;
  }
  stage.append(controls(page, pair));
  if (!pair.changes.length) {
    const text = `From ${dateOf(pair.earlier)} to ${dateOf(pair.later)} nothing changed in what is said about data.`;
    stage.append(make('p', { class: 'empty' }, text));
    return;
  }
  stage.append(
    make(
      'div',
      { class: 'changes' },
      KINDS.map((kind) => section(page, kind, changes[kind])),
    ),
  );
}

function controls(page, pair) {
  const known = histories(page.view, page.state.companies);
  const lines = [...known.keys()];
  const go = ({ key }) => page.go({ change: key, selection: '' });
  return make(
    'div',
    { class: 'controls' },
    select(
      'company',
      'Policy',
      lines.map((line) => ({
        text: policyName(known, line),
        isChosen: line === pair.line,
        choose: () => go(chosenPair(page.view, page.state, line)),
      })),
    ),
    select(
      'pair',
      'Snapshots',
      known.get(pair.line).map((one) => ({
        text: pairName(one),
        isChosen: one === pair,
        choose: () => go(one),
      })),
    ),
    make(
      'p',
      { class: 'note' },
      'Found by a program that reads both snapshots: rewording, order and headings make no change. All filters hold but those of snapshots and companies; a change is shown when one of its sentences passes.',
    ),
  );
}

function select(name, label, options) {
  return make(
    'label',
    {},
    `${label} `,
    make(
      'select',
      {
        'data-focus': `change/${name}`,
        onchange: (event) => options[event.target.selectedIndex].choose(),
      },
      options.map(({ text, isChosen }) => make('option', { selected: isChosen }, text)),
    ),
  );
}

/** A company, and which of its policies if it has several. */
function policyName(known, line) {
  const nameAt = (one) => known.get(one)[0].later;
  const { company, title, documents } = nameAt(line);
  const isOnly = [...known.keys()].every((one) => one === line || nameAt(one).company !== company);
  return isOnly ? company.label : `${company.label}: ${title || documents[0]}`;
}

function pairName({ earlier, later, changes, isWhole }) {
  const first = isWhole ? 'first to latest, ' : '';
  return `${first}${dateOf(earlier)} to ${dateOf(later)} (${many(changes.length, 'change')})`;
}

function section(page, kind, changes) {
  const { title, hint } = WORDS[kind];
  return make(
    'section',
    { class: `change-${kind}` },
    make('h2', {}, `${title} (${changes.length})`),
    make('p', { class: 'note' }, hint),
    changes.length
      ? make(
          'ul',
          {},
          changes.map((change) => make('li', {}, button(page, change))),
        )
      : make('p', { class: 'empty' }, 'none'),
  );
}

function button(page, change) {
  const address = addressOf(change);
  return make(
    'button',
    {
      class: change.denied ? 'change denied' : 'change',
      'data-focus': address,
      'aria-pressed': String(page.state.selection === address),
      onclick: () => page.select(address),
    },
    make('b', { 'aria-hidden': 'true' }, `${WORDS[change.kind].sign} `),
    change.text,
    notesOf(change).map((text) => make('span', { class: 'note' }, aspect(text))),
  );
}

/** What about it changed stands out from what it is. */
function aspect(text) {
  const at = text.indexOf(': ');
  return at < 0 ? make('b', {}, text) : [make('b', {}, text.slice(0, at)), text.slice(at)];
}
