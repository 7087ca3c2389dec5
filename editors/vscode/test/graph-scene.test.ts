import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readMap, type GatewayMap, type MapNode, type Verdict } from '../src/graph/map';
import { toModel } from '../webview/graph/model';
import { related } from '../webview/graph/related';
import { toScene, type Choice, type Scene } from '../webview/graph/scene';
import { common, full, share, short, wordsOf } from '../webview/graph/words';
import { makeMap, node } from './graph-map';

const ALL: Choice = { query: '', verdicts: new Set(), group: undefined, folds: new Map() };
const founding = toModel(readMap(JSON.parse(fs.readFileSync(path.join(__dirname, 'oauth2-gateway.map.json'), 'utf8')))!);

/** One server with locations, each as `label verdict upstream`. */
function small(...locations: [label: string, verdict: Verdict | null, upstream?: string][]): GatewayMap {
  const server = node('server', '', 'a.example.com:80', '', 0);
  locations.forEach(([label, verdict, upstream], at) => {
    const location = node('location', server.id, label, upstream ? `proxy_pass http://${upstream}` : 'return 204', at + 1);
    location.verdict = verdict;
    location.hits = at;
    if (upstream) location.children.push(node('upstream', location.id, upstream, 'service x', 9));
    server.children.push(location);
  });
  return { version: 1, configuration: 'nginx.conf', nodes: [server], links: [], note: null };
}
const labels = (scene: Scene): string[] => scene.bands.flatMap((band) => band.locations.map((card) => card.item.label));

test('an upstream is one card in each server, whoever leads to it', () => {
  const [server] = founding.servers;
  assert.deepEqual(
    server?.targets.map((target) => [target.item.label, target.users.length, target.item.nodes.length]),
    [['openresty_internal', 8, 8], ['oauth2_proxy_backend', 3, 3]],
  );
  assert.deepEqual([founding.locations, founding.verdicts.get('dead'), founding.verdicts.get(null)], [44, 1, 2]);
});

test('of an upstream only that is said which is said of it everywhere', () => {
  const map = small(['/a', 'in-use', 'x'], ['/b', 'dead', 'x']);
  const [first, second] = map.nodes[0]!.children.map((location) => location.children[0]!) as [MapNode, MapNode];
  first.why = ['open', 'sure'];
  second.why = ['no request gets to it', 'open'];
  first.verdict = 'in-use';
  const [target] = toModel(map).servers[0]!.targets;
  assert.deepEqual([target!.item.why, target!.item.verdict], [['open'], null]);
});

test('locations that lead to the same place stand together, else in the order of the configuration', () => {
  const scene = toScene(toModel(small(['/1', null, 'x'], ['/2', null, 'y'], ['/3', null], ['/4', null, 'x'], ['/5', null])), ALL);
  assert.deepEqual(labels(scene), ['/1', '/4', '/2', '/3', '/5']);
});

test('alike is what leads to the same place with the same verdict, from three on', () => {
  const model = toModel(small(['/1', 'in-use', 'x'], ['/2', 'in-use', 'x'], ['/3', 'dead', 'x'], ['/4', 'in-use', 'x'], ['/5', 'in-use', 'y'], ['/6', 'in-use', 'y']));
  const scene = toScene(model, { ...ALL, group: true });
  const [alike, ...others] = scene.bands[0]!.locations;
  assert.deepEqual([alike!.kind, alike!.members.map((member) => member.label), alike!.hits, alike!.folded], ['alike', ['/1', '/2', '/4'], 4, true]);
  assert.deepEqual(others.map((card) => card.item.label), ['/3', '/5', '/6']);
  // The card has the wire of those that it stands for, with all of their requests.
  assert.deepEqual(scene.wires.filter((wire) => wire.from === alike!.key).map((wire) => [scene.cards.get(wire.to)?.item.label, wire.hits]), [['x', 4]]);
  const unfolded = toScene(model, { ...ALL, group: true, folds: new Map([[alike!.key, false]]) });
  assert.deepEqual(unfolded.bands[0]!.locations.map((card) => [card.kind, card.depth]), [['alike', 0], ['location', 1], ['location', 1], ['location', 1], ['location', 0], ['location', 0], ['location', 0]]);
  assert.equal(unfolded.wires.filter((wire) => wire.from === alike!.key).length, 0);
});

test('what has others nested in it is never like another', () => {
  const map = small(['/1', 'in-use', 'x'], ['/2', 'in-use', 'x'], ['/3', 'in-use', 'x'], ['/4', 'in-use', 'x']);
  const outer = map.nodes[0]!.children[1]!;
  outer.children.unshift(node('location', outer.id, '/2/in', '', 9));
  const scene = toScene(toModel(map), { ...ALL, group: true });
  assert.deepEqual(scene.bands[0]!.locations.map((card) => [card.kind, card.item.label, card.depth]), [['alike', '/1', 0], ['location', '/2', 0], ['location', '/2/in', 1]]);
});

test('few locations are all shown, many are grouped, very many are folded by server', () => {
  assert.equal(toScene(founding, ALL).grouped, false);
  const large = toScene(toModel(makeMap(300)), ALL);
  assert.ok(large.grouped && large.bands.every((band) => band.server.folded === false));
  assert.ok(large.bands.reduce((sum, band) => sum + band.locations.length, 0) < 250);
  const huge = toScene(toModel(makeMap(2000)), ALL);
  assert.ok(huge.bands.every((band) => band.server.folded && band.locations.length === 0));
  const [first] = huge.bands;
  const opened = toScene(toModel(makeMap(2000)), { ...ALL, folds: new Map([[first!.server.key, false]]) });
  assert.ok(opened.bands[0]!.locations.length > 0 && opened.bands[1]!.locations.length === 0);
});

test('every node is shown by a card, folded or not', () => {
  for (const size of [300, 2000]) {
    const model = toModel(makeMap(size));
    const scene = toScene(model, ALL);
    for (const item of model.byKey.values()) assert.ok(scene.cards.has(scene.standsFor.get(item.key) ?? ''), item.key);
  }
});

test('a filter by verdict leaves those locations, what they are in, and where they lead', () => {
  const dead = toScene(founding, { ...ALL, verdicts: new Set(['dead']) });
  assert.deepEqual(labels(dead), ['/admin/']);
  assert.deepEqual(dead.bands.map((band) => [band.server.item.label, band.targets.map((target) => target.card.item.label)]), [['localhost:8080', ['litellm_backend']]]);
  const two = toScene(founding, { ...ALL, verdicts: new Set(['dead', 'to-check']) });
  assert.equal(two.locations, 4);
  assert.equal(toScene(founding, { ...ALL, verdicts: new Set([null]) }).locations, 2);
});

test('what is nested keeps what it is in, which does not count', () => {
  const map = small(['/out', 'in-use', 'x']);
  const outer = map.nodes[0]!.children[0]!;
  const inner = node('location', outer.id, '/out/in', '', 9);
  inner.verdict = 'dead';
  outer.children.push(inner);
  const scene = toScene(toModel(map), { ...ALL, verdicts: new Set(['dead']) });
  assert.deepEqual(scene.bands[0]!.locations.map((card) => [card.item.label, card.context]), [['/out', true], ['/out/in', false]]);
  assert.equal(scene.locations, 1);
  assert.equal(scene.bands[0]!.targets.length, 0);
});

test('a search finds words anywhere, in any order and case, and what leads there', () => {
  const scene = toScene(founding, { ...ALL, query: 'ADMIN api' });
  assert.deepEqual(labels(scene).sort(), ['= /api/admin/export', '= /api/admin/manage', '= /api/admin/manage', '~ ^/api/admin/(tokens|sessions)', '~ ^/api/admin/sessions', '~ ^/api/admin/tokens']);
  assert.equal(scene.found.length, 6);
  // A route brings the locations that get to it, and only the routes that were found.
  const route = toScene(founding, { ...ALL, query: 'sign_out' });
  assert.deepEqual(labels(route), ['/oauth2/']);
  assert.deepEqual(route.bands[0]!.targets.flatMap((target) => target.routes.map((card) => card.item.label)), ['any /oauth2/sign_out']);
  // A server's name brings all of it.
  assert.equal(toScene(founding, { ...ALL, query: 'localhost:8080 nothing' }).bands.length, 0);
  assert.equal(toScene(founding, { ...ALL, query: 'gateway.example' }).locations, 16);
});

test('a search shows what it found in what was folded by itself, but not in what was folded by hand', () => {
  const model = toModel(makeMap(2000));
  const name = [...model.locationOf.values()].at(-1)!.item.label;
  const scene = toScene(model, { ...ALL, query: name });
  assert.ok(labels(scene).includes(name) && scene.found.length > 0);
  const server = scene.bands.at(-1)!.server.key;
  assert.ok(!labels(toScene(model, { ...ALL, query: name, folds: new Map([[server, true]]) })).includes(name));
});

test('links go between what is shown, each once, with all that they are called', () => {
  const scene = toScene(founding, ALL);
  const internal = scene.wires.filter((wire) => wire.kind === 'internal');
  assert.equal(internal.length, 16);
  assert.deepEqual(
    scene.wires.filter((wire) => wire.kind === 'back').map((wire) => [scene.cards.get(wire.from)?.item.label, scene.cards.get(wire.to)?.kind]).slice(0, 2),
    [['openresty_internal', 'server'], ['openresty_internal', 'location']],
  );
  const folded = toScene(founding, { ...ALL, folds: new Map(founding.servers.map((server) => [server.item.key, true])) });
  assert.deepEqual(folded.wires.map((wire) => [wire.kind, folded.cards.get(wire.to)?.item.label]), [['back', 'localhost:8080']]);
  const map = small(['/a', null], ['/b', null]);
  const [a, b] = map.nodes[0]!.children.map((location) => location.id) as [string, string];
  map.links = [{ from: a, to: b, kind: 'internal', label: 'error_page' }, { from: a, to: b, kind: 'internal', label: 'try_files' }, { from: a, to: 'gone', kind: 'internal', label: 'rewrite' }];
  assert.deepEqual(toScene(toModel(map), ALL).wires.map((wire) => wire.labels), [['error_page', 'try_files']]);
});

test('what belongs to a location are its routes, not those of its neighbours', () => {
  const scene = toScene(founding, { ...ALL, folds: new Map() });
  const location = [...founding.locationOf.values()].find((one) => one.item.label === '= /oauth2/auth')!;
  const all = related(founding, scene, location.item.key);
  assert.ok(all.cards.has(location.targets[0]!.item.key));
  assert.ok(![...all.wires].some((wire) => wire.kind === 'flow' && wire.from !== location.item.key && wire.to === location.targets[0]!.item.key));
  const target = location.targets[0]!.item.key;
  assert.equal([...related(founding, scene, target).wires].filter((wire) => wire.kind === 'flow' && wire.to === target).length, 3);
});

test('hostile labels stay labels', () => {
  const label = '<img src=x onerror=alert(1)>\n"\u202e__proto__ constructor';
  const map = small([label, 'in-use', '__proto__'], ['constructor', 'in-use', '__proto__'], ['toString', 'in-use', '__proto__']);
  const scene = toScene(toModel(map), { ...ALL, group: true, query: 'CONSTRUCTOR' });
  assert.deepEqual(scene.bands[0]!.targets.map((target) => target.card.item.label), ['__proto__']);
  assert.equal(scene.locations, 2);
});

test('what labels have in common', () => {
  assert.equal(common(['/api/v1/users', '= /api/v1/items', '~ ^/api/v1/u']), '/api/v1/…');
  assert.equal(common(['= /a', '= /b']), '/a, …');
  assert.equal(common(['/same', '= /same']), '/same');
  assert.equal(common(['= /']), '/');
  assert.equal(common([]), '');
});

test('numbers as they fit on a card', () => {
  assert.deepEqual([0, 999, 1000, 1234, 9960, 34_500, 999_499, 999_500, 5_600_000, 2e9].map(short), ['0', '999', '1k', '1.2k', '10k', '35k', '999k', '1M', '5.6M', '2G']);
  assert.equal(full(1234567), '1,234,567');
  assert.deepEqual([share(null, 10), share(0, 10), share(10, 10), share(5, 0)], [0, 0, 1, 0]);
  assert.ok(share(10, 1000) > 0.3 && share(10, 1000) < 0.4);
});

test('what the page says exists in both languages', () => {
  const [en, ja] = [wordsOf('en-GB'), wordsOf('ja')];
  assert.notEqual(en, ja);
  assert.deepEqual(Object.keys(ja), Object.keys(en));
  assert.equal(ja.help.length, en.help.length);
  assert.equal(wordsOf('de'), en);
});
