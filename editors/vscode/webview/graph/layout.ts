// Where everything stands: servers in bands one below the other, and in each a column for its locations, one for what they lead to, one for routes. Pure.

import type { Card, CardKind, Scene, Wire } from './scene';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Placed extends Box {
  card: Card;
  column: number;
}
/** A line between two cards, as an SVG path, with the heights that it is between. */
export interface Line {
  wire: Wire;
  path: string;
  top: number;
  bottom: number;
  /** Where its label stands. */
  at: { x: number; y: number };
}
export interface Layout {
  cards: Placed[];
  byKey: Map<string, Placed>;
  bands: (Box & { server: Placed; trunk: { x: number; top: number; bottom: number } | undefined })[];
  /** From a server or a location to each that is below it. */
  twigs: { path: string; top: number; bottom: number; to: string }[];
  lines: Line[];
  width: number;
  height: number;
  /** How many steps it took, for the test that this stays in proportion. */
  work: number;
}

export const SIZES: Record<CardKind, { width: number; height: number }> = {
  server: { width: 240, height: 54 },
  location: { width: 300, height: 30 },
  alike: { width: 300, height: 30 },
  target: { width: 230, height: 46 },
  route: { width: 270, height: 28 },
  routes: { width: 270, height: 28 },
};
const COLUMN: Record<CardKind, number> = { server: 0, location: 1, alike: 1, target: 2, route: 3, routes: 3 };
const PADDING = 14;
const BETWEEN_BANDS = 36;
/** A server that is folded needs less: many of them are a list. */
const FOLDED = { padding: 6, between: 8 };
const INDENT = 18;
/** An indented card keeps at least this width: deeper ones are not indented further. */
const NARROWEST = 190;
const GAP = 6;
/** Between rows that lead to different places. */
const GROUP_GAP = 16;
const TRUNK = 44;
/** The gap in which the wires run, and where in it links between locations have their lane. */
const WIRES = 150;
const ROUTE_WIRES = 64;

const X = [
  PADDING,
  PADDING + SIZES.server.width + TRUNK,
  PADDING + SIZES.server.width + TRUNK + SIZES.location.width + WIRES,
  PADDING + SIZES.server.width + TRUNK + SIZES.location.width + WIRES + SIZES.target.width + ROUTE_WIRES,
] as const;

export function toLayout(scene: Scene): Layout {
  const layout: Layout = { cards: [], byKey: new Map(), bands: [], twigs: [], lines: [], width: 0, height: 0, work: 0 };
  const users = usersOf(scene, layout);
  const last = lastColumn(scene);
  // Beside a folded server stands how its locations divide.
  const width = X[Math.max(1, last)]! + [SIZES.server, SIZES.location, SIZES.target, SIZES.route][Math.max(1, last)]!.width + PADDING;
  let top = 0;
  let wasFolded = true;
  for (const band of scene.bands) {
    const folded = band.server.folded === true;
    if (layout.bands.length > 0) top += folded && wasFolded ? FOLDED.between : BETWEEN_BANDS;
    const padding = folded ? FOLDED.padding : PADDING;
    const inner = top + padding;
    const server = place(layout, band.server, inner);
    let bottom = Math.max(server.y + server.height, placeLocations(layout, band.locations, users, inner));
    bottom = Math.max(bottom, placeTargets(layout, band.targets, users, inner));
    const height = bottom + padding - top;
    layout.bands.push({ x: 0, y: top, width, height, server, trunk: addTwigs(layout, server, band.locations) });
    top += height;
    wasFolded = folded;
  }
  layout.width = width;
  layout.height = top;
  for (const wire of scene.wires) addLine(layout, wire);
  return layout;
}

function lastColumn(scene: Scene): number {
  let last = 0;
  for (const card of scene.cards.values()) last = Math.max(last, COLUMN[card.kind]);
  return last;
}

/** The cards that lead to a target, by its key, and the first target of a card, by its. */
function usersOf(scene: Scene, layout: Layout): { users: Map<string, string[]>; first: Map<string, string> } {
  const users = new Map<string, string[]>();
  const first = new Map<string, string>();
  for (const { from, to, kind } of scene.wires) {
    layout.work += 1;
    if (kind !== 'flow') continue;
    (users.get(to) ?? users.set(to, []).get(to)!).push(from);
    if (!first.has(from)) first.set(from, to);
  }
  return { users, first };
}

function place(layout: Layout, card: Card, y: number): Placed {
  const { width, height } = SIZES[card.kind];
  const indent = Math.min(card.depth * INDENT, width - NARROWEST);
  const column = COLUMN[card.kind];
  const placed: Placed = { card, column, x: X[column]! + indent, y, width: width - indent, height };
  layout.cards.push(placed);
  layout.byKey.set(card.key, placed);
  layout.work += 1;
  return placed;
}

function placeLocations(layout: Layout, cards: Card[], { first }: { first: Map<string, string> }, top: number): number {
  let y = top;
  let before: string | undefined;
  for (const card of cards) {
    const goes = first.get(card.key);
    // What is nested belongs to what it is nested in, wherever it leads.
    if (y > top) y += card.depth === 0 && goes !== before ? GROUP_GAP : GAP;
    if (card.depth === 0) before = goes;
    y += place(layout, card, y).height;
  }
  return y;
}

function placeTargets(layout: Layout, targets: { card: Card; routes: Card[] }[], { users }: { users: Map<string, string[]> }, top: number): number {
  const blocks = targets.map(({ card, routes }, order) => {
    const stack = routes.reduce((sum, route) => sum + SIZES[route.kind].height + GAP, -GAP);
    const height = Math.max(SIZES.target.height, stack);
    const from = (users.get(card.key) ?? []).flatMap((key) => layout.byKey.get(key) ?? []);
    layout.work += from.length + routes.length;
    const middle = from.length === 0 ? top : from.reduce((sum, user) => sum + user.y + user.height / 2, 0) / from.length;
    return { card, routes, order, stack, height, wanted: middle - height / 2 };
  });
  blocks.sort((a, b) => a.wanted + a.height / 2 - (b.wanted + b.height / 2) || a.order - b.order);
  const tops = spread(blocks, top, GROUP_GAP);
  layout.work += blocks.length * Math.ceil(Math.log2(blocks.length + 1));
  let bottom = top;
  blocks.forEach((block, at) => {
    const y = tops[at]!;
    place(layout, block.card, y + (block.height - SIZES.target.height) / 2);
    let next = y + (block.height - Math.max(0, block.stack)) / 2;
    for (const route of block.routes) next += place(layout, route, next).height + GAP;
    bottom = Math.max(bottom, y + block.height);
  });
  return bottom;
}

/**
 * The tops of blocks that keep their order, do not overlap, begin at `top` or below, and are together as near to where each wants to be as that allows:
 * blocks that are in each other's way become one that stands at the mean of what its parts want.
 */
export function spread(blocks: readonly { wanted: number; height: number }[], top: number, gap: number): number[] {
  const offsets: number[] = [];
  const pools: { sum: number; count: number }[] = [];
  let offset = 0;
  for (const { wanted, height } of blocks) {
    offsets.push(offset);
    let pool = { sum: wanted - offset, count: 1 };
    for (let before = pools.at(-1); before && before.sum / before.count >= pool.sum / pool.count; before = pools.at(-1)) {
      pools.pop();
      pool = { sum: before.sum + pool.sum, count: before.count + pool.count };
    }
    pools.push(pool);
    offset += height + gap;
  }
  const starts = pools.flatMap(({ sum, count }) => Array<number>(count).fill(Math.max(top, sum / count)));
  return offsets.map((own, at) => starts[at]! + own);
}

/** The trunk from a server along its locations, with a twig to each; those that are nested hang on the one that they are nested in. */
function addTwigs(layout: Layout, server: Placed, cards: Card[]): Layout['bands'][number]['trunk'] {
  const x = X[1]! - TRUNK / 2;
  const above: Placed[] = [];
  let top = server.y + server.height / 2;
  let bottom: number | undefined;
  for (const card of cards) {
    const placed = layout.byKey.get(card.key)!;
    const y = placed.y + placed.height / 2;
    above.length = Math.min(above.length, card.depth);
    const parent = above.at(-1);
    above.push(placed);
    layout.work += 1;
    if (!parent) {
      top = Math.min(top, y);
      bottom = Math.max(y, server.y + server.height / 2);
      layout.twigs.push({ path: `M${x} ${y}H${placed.x}`, top: y, bottom: y, to: card.key });
    } else {
      const from = parent.x + INDENT / 2;
      const start = parent.y + parent.height;
      layout.twigs.push({ path: `M${from} ${start}V${y}H${placed.x}`, top: start, bottom: y, to: card.key });
    }
  }
  return bottom === undefined ? undefined : { x, top, bottom };
}

function addLine(layout: Layout, wire: Wire): void {
  const [from, to] = [layout.byKey.get(wire.from), layout.byKey.get(wire.to)];
  layout.work += 1;
  if (!from || !to) return;
  const [y1, y2] = [from.y + from.height / 2, to.y + to.height / 2];
  layout.lines.push({ wire, ...draw(layout, wire, from, y1, to, y2) });
}

function draw(layout: Layout, wire: Wire, from: Placed, y1: number, to: Placed, y2: number): Drawn {
  if (wire.kind === 'flow') return flow(from, y1, to, y2);
  if (from.column > 0) return to.column === 0 ? aroundTo(layout, from, y1, to) : arc(from, y1, to, y2);
  return to.column === 0 ? beside(from, y1, to, y2) : flow(from, y1, to, y2);
}

type Drawn = Omit<Line, 'wire'>;

function flow(from: Placed, y1: number, to: Placed, y2: number): Drawn {
  const [x1, x2] = [from.x + from.width, to.x];
  const bend = Math.min((x2 - x1) / 2, 70);
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  return { path, top: Math.min(y1, y2), bottom: Math.max(y1, y2), at: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 } };
}

/** An arc in the gap beside the locations; the longer the way, the further out, so that arcs to the same place do not lie on each other. */
function arc(from: Placed, y1: number, to: Placed, y2: number): Drawn {
  const lane = X[1]! + SIZES.location.width;
  const bulge = lane + Math.min(WIRES - 30, 24 + Math.abs(y2 - y1) / 5);
  const x1 = from.column > 1 ? from.x : from.x + from.width;
  const x2 = to.column > 1 ? to.x : to.x + to.width;
  const path = `M${x1} ${y1}C${bulge} ${y1} ${bulge} ${y2} ${x2} ${y2}`;
  return { path, top: Math.min(y1, y2), bottom: Math.max(y1, y2), at: { x: bulge - 10, y: (y1 + y2) / 2 } };
}

/** From server to server, where what is in them is folded away: on their left. */
function beside(from: Placed, y1: number, to: Placed, y2: number): Drawn {
  const bulge = from.x - Math.min(70, 20 + Math.abs(y2 - y1) / 8);
  const path = `M${from.x} ${y1}C${bulge} ${y1} ${bulge} ${y2} ${to.x} ${y2}`;
  return { path, top: Math.min(y1, y2), bottom: Math.max(y1, y2), at: { x: bulge, y: (y1 + y2) / 2 } };
}

/** To a server from the right of all that is above it: into the space between the bands, along it, and down onto its card. */
function aroundTo(layout: Layout, from: Placed, y1: number, to: Placed): Drawn {
  const x1 = from.column > 1 ? from.x : from.x + from.width;
  const lane = X[1]! + SIZES.location.width + WIRES / 2;
  const between = layout.bands[to.card.band]!.y - BETWEEN_BANDS / 2;
  const x2 = to.x + to.width / 2;
  const turn = 10;
  const [side, down] = [Math.sign(lane - x1) * turn, Math.sign(between - y1) * turn];
  const path =
    `M${x1} ${y1}H${lane - side}Q${lane} ${y1} ${lane} ${y1 + down}V${between - down}Q${lane} ${between} ${lane - turn} ${between}` +
    `H${x2 + turn}Q${x2} ${between} ${x2} ${between + turn}V${to.y}`;
  return { path, top: Math.min(y1, between), bottom: Math.max(y1, to.y), at: { x: (lane + x2) / 2, y: between } };
}
