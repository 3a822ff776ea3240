// The hierarchy of concepts, and which of them stand on the screen: it starts collapsed.

/** A concept and all above it. */
export function lineage(concept) {
  if (!concept.lineage) {
    concept.lineage = new Set([concept]);
    for (const above of concept.above) {
      for (const one of lineage(above)) concept.lineage.add(one);
    }
  }
  return concept.lineage;
}

/** Whether a concept is another or a narrower one. */
export const isWithin = (concept, top) => lineage(concept).has(top);

// Nearly everything is below these, so they stand open; so do places, which are few.
const WIDE = new Set(['data/Data', 'data/PersonalData', 'party/Recipient', 'purpose/Purpose']);
const isWide = (concept) =>
  WIDE.has(`${concept.kind}/${concept.key}`) ||
  concept.kind === 'place' ||
  concept.kind === 'basis';

/**
 * The concepts as they stand on the screen.
 *
 * @param {Set} toggled concepts that were opened, or closed where they stand open at first
 */
export class Hierarchy {
  #toggled;
  #shown = new Map();

  constructor(toggled) {
    this.#toggled = toggled;
  }

  isOpen(concept) {
    return concept.below.length > 0 && isWide(concept) !== this.#toggled.has(concept);
  }

  /**
   * The groups that stand for a concept: itself, or the closed ones above it. One that is open
   * stands only for what is said of it as such, not of something narrower.
   *
   * @returns {{concept: object, bare: boolean}[]} `bare` for such a one
   */
  groups(concept) {
    return this.#standing(concept).map((one) => ({
      concept: one,
      bare: one === concept && this.isOpen(one),
    }));
  }

  #standing(concept) {
    const known = this.#shown.get(concept);
    if (known) return known;
    const found = new Set();
    for (const above of concept.above) {
      const standing = this.#standing(above);
      const isOpen = this.isOpen(above);
      for (const one of standing) found.add(one === above && isOpen ? concept : one);
    }
    const standing = found.size ? [...found] : [concept];
    this.#shown.set(concept, standing);
    return standing;
  }
}

/** Key of a group among those of its kind. */
export const groupKey = ({ concept, bare }) => (bare ? `${concept.key}.` : concept.key);

/** Name of a group. */
export const groupLabel = ({ concept, bare }) =>
  bare ? `${concept.label}, not specified` : concept.label;
