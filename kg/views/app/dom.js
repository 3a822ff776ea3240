// Elements. Texts of policies are written as text only; nothing here makes HTML from a string.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element: `make('p', {class: 'note'}, 'text', child, [more])`; `onclick` etc. listen. */
export const make = (tag, attributes, ...children) =>
  fill(document.createElement(tag), attributes, children);

/** An SVG element, in the same way. */
export const draw = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false && value !== null) {
      element.setAttribute(name, value);
    }
  }
  return put(element, ...children);
}

/** Appends children, of which those that are missing are left out. */
export function put(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** A button that looks like a link; `key` is its `data-focus`. */
export const plainButton = (key, text, onclick) =>
  make('button', { class: 'plain', 'data-focus': key, onclick }, text);

/** A link when the address is one of the web; else its words alone. */
export function link(address, text, fragment = '') {
  if (!/^https?:\/\//i.test(address)) return make('span', {}, text);
  let url;
  try {
    url = new URL(address);
  } catch {
    return make('span', {}, text);
  }
  if (fragment && !url.hash) url.hash = fragment;
  return make('a', { href: url.href, rel: 'noopener noreferrer', target: '_blank' }, text);
}

/** Gives the reader a file made on the spot. */
export function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  make('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const byId = (id) => document.getElementById(id);

/**
 * Draws anew and puts the focus on the first of some `data-focus` keys that is there then, or back
 * on what had it.
 */
export function keepFocus(redraw, wanted = []) {
  const before = document.activeElement?.dataset?.focus;
  redraw();
  [...wanted, before].some((key) => key && focusOn(key));
}

/** Whether there was something with this `data-focus` key, which has the focus now. */
export function focusOn(key) {
  const found = document.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  found?.focus({ preventScroll: true });
  return Boolean(found);
}
