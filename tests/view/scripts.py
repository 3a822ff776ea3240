"""What runs in the page to click as a user would, and to reach the network's drawing."""

from __future__ import annotations

#: Puts `hits` into the page: what can be hit, and what a click on it opens.
HITS = r"""
window.hits = (() => {
  const OWN = '[data-focus],[data-cell],tbody tr';
  const address = (e) => e.dataset.focus ?? (e.dataset.cell ? `cell/${e.dataset.cell}`
    : e.querySelector('[data-focus]')?.dataset.focus);
  /** The statements of the open evidence, with "Show more" pressed until all are there. */
  const opened = () => {
    for (let more; (more = document.querySelector('#evidence [data-focus="more"]'));) more.click();
    const cards = [...document.querySelectorAll('#evidence [data-statement]')];
    return [...new Set(cards.map((card) => card.dataset.statement))].sort();
  };
  /** Points of an element at which a mouse might click it, the best first. */
  const points = (e) => {
    if (e.getTotalLength && e.tagName === 'path') {
      const [length, view] = [e.getTotalLength(), e.getScreenCTM()];
      const steps = [...Array(59).keys()].sort((a, b) => Math.abs(a - 29) - Math.abs(b - 29));
      return steps.map((step) => {
        const at = e.getPointAtLength((length * (step + 1)) / 60).matrixTransform(view);
        return [Math.round(at.x), Math.round(at.y)];
      });
    }
    const box = e.getBoundingClientRect();
    const found = [];
    for (const y of [0.5, 0.25, 0.75, 0.08, 0.92])
      for (const x of [0.5, 0.3, 0.7, 0.1, 0.9, 0.03, 0.97])
        found.push([Math.round(box.left + x * box.width), Math.round(box.top + y * box.height)]);
    return found;
  };
  const at = (e, [x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit?.closest(OWN) === e ? hit : null;
  };
  /** Where a click reaches the element: [x, y, what is there]; null when it cannot be reached. */
  const reach = (e) => {
    e.scrollIntoView({ block: 'center', inline: 'center' });
    for (const point of points(e)) {
      const hit = at(e, point);
      if (hit) return [...point, hit];
    }
    const main = document.querySelector('main');
    for (let number = 0; number < points(e).length; number += 6) {
      const [x, y] = points(e)[number];
      main.scrollBy(x - innerWidth / 2, y - innerHeight / 2);
      const point = points(e)[number];
      const hit = at(e, point);
      if (hit) return [...point, hit];
    }
    return null;
  };
  const press = (hit, clientX, clientY) => {
    for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
      const Kind = name.startsWith('pointer') ? PointerEvent : MouseEvent;
      hit.dispatchEvent(new Kind(name, { bubbles: true, cancelable: true, clientX, clientY }));
    }
  };
  /** At most so many, evenly taken. */
  const some = (list, most) => {
    const step = Math.ceil(list.length / most);
    return step > 1 ? list.filter((_, number) => number % step === 0) : list;
  };
  /** Does something while nothing is seen: all is drawn anew, but need not be laid out. */
  const unseen = (act) => {
    document.body.style.display = 'none';
    act();
    document.body.style.display = '';
  };
  /**
   * Looks where all that fit can be clicked, and clicks each, or at most so many of them:
   * {reached: [address], missed: [address], opened: {address: [digits]}}.
   */
  const all = (css, most = Infinity) => {
    history.pushState = () => {}; // browsers take only so many a second
    const found = { reached: [], missed: [], opened: {} };
    const reached = [];
    for (const e of document.querySelectorAll(css)) {
      const point = reach(e);
      if (point) reached.push([address(e), point]);
      (point ? found.reached : found.missed).push(address(e));
    }
    unseen(() => {
      for (const [name, [x, y, hit]] of some(reached, most)) {
        press(hit, x, y);
        found.opened[name] = opened();
      }
    });
    return found;
  };
  let isTouched = false;
  const touch = () => (isTouched = true);
  for (const name of ['toggle', 'resize']) addEventListener(name, touch, { capture: true });
  document.getElementById('search').addEventListener('input', touch);
  /** Goes to an address as if the page were opened anew; false when more was done to it. */
  const again = (fragment) => {
    if (isTouched || Object.hasOwn(history, 'pushState') || 'network' in window.hits) return false;
    dispatchEvent(new PointerEvent('pointerdown'));
    document.activeElement?.blur();
    history.replaceState(null, '', `#${fragment}`);
    dispatchEvent(new PopStateEvent('popstate'));
    for (const e of document.querySelectorAll('main, aside')) e.scrollTop = 0;
    return true;
  };
  return { address, opened, reach, press, all, some, unseen, again };
})();
"""

#: Lets the test hold vis-network's object: `hits.network`, and `hits.painted()` to wait for it.
CATCH = r"""
const { vis } = window;
hits.network = null;
window.vis = { ...vis, Network: class extends vis.Network {
  constructor(...given) {
    super(...given);
    hits.network = this;
    hits.ready = new Promise((done) => this.once('afterDrawing', done));
  }
}};
/** Where the drawing shows an arrow or box alone: [x, y]; null when others cover all of it. */
hits.spot = (id, isEdge) => {
  const net = hits.network;
  if (!(isEdge ? net.body.edges : net.body.nodes)[id]) return null;
  const canvas = document.querySelector('#canvas canvas');
  const main = document.querySelector('main');
  const box = () => canvas.getBoundingClientRect();
  const places = [];
  if (isEdge) {
    const steps = [...Array(99).keys()].sort((a, b) => Math.abs(a - 49) - Math.abs(b - 49));
    for (const step of steps) {
      const { x, y } = net.canvasToDOM(net.body.edges[id].edgeType.getPoint((step + 1) / 100));
      for (const beside of [0, 2, -2, 4, -4]) places.push({ x, y: y + beside });
    }
  } else places.push(net.canvasToDOM(net.getPosition(id)));
  for (const place of places) {
    const top = box().top + place.y;
    const seen = main.getBoundingClientRect();
    if (top < seen.top + 2 || top > seen.bottom - 2)
      main.scrollBy(0, top - (seen.top + seen.bottom) / 2);
    // A mouse stands on whole pixels.
    const [x, y] = [Math.round(box().left + place.x), Math.round(box().top + place.y)];
    const dom = { x: x - box().left, y: y - box().top };
    const node = net.getNodeAt(dom);
    if (isEdge ? node !== undefined || net.getEdgeAt(dom) !== id : node !== id) continue;
    if (document.elementFromPoint(x, y) === canvas) return [x, y];
  }
  return null;
};
hits.tap = (x, y) => {
  const canvas = document.querySelector('#canvas canvas');
  for (const name of ['pointerdown', 'pointerup']) {
    canvas.dispatchEvent(new PointerEvent(name, { bubbles: true, cancelable: true, pointerId: 1,
      pointerType: 'mouse', isPrimary: true, button: 0, buttons: name === 'pointerdown' ? 1 : 0,
      clientX: x, clientY: y }));
  }
};
/** As hits.all(); `covered` are those that cannot be reached while other evidence is open. */
hits.everything = async (most = Infinity) => {
  history.pushState = () => {};
  await hits.ready;
  const found = { reached: [], missed: [], covered: [], opened: {} };
  const { edges, nodeIndices } = hits.network.body;
  const wanted = [
    ...Object.keys(edges).map((id) => [`edge/${id}`, id, true]),
    ...nodeIndices.map((id) => [`party/${id}`, id, false]),
  ];
  for (const [address, id, isEdge] of wanted)
    (hits.spot(id, isEdge) ? found.reached : found.missed).push(address);
  const clicked = wanted.filter(([address]) => found.reached.includes(address));
  for (const [address, id, isEdge] of hits.some(clicked, most)) {
    await hits.ready;
    let spot = hits.spot(id, isEdge);
    if (!spot) {
      found.covered.push(address);
      dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      await hits.ready;
      spot = hits.spot(id, isEdge);
    }
    hits.tap(...spot);
    found.opened[address] = hits.opened();
  }
  return found;
};
"""
