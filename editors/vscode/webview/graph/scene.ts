// What of the model is there to see: what is filtered, what is folded, which cards and wires that makes. Pure.

import type { Verdict } from '../../src/graph/map';
import type { Item, Location, Model, Route, Server, Target } from './model';

/** What a person chose to see. */
export interface Choice {
  query: string;
  /** Verdicts of locations that are shown; none: all. `null` is that of those which have none. */
  verdicts: ReadonlySet<Verdict | null>;
  /** Whether locations that go to the same place with the same verdict are one card; `undefined`: where there are many. */
  group: boolean | undefined;
  /** What was folded (true) or unfolded by hand, by key. */
  folds: ReadonlyMap<string, boolean>;
}
export type CardKind = 'server' | 'location' | 'alike' | 'target' | 'route' | 'routes';
export interface Card {
  key: string;
  kind: CardKind;
  /** What it shows; of a card that stands for several, the first. */
  item: Item;
  /** What it stands for where that is more than one: locations alike, routes folded. */
  members: Item[];
  verdict: Verdict | null;
  hits: number | null;
  band: number;
  /** How far it is indented. */
  depth: number;
  /** `undefined`: there is nothing to fold. */
  folded: boolean | undefined;
  /** Found by the search itself, not only shown because something near it was. */
  found: boolean;
  /** Shown only because something in it is. */
  context: boolean;
}
export interface Wire {
  from: string;
  to: string;
  kind: 'flow' | 'internal' | 'back';
  hits: number | null;
  labels: string[];
}
export interface Band {
  server: Card;
  locations: Card[];
  targets: { card: Card; routes: Card[] }[];
}
export interface Scene {
  bands: Band[];
  cards: Map<string, Card>;
  wires: Wire[];
  /** Cards that the search found, in the order in which they stand. */
  found: string[];
  /** Locations that are there, also those in a card that stands for several. */
  locations: number;
  grouped: boolean;
  /** From a key of the model to the card that stands for it. */
  standsFor: Map<string, string>;
}

/** From how many locations on those that are alike become one card by themselves. */
export const MANY_LOCATIONS = 60;
/** How many rows are shown before servers are folded by themselves. */
const MANY_ROWS = 500;
/** From how many on locations that are alike, and routes of one backend, are worth a card that stands for them. */
const WORTH_GROUPING = 3;
const MANY_ROUTES = 6;

export function toScene(model: Model, choice: Choice): Scene {
  const words = choice.query.toLowerCase().split(/\s+/).filter(Boolean);
  const grouped = choice.group ?? model.locations > MANY_LOCATIONS;
  const scene: Scene = { bands: [], cards: new Map(), wires: [], found: [], locations: 0, grouped, standsFor: new Map() };
  const looks = model.servers.map((server) => look(server, words, choice.verdicts));
  const filtered = words.length > 0 || choice.verdicts.size > 0;
  const rows = looks.reduce((sum, seen) => sum + countRows(seen, grouped), 0);
  const foldServers = model.servers.length > 1 && rows > MANY_ROWS;
  for (const seen of looks) {
    if (filtered && seen.locations.size === 0 && !seen.found.has(seen.server.item.key)) continue;
    addBand(scene, seen, choice, foldServers);
  }
  addLinks(scene, model);
  return scene;
}

/** What of a server passes the filters. */
interface Seen {
  server: Server;
  locations: Set<Location>;
  /** Those of them that are there only for what is nested in them. */
  context: Set<Location>;
  /** Keys of what the search found. */
  found: Set<string>;
}

function look(server: Server, words: string[], verdicts: ReadonlySet<Verdict | null>): Seen {
  const seen: Seen = { server, locations: new Set(), context: new Set(), found: new Set() };
  const matches = (item: Item): boolean => words.length > 0 && words.every((word) => item.text.includes(word));
  for (const item of [server, ...server.targets].map((one) => one.item)) if (matches(item)) seen.found.add(item.key);
  for (const target of server.targets) for (const route of target.routes) if (matches(route.item)) seen.found.add(route.item.key);
  const whole = words.length === 0 || seen.found.has(server.item.key);
  for (const location of server.locations) {
    if (verdicts.size > 0 && !verdicts.has(location.item.verdict)) continue;
    if (matches(location.item)) seen.found.add(location.item.key);
    const near = () => location.targets.some((target) => seen.found.has(target.item.key)) || [...location.routes].some((route) => seen.found.has(route.item.key));
    if (whole || seen.found.has(location.item.key) || near()) seen.locations.add(location);
  }
  for (const location of [...seen.locations]) {
    for (let above = location.parent; above && !seen.locations.has(above); above = above.parent) {
      seen.locations.add(above);
      seen.context.add(above);
    }
  }
  return seen;
}

/** A location with what is nested in it, or several that are alike. */
interface Row {
  alike: Location[] | undefined;
  locations: Location[];
}

/** What makes locations alike: where they go, and what is said of them. */
function likeness(location: Location): string {
  const goes = location.targets.length > 0 ? location.targets.map((target) => target.item.key).sort().join('') : location.item.detail;
  return `alike:${location.item.verdict ?? ''}\n${goes}\n`;
}

/** The rows of a server: those that go to the same place stand together, in the order in which the configuration has the first of each. */
function rowsOf(seen: Seen, grouped: boolean): Row[] {
  const places = new Map<string, Map<string, Row[]>>();
  for (const location of seen.server.locations) {
    if (location.parent || !seen.locations.has(location)) continue;
    const block = blockOf(location, seen.locations);
    const place = block.find((one) => one.targets.length > 0)?.targets[0]?.item.key ?? '';
    // What has others nested in it stays itself: it is never like another.
    const like = grouped && block.length === 1 ? likeness(location) : location.item.key;
    const rows = places.get(place) ?? places.set(place, new Map()).get(place)!;
    (rows.get(like) ?? rows.set(like, []).get(like)!).push({ alike: undefined, locations: block });
  }
  return [...places.values()].flatMap((rows) =>
    [...rows.values()].flatMap((same) => {
      const all = same.flatMap((row) => row.locations);
      return same.length < WORTH_GROUPING ? same : [{ alike: all, locations: all }];
    }),
  );
}

function blockOf(location: Location, shown: ReadonlySet<Location>): Location[] {
  const block: Location[] = [];
  const pending = [location];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!shown.has(next)) continue;
    block.push(next);
    for (let at = next.nested.length - 1; at >= 0; at--) pending.push(next.nested[at]!);
  }
  return block;
}

const countRows = (seen: Seen, grouped: boolean): number => rowsOf(seen, grouped).reduce((sum, row) => sum + (row.alike ? 1 : row.locations.length), 0);

function addBand(scene: Scene, seen: Seen, choice: Choice, foldServers: boolean): void {
  const { server } = seen;
  const at = scene.bands.length;
  const searched = choice.query.trim() !== '';
  // A search shows what it found, unless that was folded since.
  const folded: IsFolded = (key, by, holdsFound) => choice.folds.get(key) ?? (by && !(searched && holdsFound));
  const card: MakeCard = (kind, item, more = {}) => {
    const found = seen.found.has(item.key);
    const made: Card = { key: item.key, kind, item, members: [item], verdict: item.verdict, hits: item.hits, band: at, depth: 0, folded: undefined, found, context: false, ...more };
    scene.cards.set(made.key, made);
    // The head of a group that is unfolded does not stand for its members: they are there themselves.
    if (made.members.length === 1 || made.folded) for (const member of made.members) scene.standsFor.set(member.key, made.key);
    if (made.found) scene.found.push(made.key);
    return made;
  };
  const isFolded = server.locations.length === 0 ? undefined : folded(server.item.key, foldServers, [...seen.locations].some((one) => seen.found.has(one.item.key)));
  const band: Band = { server: card('server', server.item, { folded: isFolded }), locations: [], targets: [] };
  scene.bands.push(band);
  scene.locations += seen.locations.size - seen.context.size;
  if (isFolded) {
    for (const location of server.locations) scene.standsFor.set(location.item.key, band.server.key);
    for (const target of server.targets) {
      scene.standsFor.set(target.item.key, band.server.key);
      for (const route of target.routes) scene.standsFor.set(route.item.key, band.server.key);
    }
    return;
  }
  const one = (location: Location, indent: number): void => {
    band.locations.push(card('location', location.item, { depth: location.depth + indent, context: seen.context.has(location) }));
  };
  for (const row of rowsOf(seen, scene.grouped)) {
    const [first] = row.locations;
    if (!row.alike || !first) {
      for (const location of row.locations) one(location, 0);
      continue;
    }
    const key = `${server.item.key}\n${likeness(first)}`;
    const members = row.alike.map((location) => location.item);
    const found = members.some((member) => seen.found.has(member.key));
    const together = folded(key, true, found);
    band.locations.push(card('alike', first.item, { key, members, hits: sum(members.map((member) => member.hits)), folded: together, found: together && found }));
    if (!together) for (const location of row.alike) one(location, 1);
  }
  addTargets(scene, seen, band, card, folded, choice);
}

type MakeCard = (kind: CardKind, item: Item, more?: Partial<Card>) => Card;
type IsFolded = (key: string, by: boolean, holdsFound: boolean) => boolean;

function addTargets(scene: Scene, seen: Seen, band: Band, card: MakeCard, folded: IsFolded, choice: Choice): void {
  const { server } = seen;
  for (const target of server.targets) {
    const users = target.users.filter((user) => seen.locations.has(user) && !seen.context.has(user));
    // What stands below the server itself has no location to be used by.
    if (users.length === 0 && target.users.length > 0) continue;
    const routes = visibleRoutes(target, seen, choice);
    const shown = card('target', target.item);
    const stack: Card[] = [];
    const flow = new Map<string, Wire>();
    for (const user of users) addFlow(scene, flow, scene.standsFor.get(user.item.key), shown.key, user.item.hits);
    if (target.users.length === 0) addFlow(scene, flow, band.server.key, shown.key, null);
    if (routes.length > 0) {
      const key = `${target.item.key}routes\n`;
      const many = routes.length > MANY_ROUTES;
      const together = many && folded(key, true, routes.some((route) => seen.found.has(route.item.key)));
      if (many) {
        const items = routes.map((route) => route.item);
        const found = together && items.some((item) => seen.found.has(item.key));
        stack.push(card('routes', target.item, { key, members: items, verdict: null, hits: sum(items.map((item) => item.hits)), folded: together, found }));
        addFlow(scene, flow, shown.key, key, null);
      }
      if (!together) {
        for (const route of routes) {
          stack.push(card('route', route.item, { depth: many ? 1 : 0 }));
          if (!many) addFlow(scene, flow, shown.key, route.item.key, route.item.hits);
        }
      }
    }
    band.targets.push({ card: shown, routes: stack });
  }
}

/** The routes of a backend that what is seen gets to; while searching only those that were found, where there are any. */
function visibleRoutes(target: Target, seen: Seen, choice: Choice): Route[] {
  const all = seen.locations.size === seen.server.locations.length;
  const reached = target.routes.filter((route) => all || route.users.size === 0 || [...route.users].some((user) => seen.locations.has(user)));
  const found = choice.query.trim() === '' ? [] : reached.filter((route) => seen.found.has(route.item.key));
  return found.length > 0 ? found : reached;
}

/** A wire between two cards; one that is there already gets more hits. */
function addFlow(scene: Scene, known: Map<string, Wire>, from: string | undefined, to: string, hits: number | null): void {
  if (from === undefined) return;
  const name = `${from}\n${to}`;
  const before = known.get(name);
  if (before) {
    if (hits !== null) before.hits = (before.hits ?? 0) + hits;
    return;
  }
  const wire: Wire = { from, to, kind: 'flow', hits, labels: [] };
  known.set(name, wire);
  scene.wires.push(wire);
}

function addLinks(scene: Scene, model: Model): void {
  const known = new Map<string, Wire>();
  for (const link of model.links) {
    const [from, to] = [model.byId.get(link.from), model.byId.get(link.to)].map((item) => (item ? scene.standsFor.get(item.key) : undefined));
    if (from === undefined || to === undefined || from === to) continue;
    const name = `${link.kind}\n${from}\n${to}`;
    const wire = known.get(name) ?? { from, to, kind: link.kind, hits: null, labels: [] };
    if (!known.has(name)) scene.wires.push(wire);
    known.set(name, wire);
    if (link.label !== '' && !wire.labels.includes(link.label)) wire.labels.push(link.label);
  }
}

/** The sum of what is known; `null` where nothing is. */
function sum(hits: (number | null)[]): number | null {
  const known = hits.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
}
