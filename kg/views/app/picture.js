// The flow as a file: SVG and PNG that stand alone and show all that is on the screen.

import { byId, draw, download, make } from './dom.js';
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
const TITLE = 44;
const LINE = 17;
const CHARACTER = 6.6; // pixels, at most on average
const SCALE = 2; // pixels of the PNG for one of the screen

/**
 * @param {SVGElement} svg the drawing
 * @param {string[]} names of the companies that it shows
 * @param {string[]} notes on what it shows and leaves out
 */
export function exportButtons(svg, names, notes) {
  const name = names.length === 1 ? `flow-${fileName(names[0])}` : 'flow-of-policies';
  return make(
    'p',
    { class: 'exports' },
    make(
      'button',
      { 'data-focus': 'svg', onclick: () => saveSvg(svg, names, notes, name) },
      'Save as SVG',
    ),
    make(
      'button',
      { 'data-focus': 'png', onclick: () => savePng(svg, names, notes, name) },
      'Save as PNG',
    ),
  );
}

function saveSvg(svg, names, notes, name) {
  download(`${name}.svg`, 'image/svg+xml', textOf(svg, names, notes));
}

function savePng(svg, names, notes, name) {
  const text = textOf(svg, names, notes);
  const image = new Image();
  image.addEventListener('load', () => {
    const canvas = make('canvas', { width: image.width * SCALE, height: image.height * SCALE });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => download(`${name}.png`, 'image/png', blob));
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

const fileName = (name) =>
  name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase() || 'company';

/** The drawing with a title, a background and every style written into it. */
export function textOf(svg, names, notes) {
  const width = Number(svg.getAttribute('width')) + 2 * MARGIN;
  const filters = [...byId('chips').children].map((chip) => chip.textContent.replace(' ×', ''));
  const said = [byId('status').textContent, ...filters].join(' · ');
  const lines = [said, ...notes].flatMap((text) => broken(text, (width - 2 * MARGIN) / CHARACTER));
  const head = TITLE + lines.length * LINE;
  const height = Number(svg.getAttribute('height')) + head + MARGIN;
  const copy = styled(svg);
  copy.setAttribute('x', MARGIN);
  copy.setAttribute('y', head);
  const look = getComputedStyle(document.body);
  const font = { x: MARGIN, fill: look.color, 'font-family': look.fontFamily };
  const outer = draw(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}` },
    draw('rect', { width, height, fill: look.backgroundColor }),
    draw('text', { ...font, y: 24, 'font-size': 16 }, listed(names, 6)),
    lines.map((line, at) => draw('text', { ...font, y: TITLE + at * LINE, 'font-size': 12 }, line)),
    copy,
  );
  // The namespace is written out by the serializer.
  return new XMLSerializer().serializeToString(outer);
}

/** A text in lines of at most so many characters. */
function broken(text, most) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > most && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
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
