// Flows of invented data, and how they are laid out.

import { Hierarchy } from '../../kg/views/app/concepts.js';
import { aggregate } from '../../kg/views/app/flow.js';
import { layOut } from '../../kg/views/app/flow-layout.js';
import { COLUMNS } from '../../kg/views/app/state.js';
import { anyView, forMany, made } from './build.mjs';

const WIDTHS = [620, 760, 1100, 1900];
export const HEIGHT = 620;

export function flowOf(view, columns = COLUMNS, toggled = []) {
  const hierarchy = new Hierarchy(new Set(toggled));
  return aggregate(view.statements, hierarchy, new Set(columns), view.publishers);
}

export function anyFlow(source, most = 40) {
  const view = anyView(source, most);
  const columns = COLUMNS.filter((name) => name === 'company' || source.chance(0.7));
  return flowOf(view, columns, source.some(view.concepts, 5));
}

export const SOME = made([
  { action: 'share', data: ['Email', 'Health'], recipient: ['Google'], place: ['Italy'] },
  { action: 'collect', data: ['Email'], source: ['Advertiser'] },
  { action: 'sell', denied: true, data: ['Health'], recipient: ['Advertiser'] },
]);

/** Checks many flows, each on drawings of several widths. */
export function eachLaid(check) {
  forMany(50, (source) => {
    const flow = anyFlow(source);
    for (const width of WIDTHS) check(layOut(flow, width, HEIGHT), flow, width);
  });
}
