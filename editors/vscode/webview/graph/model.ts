// The gateway map as the graph needs it: servers with their locations in a row, and what they lead to made one within each server. Pure.

import type { GatewayMap, MapLink, MapNode, Verdict } from '../../src/graph/map';

/** What a card shows, whether it stands for one node of the map or for the same upstream below many locations. */
export interface Item {
  /** Stays the same when the configuration is read anew, as the map's ids do that it is made of. */
  key: string;
  kind: MapNode['kind'];
  label: string;
  detail: string;
  hits: number | null;
  verdict: Verdict | null;
  why: string[];
  /** The map's nodes that it stands for; the first is the one that is opened. */
  nodes: MapNode[];
  /** Label and detail in small letters, for the search. */
  text: string;
}
export interface Location {
  item: Item;
  parent: Location | undefined;
  depth: number;
  nested: Location[];
  targets: Target[];
  routes: Set<Route>;
}
/** What stands right below a location and is none: mostly an upstream. */
export interface Target {
  item: Item;
  users: Location[];
  routes: Route[];
}
export interface Route {
  item: Item;
  target: Target;
  users: Set<Location>;
}
export interface Server {
  item: Item;
  /** Each before those that are nested in it. */
  locations: Location[];
  targets: Target[];
}
export interface Model {
  configuration: string;
  note: string | null;
  servers: Server[];
  links: MapLink[];
  /** Every item by the ids of the nodes that it stands for. */
  byId: Map<string, Item>;
  byKey: Map<string, Item>;
  /** Where an item stands. */
  serverOf: Map<string, Server>;
  locationOf: Map<string, Location>;
  targetOf: Map<string, Target>;
  routeOf: Map<string, Route>;
  verdicts: Map<Verdict | null, number>;
  locations: number;
  routes: number;
  targets: number;
  mostHits: number;
}

export function toModel(map: GatewayMap): Model {
  const model: Model = {
    configuration: map.configuration,
    note: map.note,
    servers: [],
    links: map.links,
    byId: new Map(),
    byKey: new Map(),
    serverOf: new Map(),
    locationOf: new Map(),
    targetOf: new Map(),
    routeOf: new Map(),
    verdicts: new Map(),
    locations: 0,
    routes: 0,
    targets: 0,
    mostHits: 0,
  };
  for (const node of map.nodes) if (node.kind === 'server') addServer(model, node);
  return model;
}

function addServer(model: Model, node: MapNode): void {
  const server: Server = { item: toItem(model, node.id, node), locations: [], targets: [] };
  model.servers.push(server);
  model.serverOf.set(server.item.key, server);
  const targets = new Map<string, Target>();
  const routes = new Map<string, Route>();
  const pending = node.children.map((child) => ({ node: child, above: undefined as Location | undefined })).reverse();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node: child, above } = next;
    if (child.kind !== 'location') {
      addTarget(model, server, targets, routes, child, above);
      continue;
    }
    const item = toItem(model, child.id, child);
    const location: Location = { item, parent: above, depth: above ? above.depth + 1 : 0, nested: [], targets: [], routes: new Set() };
    above?.nested.push(location);
    server.locations.push(location);
    model.serverOf.set(item.key, server);
    model.locationOf.set(item.key, location);
    model.locations += 1;
    model.verdicts.set(item.verdict, (model.verdicts.get(item.verdict) ?? 0) + 1);
    for (let at = child.children.length - 1; at >= 0; at--) pending.push({ node: child.children[at]!, above: location });
  }
}

function addTarget(model: Model, server: Server, targets: Map<string, Target>, routes: Map<string, Route>, node: MapNode, user: Location | undefined): void {
  const key = `${server.item.key}\n${node.kind}:${node.label}\n${node.detail}\n`;
  let target = targets.get(key);
  if (target) {
    merge(model, target.item, node);
  } else {
    target = { item: toItem(model, key, node), users: [], routes: [] };
    targets.set(key, target);
    server.targets.push(target);
    model.serverOf.set(key, server);
    model.targetOf.set(key, target);
    model.targets += 1;
  }
  if (user && !user.targets.includes(target)) {
    user.targets.push(target);
    target.users.push(user);
  }
  // Whatever stands below is a route of it, however deep.
  const pending = [...node.children].reverse();
  for (let child = pending.pop(); child; child = pending.pop()) {
    const routeKey = `${key}${child.kind}:${child.label}\n`;
    let route = routes.get(routeKey);
    if (route) {
      merge(model, route.item, child);
    } else {
      route = { item: toItem(model, routeKey, child), target, users: new Set() };
      routes.set(routeKey, route);
      target.routes.push(route);
      model.serverOf.set(routeKey, server);
      model.routeOf.set(routeKey, route);
      model.routes += 1;
    }
    if (user) {
      route.users.add(user);
      user.routes.add(route);
    }
    for (let at = child.children.length - 1; at >= 0; at--) pending.push(child.children[at]!);
  }
}

function toItem(model: Model, key: string, node: MapNode): Item {
  const { kind, label, detail, hits, verdict, why } = node;
  const item: Item = { key, kind, label, detail, hits, verdict, why: [...why], nodes: [node], text: `${label}\n${detail}`.toLowerCase() };
  model.byId.set(node.id, item);
  model.byKey.set(key, item);
  if (kind === 'location') model.mostHits = Math.max(model.mostHits, hits ?? 0);
  return item;
}

/** Between what several nodes say of the same item. */
const BETWEEN = '; ';

/** One more node for the same item: what is not said of all of them is not said of it. */
function merge(model: Model, item: Item, node: MapNode): void {
  item.nodes.push(node);
  model.byId.set(node.id, item);
  if (node.hits !== null) item.hits = (item.hits ?? 0) + node.hits;
  if (node.verdict !== item.verdict) item.verdict = null;
  item.why = item.why.filter((reason) => node.why.includes(reason));
  if (node.detail !== '' && !item.detail.split(BETWEEN).includes(node.detail)) item.detail = [item.detail, node.detail].filter(Boolean).join(BETWEEN);
  item.text = `${item.label}\n${item.detail}`.toLowerCase();
}
