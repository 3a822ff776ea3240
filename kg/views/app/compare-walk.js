// The matrix by keyboard: one stop of the tab key for all its chips, arrows from there.

/** Lets arrow keys walk along a row and down a column, over cells that are empty. */
export function walk(table) {
  const chips = [...table.querySelectorAll('button.chip')];
  const enter = (chip) => {
    for (const one of chips) if (one.tabIndex === 0) one.tabIndex = -1;
    chip.tabIndex = 0;
  };
  for (const chip of chips) chip.tabIndex = -1;
  const current = chips.find((chip) => chip.getAttribute('aria-pressed') === 'true') ?? chips[0];
  if (current) enter(current);
  table.addEventListener('focusin', ({ target }) => {
    if (target.matches('button.chip')) enter(target);
  });
  table.addEventListener('keydown', (event) => {
    if (!event.target.matches('button.chip')) return;
    const next = nextOf(event.target, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function nextOf(chip, key) {
  const cell = chip.closest('td');
  const row = cell.parentElement;
  const along = [...row.querySelectorAll('button.chip')];
  if (key === 'ArrowRight') return along[along.indexOf(chip) + 1];
  if (key === 'ArrowLeft') return along[along.indexOf(chip) - 1];
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null;
  const step = key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling';
  for (let other = row[step]; other; other = other[step]) {
    const found = other.cells[cell.cellIndex]?.querySelector('button.chip');
    if (found) return found;
  }
  return null;
}
