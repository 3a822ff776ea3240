// Above the flow: its columns, and in numbers what is drawn, merged and left out.

import { make, plainButton } from './dom.js';
import { chooser } from './crowd.js';
import { COLUMN_NAMES } from './flow.js';
import { COLUMNS, toggled } from './state.js';
import { many } from './words.js';

export function controls(page, model) {
  const { state } = page;
  const boxes = COLUMNS.filter((name) => name !== 'company').map((name) =>
    make(
      'label',
      {},
      make('input', {
        type: 'checkbox',
        checked: state.columns.has(name),
        'data-focus': `column/${name}`,
        onchange: () => page.go({ columns: toggled(state.columns, name), selection: '' }),
      }),
      COLUMN_NAMES[name],
    ),
  );
  return make(
    'div',
    { class: 'controls' },
    make('fieldset', { class: 'inline' }, make('legend', {}, 'Columns'), boxes),
    make('p', { class: 'note' }, notes(page, model)),
    chooser(page, model.crowd, 'ribbon'),
  );
}

/** What the drawing shows, merges and leaves out, in sentences. */
export function sentencesOf(model) {
  const left = model.given.length - model.drawn.length;
  const size = `${many(model.ribbons.size, 'ribbon')} between ${many(model.nodes.size, 'box', 'boxes')}`;
  const found = [
    `${size}. The wider a ribbon, the more statements; a denial is thin and dashed, however many say it.`,
    'A statement runs through every box that it names, so that the numbers of boxes do not add up.',
  ];
  if (model.unmerged) {
    found.push(
      `Sharing, selling and transferring are drawn as one: apart they would be ${model.unmerged} ribbons.`,
    );
  }
  if (left)
    found.push(`${many(left, 'statement')} on use, storage, deletion and protection not drawn.`);
  return found;
}

function notes({ state, go }, model) {
  const text = sentencesOf(model).join(' ');
  if (!state.handling && model.given.length === model.drawn.length) return text;
  const label = state.handling ? 'Draw only what moves' : 'Draw them too';
  const change = () => go({ handling: !state.handling, selection: '' });
  return [text, ' ', plainButton('handling', label, change)];
}
