// Makes maps for the tests of the graph: as large as asked for, the same every time.

import type { GatewayMap, MapNode, Verdict } from '../src/graph/map';

/** Numbers that look like chance, and are the same in every run. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SERVICES = ['accounts', 'billing', 'catalogue', 'checkout', 'documents', 'events', 'identity', 'inventory', 'ledger', 'media', 'notifications', 'orders', 'pricing', 'reports', 'search', 'shipping'];
const FRAMEWORKS = ['Express', 'FastAPI', 'Spring Boot', 'Rails', 'Gin', 'Laravel'];
const THINGS = ['items', 'users', 'lists', 'export', 'import', 'status', 'batch', 'archive', 'settings', 'tokens', 'sessions', 'webhooks'];

/** A gateway with about so many locations, twenty or so to a server. */
export function makeMap(locations: number, seed = 7): GatewayMap {
  const random = chance(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const map: GatewayMap = { version: 1, configuration: 'conf/nginx.conf', nodes: [], links: [], note: null };
  let left = locations;
  for (let number = 0; left > 0; number++) {
    const server = node('server', '', `${pick(SERVICES)}.${number}.example.com:443`, `https://${number}.example.com`, number * 1000);
    map.nodes.push(server);
    const here = Math.min(left, 8 + Math.floor(random() * 34));
    left -= here;
    const services = Array.from({ length: 2 + Math.floor(random() * 4) }, () => pick(SERVICES));
    let sum = 0;
    const auth = node('location', server.id, '= /auth', '', number * 1000 + 1);
    for (let at = 0; at < here; at++) {
      const location = at === 0 ? auth : makeLocation(server.id, number * 1000 + 2 + at, at, services);
      sum += location.hits ?? 0;
      server.children.push(location);
      if (at > 0 && random() < 0.25) map.links.push({ from: location.id, to: auth.id, kind: 'internal', label: 'auth_request' });
      if (at > 0 && random() < 0.1) {
        const nested = node('location', location.id, `~ ^${location.label.split(' ').at(-1)}/v\\d+/${pick(THINGS)}$`, '', number * 1000 + 500 + at);
        nested.verdict = pick<Verdict>(['in-use', 'probably-unused']);
        nested.hits = nested.verdict === 'in-use' ? Math.floor(random() * 500) : 0;
        nested.children.push(...makeUpstream(nested.id, pick(services), nested.label));
        location.children.push(nested);
        at += 1;
      }
    }
    server.hits = sum;
  }
  const [first, second] = map.nodes;
  const pass = first?.children.find((location) => location.children.length > 0)?.children[0];
  if (pass && second) map.links.push({ from: pass.id, to: second.id, kind: 'back', label: 'proxy_pass' });
  return map;

  function makeLocation(above: string, line: number, at: number, services: string[]): MapNode {
    const service = pick(services);
    const path = `/${service}/v${1 + Math.floor(random() * 3)}/${pick(THINGS)}-${at}`;
    const location = node('location', above, random() < 0.2 ? `~ ^${path}/[^/]+$` : random() < 0.3 ? `= ${path}` : `${path}/`, '', line);
    const roll = random();
    location.verdict = roll < 0.62 ? 'in-use' : roll < 0.8 ? 'probably-unused' : roll < 0.9 ? 'to-check' : roll < 0.95 ? 'dead' : null;
    location.hits = location.verdict === 'in-use' ? Math.floor(10 ** (random() * 5.5)) : location.verdict === null ? null : 0;
    location.why = location.verdict === 'dead' ? [`${path} is served by another location`] : location.verdict === 'in-use' ? ['requests in access.log'] : ['no request in 30 days', 'nothing that is in use refers to it'];
    if (random() < 0.12) location.detail = pick(['return 404', 'return 301 https://www.example.com$request_uri', 'root /var/www/html', 'content_by_lua_file lua/limits.lua']);
    else location.children.push(...makeUpstream(location.id, service, path));
    return location;
  }

  function makeUpstream(above: string, service: string, path: string): MapNode[] {
    const upstream = node('upstream', above, `${service}_backend`, `service ${service}, ./${service}, ${FRAMEWORKS[service.length % FRAMEWORKS.length]}`, 5);
    if (random() < 0.5) {
      upstream.children.push(node('route', upstream.id, `GET /${path.split('/').slice(2).join('/')}/{id}`, `${service}/src/routes.ts:${10 + Math.floor(random() * 200)}`, 9));
      if (random() < 0.3) upstream.children.push(node('route', upstream.id, `POST /${path.split('/').slice(2).join('/')}`, `${service}/src/routes.ts:${10 + Math.floor(random() * 200)}`, 9));
    }
    return [upstream];
  }
}

/** A node of a map, at a line of its own. */
export function node(kind: MapNode['kind'], above: string, label: string, detail: string, line: number): MapNode {
  const at = { line, character: 4 };
  return {
    id: `${above} > ${kind} ${label}`,
    kind,
    label,
    detail,
    place: { uri: 'file:///gateway/conf/nginx.conf', range: { start: at, end: { line, character: 30 } } },
    hits: null,
    verdict: null,
    why: [],
    children: [],
  };
}
