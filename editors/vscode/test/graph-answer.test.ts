import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { everyNode, nodeAt, readMap } from '../src/graph/map';
import { pageHtml } from '../src/graph/html';
import { readFromPage } from '../src/graph/messages';
import { makeMap, node } from './graph-map';

const founding: unknown = JSON.parse(fs.readFileSync(path.join(__dirname, 'oauth2-gateway.map.json'), 'utf8'));

test('what the server answers of the founding example is read as it is', () => {
  assert.deepEqual(readMap(founding), founding);
  const map = readMap(founding)!;
  const kinds = new Map<string, number>();
  for (const { kind } of everyNode(map)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  assert.equal(kinds.get('server'), 2);
  assert.equal(kinds.get('location'), 44);
});

test('what is no map is none', () => {
  for (const answer of [null, undefined, 1, 'map', [], {}, { version: 2, nodes: [] }, { version: 1 }, { version: 1, nodes: {} }]) assert.equal(readMap(answer), undefined);
});

test('what is not known is left out, what is wrong becomes nothing', () => {
  const map = readMap({
    version: 1,
    nodes: [
      { id: 'a', kind: 'server', label: 7, hits: 'many', verdict: 'splendid', why: ['one', 2], place: { uri: 'file:///x' }, children: [{ id: 'b', kind: 'teapot' }, null, 3] },
      { kind: 'server' },
      { id: 'a', kind: 'location' },
    ],
    links: [{ from: 'a', to: 'a', kind: 'internal' }, { from: 'a', to: 'a', kind: 'teleport', label: '' }, 'x'],
    note: '',
  });
  assert.deepEqual(map, {
    version: 1,
    configuration: '',
    nodes: [{ id: 'a', kind: 'server', label: '', detail: '', place: null, hits: null, verdict: null, why: ['one'], children: [] }],
    links: [{ from: 'a', to: 'a', kind: 'internal', label: '' }],
    note: null,
  });
});

test('an answer without an end in depth is read to a depth', () => {
  let deep: object = { id: 'leaf', kind: 'location', children: [] };
  for (let level = 0; level < 5000; level++) deep = { id: String(level), kind: 'location', children: [deep] };
  assert.ok([...everyNode(readMap({ version: 1, nodes: [deep], links: [] })!)].length < 50);
});

test('the node at a place is the last that begins before it, in the same file', () => {
  const map = makeMap(30);
  const [server] = map.nodes;
  const second = server!.children[1]!;
  const uri = second.place!.uri;
  const line = second.place!.range.start.line;
  assert.equal(nodeAt(map, uri, { line, character: 4 })?.id, second.id);
  assert.equal(nodeAt(map, uri, { line, character: 0 })?.id, second.id, 'in the blanks before it');
  assert.equal(nodeAt(map, uri, { line: line - 1, character: 40 })?.id, server!.children[0]!.id);
  assert.equal(nodeAt(map, 'file:///other.conf', { line, character: 4 }), undefined);
  const late = node('server', '', 'late', '', 50);
  assert.equal(nodeAt({ ...map, nodes: [late] }, uri, { line: 3, character: 0 }), undefined);
});

test('of the page only its own messages are taken', () => {
  assert.deepEqual(readFromPage({ type: 'open', id: 'a', uri: 'file:///etc/passwd' }), { type: 'open', id: 'a' });
  assert.deepEqual(readFromPage({ type: 'ready' }), { type: 'ready' });
  for (const message of [null, 'open', { type: 'open' }, { type: 'open', id: 3 }, { type: 'run', id: 'a' }, {}]) assert.equal(readFromPage(message), undefined);
});

test('the page allows its one script and the sheet, and nothing else', () => {
  const page = pageHtml({ script: 'https://x/graph.js?a&b', style: 'https://x/graph.css', source: 'https://x', language: '"><script>alert(1)</script>', nonce: 'n0' });
  const policy = /content="(default-src[^"]*)"/.exec(page)?.[1];
  assert.equal(policy, "default-src 'none'; script-src 'nonce-n0'; style-src https://x; base-uri 'none'; form-action 'none'");
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.ok(page.includes('src="https://x/graph.js?a&amp;b"'));
  const nonces = [1, 2].map(() => /nonce="([^"]+)"/.exec(pageHtml({ script: '', style: '', source: '', language: 'en' }))?.[1]);
  assert.notEqual(nonces[0], nonces[1]);
  assert.match(nonces[0]!, /^[\w-]{20,}$/);
});
