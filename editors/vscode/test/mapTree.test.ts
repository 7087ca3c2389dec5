import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { MapNode, Verdict } from '../src/graph/map';
import { count, example, filtered, isCommentOut, row } from '../src/mapTree';

const node = (id: string, kind: MapNode['kind'], verdict: Verdict | null = null, children: MapNode[] = [], hits: number | null = null): MapNode => ({
  id,
  kind,
  label: id,
  detail: '',
  place: null,
  hits,
  verdict,
  why: [],
  children,
});
const route = node('GET /x', 'route');
const upstream = node('api', 'upstream', null, [route]);
const tree = [
  node('s1', 'server', null, [node('/a', 'location', 'in-use', [upstream, node('/a/b', 'location', 'dead')], 1200), node('/c', 'location', 'probably-unused', [upstream], 0)]),
  node('s2', 'server', null, [node('/d', 'location', 'to-check')]),
];

test('a row has hits, verdict and detail, and why in its tooltip', () => {
  const [a, c] = tree[0]!.children;
  assert.deepEqual([row(a!).description, row(a!).icon, row(a!).colour], ['1,200 hits', 'pass', 'testing.iconPassed']);
  assert.equal(row(c!).description, 'no hits · probably unused');
  assert.equal(row({ ...c!, detail: 'alias /srv', why: ['nothing refers to it'] }).tooltip, '/c: alias /srv\nno hits, probably unused\nnothing refers to it');
  assert.equal(row(node('/d', 'location', 'dead')).description, 'dead');
  assert.equal(row(upstream).icon, 'arrow-right');
  assert.equal(row({ ...a!, place: { uri: 'file:///x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } } }).context, 'location placed');
});

test('a filter keeps the way to what it is about, and what is behind it', () => {
  const shape = (nodes: MapNode[]): unknown[] => nodes.map(({ id, children }) => (children.length > 0 ? [id, shape(children)] : id));
  assert.deepEqual(filtered(tree, new Set()), tree);
  assert.deepEqual(shape(filtered(tree, new Set<Verdict>(['dead']))), [['s1', [['/a', ['/a/b']]]]]);
  assert.deepEqual(shape(filtered(tree, new Set<Verdict>(['probably-unused', 'to-check']))), [['s1', [['/c', [['api', ['GET /x']]]]]], ['s2', ['/d']]]);
  assert.deepEqual(shape(filtered(tree, new Set<Verdict>(['in-use']))), [['s1', [['/a', [['api', ['GET /x']]]]]]]);
  assert.deepEqual(filtered([tree[1]!], new Set<Verdict>(['dead'])), []);
});

test('verdicts are counted wherever they are', () =>
  assert.deepEqual(count({ version: 1, configuration: '', nodes: tree, links: [], note: null }), { 'in-use': 1, 'to-check': 1, 'probably-unused': 1, dead: 1 }));

test('a location that names a path gives a URL to begin with', () => {
  const of = (label: string, kind: MapNode['kind'] = 'location') => example({ ...node('x', kind), label });
  assert.equal(of('location /v1/'), '/v1/');
  assert.equal(of('= /exact'), '/exact');
  assert.equal(of('location ^~ /p/'), '/p/');
  assert.equal(of('location ~ ^/x'), undefined);
  assert.equal(of('location @named'), undefined);
  assert.equal(of('GET /v1/users', 'route'), '/v1/users');
  assert.equal(of('server x', 'server'), undefined);
});

test('an edit that comments out is told from the others, whatever language its title has', () => {
  const insert = (line: number, newText: string) => ({ newText, range: { start: { line, character: 8 }, isEmpty: true } });
  assert.equal(isCommentOut([insert(4, '#X# '), insert(5, '#X# '), insert(6, '#X# ')], 4), true);
  assert.equal(isCommentOut([insert(2, '#X# '), insert(3, '#X# ')], 4), false, 'the block around');
  assert.equal(isCommentOut([insert(4, '# nginx-analyzer: ignore dead-location\n        ')], 4), false);
  assert.equal(isCommentOut([{ newText: '', range: { start: { line: 4, character: 0 }, isEmpty: false } }], 4), false);
  assert.equal(isCommentOut([], 4), false);
});
