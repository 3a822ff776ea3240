// The flow as a file: SVG and PNG that stand alone and show all that is on the screen.

import { draw, download, make } from './dom.js';
import { listed } from './words.js';

const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'letter-spacing',
];
const MARGIN = 16;
const HEAD = 52;
const SCALE = 2; // pixels of the PNG for one of the screen

export function exportButtons(page, svg) {
  const name = `flow-${page.companies.length === 1 ? page.companies[0].key : 'of-policies'}`;
  return make(
    'p',
    { class: 'exports' },
    make('button', { 'data-focus': 'svg', onclick: () => saveSvg(page, svg, name) }, 'Save as SVG'),
    make('button', { 'data-focus': 'png', onclick: () => savePng(page, svg, name) }, 'Save as PNG'),
  );
}

function saveSvg(page, svg, name) {
  download(`${name}.svg`, 'image/svg+xml', textOf(page, svg));
}

function savePng(page, svg, name) {
  const text = textOf(page, svg);
  const image = new Image();
  image.addEventListener('load', () => {
    const canvas = make('canvas', { width: image.width * SCALE, height: image.height * SCALE });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => download(`${name}.png`, 'image/png', blob));
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/** The drawing with a title, a background and every style written into it. */
export function textOf(page, svg) {
  const width = Number(svg.getAttribute('width')) + 2 * MARGIN;
  const height = Number(svg.getAttribute('height')) + HEAD + MARGIN;
  const copy = styled(svg);
  copy.setAttribute('x', MARGIN);
  copy.setAttribute('y', HEAD);
  const look = getComputedStyle(document.body);
  const line = (y, size, text) =>
    draw(
      'text',
      { x: MARGIN, y, 'font-size': size, fill: look.color, 'font-family': look.fontFamily },
      text,
    );
  const names = page.companies.map((one) => one.label);
  const outer = draw(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}` },
    draw('rect', { width, height, fill: look.backgroundColor }),
    line(22, 16, listed(names, 6)),
    line(42, 12, document.getElementById('status').textContent),
    copy,
  );
  // The namespace is written out by the serializer.
  return new XMLSerializer().serializeToString(outer);
}

function styled(element) {
  const copy = element.cloneNode(false);
  for (const name of ['class', 'tabindex', 'role', 'data-focus', 'aria-pressed'])
    copy.removeAttribute(name);
  if (element.namespaceURI.endsWith('svg') && element.tagName !== 'title') {
    const look = getComputedStyle(element);
    for (const name of STYLES) {
      const value = look.getPropertyValue(name);
      if (value && value !== 'none') copy.setAttribute(name, value);
    }
    if (look.fill === 'none') copy.setAttribute('fill', 'none');
  }
  for (const child of element.childNodes) {
    copy.append(child.nodeType === Node.TEXT_NODE ? child.cloneNode() : styled(child));
  }
  return copy;
}
