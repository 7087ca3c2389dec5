// What the keys do in the graph. Pure.

import type { Layout, Placed } from './layout';

export type Direction = 'up' | 'down' | 'left' | 'right';
export type Action =
  | { do: 'move'; direction: Direction }
  | { do: 'jump'; by: number }
  | { do: 'zoom'; factor: number }
  | { do: 'first' | 'last' }
  | { do: 'fit' | 'actual' | 'open' | 'fold' | 'escape' | 'search' | 'next' | 'previous' | 'help' };

/** As far as it matters here, a `KeyboardEvent`. */
export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export const ZOOM_STEP = 1.25;
const PAGE = 10;

export function toAction(pressed: Key): Action | undefined {
  if (pressed.altKey) return undefined;
  if (pressed.ctrlKey || pressed.metaKey) return pressed.key.toLowerCase() === 'f' ? { do: 'search' } : undefined;
  switch (pressed.key) {
    case 'ArrowUp':
      return { do: 'move', direction: 'up' };
    case 'ArrowDown':
      return { do: 'move', direction: 'down' };
    case 'ArrowLeft':
      return { do: 'move', direction: 'left' };
    case 'ArrowRight':
      return { do: 'move', direction: 'right' };
    case 'PageUp':
      return { do: 'jump', by: -PAGE };
    case 'PageDown':
      return { do: 'jump', by: PAGE };
    case 'Home':
      return { do: 'first' };
    case 'End':
      return { do: 'last' };
    case '+':
    case '=':
      return { do: 'zoom', factor: ZOOM_STEP };
    case '-':
      return { do: 'zoom', factor: 1 / ZOOM_STEP };
    case '0':
      return { do: 'fit' };
    case '1':
      return { do: 'actual' };
    case 'Enter':
      return { do: 'open' };
    case ' ':
      return { do: 'fold' };
    case 'Escape':
      return { do: 'escape' };
    case '/':
      return { do: 'search' };
    case 'n':
      return { do: 'next' };
    case 'N':
    case 'p':
      return { do: 'previous' };
    case '?':
      return { do: 'help' };
    default:
      return undefined;
  }
}

/** Finds neighbours: up and down in a column, left and right along the wires. */
export class Neighbours {
  private readonly columns: Placed[][] = [];
  private readonly rank = new Map<string, number>();
  private readonly after = new Map<string, Placed[]>();
  private readonly before = new Map<string, Placed[]>();

  constructor(layout: Layout) {
    for (const placed of layout.cards) (this.columns[placed.column] ??= []).push(placed);
    // A column that no card is in leaves a hole.
    for (const column of this.columns) {
      column?.sort((a, b) => a.y - b.y);
      column?.forEach((placed, at) => this.rank.set(placed.card.key, at));
    }
    const join = (from: Placed | undefined, to: Placed | undefined): void => {
      if (!from || !to) return;
      (this.after.get(from.card.key) ?? this.after.set(from.card.key, []).get(from.card.key)!).push(to);
      (this.before.get(to.card.key) ?? this.before.set(to.card.key, []).get(to.card.key)!).push(from);
    };
    for (const placed of layout.cards) if (placed.column === 1) join(layout.bands[placed.card.band]?.server, placed);
    for (const { wire } of layout.lines) if (wire.kind === 'flow') join(layout.byKey.get(wire.from), layout.byKey.get(wire.to));
    // Routes of a stack that is unfolded have no wire each: the head of the stack has it.
    let head: Placed | undefined;
    for (const placed of this.columns.at(-1) ?? []) {
      if (placed.card.kind === 'routes') head = placed;
      else if (placed.card.kind === 'route' && placed.card.depth > 0) for (const from of head ? (this.before.get(head.card.key) ?? []) : []) join(from, placed);
    }
  }

  /** Where an arrow leads. Of several neighbours the one last visited is taken, else the nearest. */
  step(from: Placed, direction: Direction, visited: readonly string[] = []): Placed | undefined {
    if (direction === 'up') return this.along(from, -1);
    if (direction === 'down') return this.along(from, 1);
    const all = (direction === 'right' ? this.after : this.before).get(from.card.key) ?? [];
    for (let at = visited.length - 1; at >= 0; at--) {
      const known = all.find((placed) => placed.card.key === visited[at]);
      if (known) return known;
    }
    const far = (placed: Placed): number => Math.abs(placed.y + placed.height / 2 - from.y - from.height / 2);
    return all.reduce<Placed | undefined>((best, placed) => (!best || far(placed) < far(best) ? placed : best), undefined);
  }

  /** Some cards up or down in the same column, as far as there are any. */
  along(from: Placed, by: number): Placed | undefined {
    const column = this.columns[from.column] ?? [];
    const at = (this.rank.get(from.card.key) ?? 0) + by;
    const to = column[Math.min(Math.max(at, 0), column.length - 1)];
    return to === from ? undefined : to;
  }

  /** The first or last card of the column that a card is in. */
  end(from: Placed, which: 'first' | 'last'): Placed | undefined {
    return this.columns[from.column]?.at(which === 'first' ? 0 : -1);
  }
}
