import assert from 'node:assert/strict';
import { test } from 'node:test';

import { groupKey, groupLabel, Hierarchy, isWithin, lineage } from '../../kg/views/app/concepts.js';
import { anyView, forMany, made } from './build.mjs';

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

test('toggling a wide one closes it over all below', () => {
  assert.deepEqual(standing('data/Email', 'data/PersonalData'), ['PersonalData']);
  assert.deepEqual(standing('data/Email', 'data/PersonalData', 'data/Contact'), ['PersonalData']);
  assert.deepEqual(standing('data/Email', 'data/Data'), ['Data']);
  assert.deepEqual(standing('place/Italy', 'place/Europe'), ['Europe']);
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
