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

/** Nearly everything is below a wide concept, so it stands open; so do groups of places, which are few. */
const standsOpen = (concept) => concept.wide || concept.kind === 'place';

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

  /** Whether a reader may open and close a concept. */
  canToggle(concept) {
    return concept.below.length > 0 && !concept.wide;
  }

  isOpen(concept) {
    if (concept.wide || !concept.below.length) return concept.below.length > 0;
    return standsOpen(concept) !== this.#toggled.has(concept);
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
export function groupLabel({ concept, bare }) {
  if (!bare) return concept.label;
  return isNobody(concept) ? UNNAMED_RECIPIENT : `${concept.label}, not specified`;
}

/** The top of all recipients stands for those that are not named, in the text or at all. */
const isNobody = (concept) => concept.kind === 'party' && concept.key === 'Recipient';
export const UNNAMED_RECIPIENT = 'recipient, not named';
