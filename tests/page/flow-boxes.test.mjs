import assert from 'node:assert/strict';
import { test } from 'node:test';

import { layOut } from '../../kg/views/app/flow-layout.js';
import { COLUMNS } from '../../kg/views/app/state.js';
import { made } from './build.mjs';
import { eachLaid, flowOf, HEIGHT, SOME } from './laid.mjs';

/** The box of one datum with some label. */
function boxOf(label, columns = ['data'], width = 1000) {
  const view = made([{ action: 'use', data: ['Email'] }]);
  view.at('data/Email').label = label;
  const flow = flowOf(view, columns, [view.at('data/Contact')]);
  return layOut(flow, width, HEIGHT).boxes.get('data/Email');
}

test('labels are cut to three lines, and nothing of a short one is lost', () => {
  eachLaid(({ boxes }) => {
    for (const { node, lines } of boxes.values()) {
      if (!node) assert.deepEqual(lines, []);
      else {
        assert.ok(lines.length >= 1 && lines.length <= 3);
        const joined = lines.join(' ').replaceAll(' ', '');
        const label = node.label.replaceAll(' ', '');
        assert.ok(joined.endsWith('…') ? label.startsWith(joined.slice(0, -1)) : joined === label);
      }
    }
  });
});

test('a label takes as many lines as it needs, up to three', () => {
  assert.deepEqual(boxOf('email').lines, ['email']);
  const word = 'abcdefghijk';
  assert.deepEqual(boxOf(`${word} ${word}`, COLUMNS).lines, [word, word]);
  assert.deepEqual(boxOf(`${word} ${word} ${word}`, COLUMNS).lines, [word, word, word]);
  const [first, second, third, ...more] = boxOf(Array(9).fill(word).join(' '), COLUMNS).lines;
  assert.deepEqual([first, second, more], [word, word, []]);
  assert.match(third, /^abcdefghijk …$|^abcdefghijk…$/);
  assert.ok(boxOf('x'.repeat(300)).lines.at(-1).endsWith('…'));
});

test('a wider box has room for longer lines, and a box for all of its lines', () => {
  const label = Array(12).fill('word').join(' ');
  const [narrow, wide] = [boxOf(label, COLUMNS, 620), boxOf(label, COLUMNS, 1900)];
  assert.ok(narrow.width < wide.width);
  assert.ok(narrow.lines[0].length < wide.lines[0].length);
  eachLaid(({ boxes }) => {
    for (const { lines, height } of boxes.values()) assert.ok(height >= lines.length * 15);
  });
});

test('no character of a label is cut in two', () => {
  for (const label of ['😀'.repeat(80), `a${'😀'.repeat(80)}`]) {
    const { lines } = boxOf(label);
    assert.equal(lines.length, 3);
    for (const line of lines) assert.doesNotMatch(line, /\p{Surrogate}/u);
  }
});

test('columns do not overlap', () => {
  eachLaid((laid, flow, width) => {
    const boxes = [...laid.boxes.values()];
    for (let column = 0; column + 1 < flow.columns.length; column += 1) {
      const ends = boxes.filter((box) => box.column === column).map((box) => box.x + box.width);
      const starts = boxes.filter((box) => box.column === column + 1).map((box) => box.x);
      const hint = `${flow.columns.length} columns on ${width} pixels`;
      assert.ok(Math.max(...ends) <= Math.min(...starts), hint);
    }
  });
});

test('the drawing is as wide as asked where the columns have room', () => {
  eachLaid(({ width }, flow, asked) => {
    if (asked >= flow.columns.length * 180) assert.equal(width, asked);
  });
});

test('the drawing gets wider where its columns would run into each other', () => {
  const flow = flowOf(SOME);
  for (const asked of [1, 300, 620]) {
    const { width, boxes } = layOut(flow, asked, HEIGHT);
    assert.ok(width > asked);
    const ends = [...boxes.values()].map((box) => box.x + box.width);
    assert.ok(Math.max(...ends) <= width);
    const starts = [...new Set([...boxes.values()].map(({ x }) => x))].sort((a, b) => a - b);
    for (let at = 0; at + 1 < starts.length; at += 1) {
      assert.ok(starts[at] + boxes.get('data/Contact').width < starts[at + 1]);
    }
  }
});
