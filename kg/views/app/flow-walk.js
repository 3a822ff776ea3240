// The flow by keyboard: one stop of the tab key, arrows from there.

import { focusOn } from './dom.js';

/**
 * Lets arrow keys walk: up and down within a column or among a node's ribbons, left and right along
 * them. Enter opens what has the focus, plus and minus call `toggle` with its node and the key.
 */
export function walk(svg, page, model, laid, toggle) {
  const boxes = [...laid.boxes.values()].filter(({ node }) => node);
  const ribbons = [...model.ribbons.values()];
  const yOf = (id) => laid.boxes.get(id).y;
  const leaving = (id) =>
    ribbons.filter(({ from }) => from === id).sort((a, b) => yOf(a.to) - yOf(b.to));
  const arriving = (id) =>
    ribbons.filter(({ to }) => to === id).sort((a, b) => yOf(a.from) - yOf(b.from));
  const nodeSteps = (id) => {
    const box = laid.boxes.get(id);
    const column = boxes.filter((one) => one.column === box.column).sort((a, b) => a.y - b.y);
    const at = column.findIndex(({ node }) => node.id === id);
    const beside = (step) => column[at + step] && `node/${column[at + step].node.id}`;
    return {
      ArrowUp: beside(-1),
      ArrowDown: beside(1),
      ArrowRight: leaving(id)[0] && `ribbon/${leaving(id)[0].id}`,
      ArrowLeft: arriving(id)[0] && `ribbon/${arriving(id)[0].id}`,
    };
  };
  const ribbonSteps = (id) => {
    const ribbon = model.ribbons.get(id);
    const beside = leaving(ribbon.from);
    const at = beside.indexOf(ribbon);
    const address = (one) => one && `ribbon/${one.id}`;
    return {
      ArrowUp: address(beside[at - 1]),
      ArrowDown: address(beside[at + 1]),
      ArrowRight: `node/${ribbon.to}`,
      ArrowLeft: `node/${ribbon.from}`,
    };
  };
  svg.addEventListener('keydown', (event) => {
    const address = event.target.dataset?.focus;
    if (!address) return;
    const isNode = address.startsWith('node/');
    const id = address.slice(address.indexOf('/') + 1);
    const next = (isNode ? nodeSteps(id) : ribbonSteps(id))[event.key];
    if (next) enter(svg, next);
    else if (event.key === 'Enter' || event.key === ' ') page.select(address);
    else if (isNode && '+-'.includes(event.key)) toggle(model.nodes.get(id), event.key);
    else return;
    event.preventDefault();
  });
  const current = svg.querySelector(`[data-focus="${CSS.escape(page.state.selection)}"]`);
  (current ?? svg.querySelector('.box'))?.setAttribute('tabindex', 0);
}

/** One stop of the tab key in the whole drawing: where the reader is. */
function enter(svg, address) {
  svg.querySelector('[tabindex="0"]')?.setAttribute('tabindex', -1);
  svg.querySelector(`[data-focus="${CSS.escape(address)}"]`)?.setAttribute('tabindex', 0);
  focusOn(address);
}
