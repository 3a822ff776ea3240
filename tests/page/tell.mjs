// Tells how the page reads what kg/views/page_data.py wrote: {data, days} on standard input.

import { readFileSync } from 'node:fs';

import { read } from '../../kg/views/app/data.js';
import { filtered } from '../../kg/views/app/filter.js';
import { initial } from '../../kg/views/app/state.js';

const { data, days } = JSON.parse(readFileSync(0, 'utf8'));
const view = read(data);

const statements = view.statements.map((said) => ({
  digits: said.digits,
  action: said.action,
  denied: said.denied,
  modality: said.modality,
  child: said.child,
  actor: said.actor.label,
  company: said.company.label,
  sentence: said.sentence.text,
  heading: said.sentence.heading,
  mentions: said.mentions.map(({ role, text, concept }) => [role, text, concept?.label ?? null]),
}));
const standing = Object.fromEntries(
  ['latest', ...days].map((version) => {
    const state = { ...initial('flow'), version, who: 'all' };
    return [version, filtered(view.statements, state).map(({ digits }) => digits)];
  }),
);
console.log(JSON.stringify({ statements, standing }));
