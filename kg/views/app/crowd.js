// When a drawing of several companies would be too crowded to read, it is of one of them.

import { make, plainButton } from './dom.js';
import { many } from './words.js';

/** Ribbons or arrows; more of them are hard to read. */
export const MOST = 80;
const OFFERED = 30; // companies

/**
 * Draws everything when that can be read or is asked for, else one company alone.
 *
 * @param {function} make from statements to a model
 * @param {function} size of a model
 * @returns the model, with `crowd` where it is of one company: which, and the size of the whole
 */
export function uncrowded(page, make, size) {
  const whole = make(page.shown);
  const counts = new Map();
  for (const { company } of page.shown) counts.set(company, (counts.get(company) ?? 0) + 1);
  if (size(whole) <= MOST || counts.size < 2) return { ...whole, crowd: null };
  if (page.state.whole) return { ...whole, crowd: { size: size(whole) } };
  const company = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  const model = make(page.shown.filter((said) => said.company === company));
  return { ...model, crowd: { company, size: size(whole) } };
}

/** Says what is drawn, and offers the others. */
export function chooser(page, crowd, word) {
  if (!crowd) return null;
  const { companies } = page;
  const offer = (company) =>
    plainButton(`choose/${company.key}`, company.label, () =>
      page.go({ companies: new Set([company]), selection: '' }),
    );
  const listed = companies.slice(0, OFFERED).map((company) => make('li', {}, offer(company)));
  if (companies.length > OFFERED) {
    listed.push(make('li', {}, `and ${companies.length - OFFERED} more, on the left`));
  }
  const all = many(crowd.size, word);
  const text = crowd.company
    ? `${crowd.company.label} alone is drawn: all ${companies.length} companies would be ${all}, too many to read. `
    : `${all} are too many to read. `;
  const label = crowd.company ? `draw all ${all} nevertheless` : 'draw one company alone';
  const change = () => page.go({ whole: Boolean(crowd.company), selection: '' });
  return [
    make('p', {}, make('b', {}, text), plainButton('whole', label, change)),
    make('ul', { class: 'chooser' }, listed),
  ];
}
