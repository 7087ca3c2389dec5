import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readMap, type GatewayMap } from '../src/graph/map';
import { fit, hold, reveal, seen, start, zoomAt, detail, LARGEST, SMALLEST } from '../webview/graph/camera';
import { Neighbours, toAction } from '../webview/graph/keyboard';
import { spread, toLayout, type Layout } from '../webview/graph/layout';
import { toModel } from '../webview/graph/model';
import { toScene, type Choice } from '../webview/graph/scene';
import { makeMap } from './graph-map';

const ALL: Choice = { query: '', verdicts: new Set(), group: undefined, folds: new Map() };
const founding = readMap(JSON.parse(fs.readFileSync(path.join(__dirname, 'oauth2-gateway.map.json'), 'utf8')))!;

function layoutOf(map: GatewayMap, choice: Partial<Choice> = {}): Layout {
  return toLayout(toScene(toModel(map), { ...ALL, ...choice }));
}
/** Everything unfolded and nothing grouped. */
function unfolded(map: GatewayMap): Partial<Choice> {
  const model = toModel(map);
  const open = [...model.servers.map((server) => server.item.key), ...[...model.targetOf.keys()].map((key) => `${key}routes\n`)];
  return { group: false, folds: new Map(open.map((key) => [key, false])) };
}

test('no card lies on another, and each lies in the band of its server', () => {
  const maps = [founding, makeMap(300), makeMap(300, 3), makeMap(2000)];
  for (const layout of maps.flatMap((map) => [layoutOf(map), layoutOf(map, unfolded(map)), layoutOf(map, { query: 'v1' }), layoutOf(map, { group: true })])) {
    const columns = new Map<number, typeof layout.cards>();
    for (const placed of layout.cards) (columns.get(placed.column) ?? columns.set(placed.column, []).get(placed.column)!).push(placed);
    const ends = [...columns].sort(([a], [b]) => a - b).map(([, cards]) => [Math.min(...cards.map((card) => card.x)), Math.max(...cards.map((card) => card.x + card.width))] as const);
    for (let at = 1; at < ends.length; at++) assert.ok(ends[at]![0] > ends[at - 1]![1], 'columns stand apart');
    for (const cards of columns.values()) {
      cards.sort((a, b) => a.y - b.y);
      for (let at = 1; at < cards.length; at++) assert.ok(cards[at]!.y >= cards[at - 1]!.y + cards[at - 1]!.height, `${cards[at]!.card.key} lies on another`);
    }
    for (const placed of layout.cards) {
      const band = layout.bands[placed.card.band]!;
      assert.ok(placed.y >= band.y && placed.y + placed.height <= band.y + band.height && placed.x + placed.width <= band.x + band.width, placed.card.key);
    }
    for (let at = 1; at < layout.bands.length; at++) assert.ok(layout.bands[at]!.y > layout.bands[at - 1]!.y + layout.bands[at - 1]!.height);
    assert.equal(layout.byKey.size, layout.cards.length);
  }
});

test('the same map is laid out the same, and an edit elsewhere moves nothing sideways or out of order', () => {
  assert.deepEqual(layoutOf(makeMap(300)).cards.map(({ card, x, y }) => [card.key, x, y]), layoutOf(makeMap(300)).cards.map(({ card, x, y }) => [card.key, x, y]));
  const before = layoutOf(founding);
  const edited = structuredClone(founding);
  edited.nodes[0]!.children.splice(3, 1);
  const after = layoutOf(edited);
  const order = (layout: Layout): string[] => layout.cards.filter((placed) => placed.column === 1 && after.byKey.has(placed.card.key) && before.byKey.has(placed.card.key)).sort((a, b) => a.y - b.y).map((placed) => placed.card.key);
  assert.deepEqual(order(after), order(before));
  for (const placed of after.cards) assert.equal(placed.x, before.byKey.get(placed.card.key)!.x);
});

test('two thousand locations take steps in proportion', () => {
  const steps = [250, 500, 1000, 2000].map((size) => {
    const map = makeMap(size);
    const layout = layoutOf(map, unfolded(map));
    return layout.work / layout.cards.length;
  });
  for (const each of steps) assert.ok(each < 12, String(steps));
  assert.ok(steps[3]! < steps[0]! * 1.5, String(steps));
});

test('wires begin and end at cards, from left to right', () => {
  const layout = layoutOf(makeMap(300));
  assert.ok(layout.lines.length > 100);
  for (const { wire, top, bottom, path: drawn } of layout.lines) {
    const [from, to] = [layout.byKey.get(wire.from)!, layout.byKey.get(wire.to)!];
    assert.ok(top <= from.y + from.height && bottom >= from.y && top <= to.y + to.height && bottom >= to.y);
    if (wire.kind === 'flow') assert.ok(from.column < to.column);
    assert.ok(!/NaN|undefined|Infinity/.test(drawn), drawn);
  }
});

test('upstreams stand in the order of those that lead to them, so that few wires cross', () => {
  const layout = layoutOf(founding);
  for (const band of new Set(layout.cards.map((placed) => placed.card.band))) {
    const flows = layout.lines.filter(({ wire }) => wire.kind === 'flow' && layout.byKey.get(wire.from)!.column === 1 && layout.byKey.get(wire.from)!.card.band === band);
    const ends = flows.map(({ wire }) => [layout.byKey.get(wire.from)!.y, layout.byKey.get(wire.to)!.y] as const).sort((a, b) => a[0] - b[0]);
    const crossings = ends.filter(([, to], at) => ends.slice(at + 1).some(([, later]) => later < to)).length;
    assert.equal(crossings, 0);
  }
});

test('blocks are as near to their wishes as they can be', () => {
  const place = (wishes: number[], top = 0): number[] => spread(wishes.map((wanted) => ({ wanted, height: 10 })), top, 0);
  assert.deepEqual(place([0, 50]), [0, 50]);
  assert.deepEqual(place([20, 20]), [15, 25]);
  assert.deepEqual(place([-30, -30, 90]), [0, 10, 90]);
  assert.deepEqual(place([]), []);
  const many = place([5, 3, 80, 81, 79, 200]);
  for (let at = 1; at < many.length; at++) assert.ok(many[at]! >= many[at - 1]! + 10 - 1e-9);
});

test('nothing to show is laid out, too', () => {
  const layout = layoutOf({ version: 1, configuration: '', nodes: [], links: [], note: null });
  assert.deepEqual([layout.cards, layout.height], [[], 0]);
});

test('zooming keeps what is under the pointer, within limits', () => {
  const camera = { x: 30, y: -40, scale: 0.5 };
  const point = { x: 200, y: 100 };
  const zoomed = zoomAt(camera, point, 1.5);
  assert.ok(Math.abs((point.x - zoomed.x) / zoomed.scale - (point.x - camera.x) / camera.scale) < 1e-9);
  assert.equal(zoomAt(camera, point, 1e6).scale, LARGEST);
  assert.equal(zoomAt(camera, point, 1e-6).scale, SMALLEST);
});

test('the first look is readable, the whole fits, and nobody gets lost', () => {
  const world = { width: 1300, height: 13_000 };
  const window = { width: 1280, height: 700 };
  assert.equal(detail(start(world, window).scale), 'near');
  const box = seen(fit(world, window), window);
  assert.ok(box.x <= 0 && box.y <= 0 && box.x + box.width >= world.width && box.y + box.height >= world.height);
  assert.equal(fit({ width: 10, height: 10 }, window).scale, 1);
  for (const lost of [{ x: 1e6, y: 1e6, scale: 1 }, { x: -1e6, y: -1e6, scale: 0.1 }]) {
    const box = seen(hold(lost, world, window), window);
    assert.ok(box.x < world.width && box.x + box.width > 0 && box.y < world.height && box.y + box.height > 0);
  }
  assert.equal(start({ width: 0, height: 0 }, { width: 0, height: 0 }).scale > 0, true);
});

test('what is revealed is seen, and nothing moves where it is seen already', () => {
  const window = { width: 1000, height: 600 };
  const camera = { x: 0, y: 0, scale: 1 };
  assert.deepEqual(reveal(camera, { x: 300, y: 300, width: 100, height: 30 }, window), camera);
  const moved = seen(reveal(camera, { x: 3000, y: 5000, width: 100, height: 30 }, window), window);
  assert.ok(moved.x <= 3000 && moved.x + moved.width >= 3100 && moved.y <= 5000 && moved.y + moved.height >= 5030);
});

test('arrows go along columns and wires, and back to where one came from', () => {
  const layout = layoutOf(founding);
  const neighbours = new Neighbours(layout);
  const at = (label: string, band = 0): NonNullable<ReturnType<typeof find>> => find(label, band)!;
  const find = (label: string, band: number) => layout.cards.find((placed) => placed.card.item.label === label && placed.card.band === band);
  const upstream = at('openresty_internal');
  const location = at('= /key/generate');
  assert.equal(neighbours.step(location, 'right'), upstream);
  assert.equal(neighbours.step(upstream, 'left', [at('/ui/').card.key, location.card.key]), location);
  assert.equal(neighbours.step(upstream, 'left')?.column, 1);
  assert.equal(neighbours.step(location, 'left')?.card.kind, 'server');
  assert.equal(neighbours.step(at('gateway.example.com:80'), 'left'), undefined);
  assert.equal(neighbours.step(location, 'down')?.card.item.label, '= /track_user_internal');
  assert.equal(neighbours.step(neighbours.step(location, 'down')!, 'up'), location);
  // The last of a server is followed by the first of the next.
  assert.equal(neighbours.step(at('= /oauth2/auth'), 'down')?.card.band, 1);
  assert.equal(neighbours.end(location, 'last')?.card.band, 1);
  assert.equal(neighbours.along(neighbours.end(location, 'first')!, -10), undefined);
  assert.equal(neighbours.step(at('= /health'), 'right'), undefined);
});

test('every card can be reached with the arrows', () => {
  for (const map of [founding, makeMap(300)]) {
    for (const choice of [{}, unfolded(map)]) {
      const layout = layoutOf(map, choice);
      const neighbours = new Neighbours(layout);
      const reached = new Set([layout.cards[0]!]);
      for (const placed of reached) {
        for (const direction of ['up', 'down', 'left', 'right'] as const) {
          const next = neighbours.step(placed, direction);
          if (next) reached.add(next);
        }
      }
      assert.equal(reached.size, layout.cards.length);
    }
  }
});

test('keys do what is said of them, and leave those of the editor alone', () => {
  const key = (name: string, more: object = {}) => toAction({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  assert.deepEqual(key('ArrowDown'), { do: 'move', direction: 'down' });
  assert.deepEqual([key('Enter'), key(' '), key('Escape'), key('/'), key('0')].map((action) => action?.do), ['open', 'fold', 'escape', 'search', 'fit']);
  assert.deepEqual(key('f', { ctrlKey: true }), { do: 'search' });
  for (const [name, more] of [['p', { ctrlKey: true }], ['ArrowUp', { altKey: true }], ['Tab', {}], ['F1', {}], ['s', {}], ['-', { metaKey: true }]] as const) assert.equal(key(name, more), undefined);
});
