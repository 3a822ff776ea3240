import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  groupKey,
  groupLabel,
  Hierarchy,
  isWithin,
  lineage,
  UNNAMED_RECIPIENT,
} from '../../kg/views/app/concepts.js';
import { anyView, CONCEPTS, forMany, made } from './build.mjs';

const view = made([]);

/** Keys of the groups that stand for a concept, when some are toggled. */
function standing(name, ...toggled) {
  const hierarchy = new Hierarchy(new Set(toggled.map(view.at)));
  return hierarchy.groups(view.at(name)).map(groupKey).sort();
}

test('a lineage is a concept and all above it', () => {
  const names = [...lineage(view.at('data/Identifier'))].map(({ key }) => key).sort();
  assert.deepEqual(names, ['Data', 'Identifier', 'PersonalData', 'Sensitive']);
  assert.equal(isWithin(view.at('data/Email'), view.at('data/Contact')), true);
  assert.equal(isWithin(view.at('data/Contact'), view.at('data/Contact')), true);
  assert.equal(isWithin(view.at('data/Contact'), view.at('data/Email')), false);
});

test('groups are collapsed at first, but the widest are not', () => {
  assert.deepEqual(standing('data/Email'), ['Contact']);
  assert.deepEqual(standing('data/Contact'), ['Contact']);
  assert.deepEqual(standing('party/Google'), ['Company']);
  assert.deepEqual(standing('purpose/Ads'), ['Marketing']);
  assert.deepEqual(standing('place/Italy'), ['Italy']);
  assert.deepEqual(standing('basis/Consent'), ['Consent']);
});

test('opening a group shows what is right below it', () => {
  assert.deepEqual(standing('data/Email', 'data/Contact'), ['Email']);
  assert.deepEqual(standing('data/Passport', 'data/Contact'), ['Sensitive', 'Identifier'].sort());
});

test('what is said of an open concept itself stands apart', () => {
  assert.deepEqual(standing('data/Contact', 'data/Contact'), ['Contact.']);
  assert.deepEqual(standing('data/PersonalData'), ['PersonalData.']);
  assert.deepEqual(standing('place/Europe'), ['Europe.']);
  const [group] = new Hierarchy(new Set()).groups(view.at('data/PersonalData'));
  assert.equal(groupLabel(group), 'personaldata, not specified');
});

test('what has nothing below it cannot be opened', () => {
  const hierarchy = new Hierarchy(new Set([view.at('data/Email')]));
  assert.equal(hierarchy.isOpen(view.at('data/Email')), false);
  assert.deepEqual(standing('data/Email', 'data/Contact', 'data/Email'), ['Email']);
});

test('a wide one is open, whatever is toggled', () => {
  assert.deepEqual(standing('data/Email', 'data/PersonalData'), ['Contact']);
  assert.deepEqual(standing('data/Email', 'data/PersonalData', 'data/Contact'), ['Email']);
  assert.deepEqual(standing('data/Email', 'data/Data'), ['Contact']);
  assert.deepEqual(standing('data/Data', 'data/Data'), ['Data.']);
  assert.deepEqual(standing('party/Google', 'party/Recipient'), ['Company']);
  assert.deepEqual(standing('basis/Consent', 'basis/LegalBasis'), ['Consent']);
  const alone = made([], [], { ...CONCEPTS, basis: { LegalBasis: [] } });
  assert.equal(new Hierarchy(new Set()).isOpen(alone.at('basis/LegalBasis')), false);
});

test('a group of places is closed by toggling it', () => {
  assert.deepEqual(standing('place/Italy', 'place/Europe'), ['Europe']);
  assert.deepEqual(standing('place/Europe', 'place/Europe'), ['Europe']);
  assert.deepEqual(standing('place/Italy', 'place/Place'), ['Italy']);
});

test('a reader can toggle what has something below it, but not the wide ones', () => {
  const hierarchy = new Hierarchy(new Set());
  assert.deepEqual(
    view.concepts.filter((one) => hierarchy.canToggle(one)).map(({ key }) => key),
    [...['Contact', 'Sensitive', 'Identifier', 'own', 'Company', 'Marketing'], 'Europe'],
  );
});

test('the recipient that is only said to be one is not named', () => {
  const { label, ...recipient } = view.at('party/Recipient');
  const labelOf = (change, bare = true) =>
    groupLabel({ concept: { label, ...recipient, ...change }, bare });
  assert.equal(labelOf({}), UNNAMED_RECIPIENT);
  assert.equal(UNNAMED_RECIPIENT, 'recipient, not named');
  assert.equal(labelOf({}, false), 'recipient');
  assert.equal(labelOf({ kind: 'data' }), 'recipient, not specified');
  assert.equal(labelOf({ key: 'Company' }), 'recipient, not specified');
});

test('a concept with two above it stands in both', () => {
  assert.deepEqual(standing('data/Identifier'), ['Identifier', 'Sensitive']);
  assert.deepEqual(standing('data/Passport'), ['Identifier', 'Sensitive']);
  assert.deepEqual(standing('data/Identifier', 'data/Sensitive'), ['Identifier']);
});

test('opening one of two groups takes nothing out of the other', () => {
  assert.deepEqual(standing('data/Identifier', 'data/Identifier'), ['Identifier.', 'Sensitive']);
  assert.deepEqual(standing('data/Passport', 'data/Identifier'), ['Passport', 'Sensitive']);
});

function anyHierarchy(source) {
  const { concepts } = anyView(source, 0);
  const hierarchy = new Hierarchy(new Set(source.some(concepts, 8)));
  return { concepts, hierarchy };
}

test('toggling opens or closes just what can be toggled', () => {
  forMany(50, (source) => {
    const { concepts } = anyView(source, 0);
    const toggled = new Set(source.some(concepts, 8));
    const [first, hierarchy] = [new Hierarchy(new Set()), new Hierarchy(toggled)];
    for (const one of concepts) {
      const isTurned = first.isOpen(one) !== hierarchy.isOpen(one);
      assert.equal(isTurned, toggled.has(one) && hierarchy.canToggle(one), one.key);
      if (one.wide) assert.equal(hierarchy.isOpen(one), one.below.length > 0, one.key);
    }
  });
});

test('a closed group on the screen stands for all below it', () => {
  forMany(150, (source) => {
    const { concepts, hierarchy } = anyHierarchy(source);
    const groups = new Map(
      concepts.map((one) => [one, hierarchy.groups(one).map(({ concept }) => concept)]),
    );
    for (const [one, found] of groups) {
      assert.ok(found.length > 0);
      assert.equal(new Set(found).size, found.length);
      const expected = concepts.filter(
        (top) => isWithin(one, top) && groups.get(top).includes(top) && !hierarchy.isOpen(top),
      );
      const closed = found.filter((top) => !hierarchy.isOpen(top));
      const names = (list) => list.map(({ key }) => key).sort();
      assert.deepEqual(names(closed), names(expected), one.key);
    }
  });
});

test('a group is bare just where it is the open concept itself', () => {
  forMany(100, (source) => {
    const { concepts, hierarchy } = anyHierarchy(source);
    for (const one of concepts) {
      for (const { concept, bare } of hierarchy.groups(one)) {
        assert.equal(bare, hierarchy.isOpen(concept));
        if (bare) assert.equal(concept, one);
      }
    }
  });
});
