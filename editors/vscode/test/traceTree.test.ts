import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Hop, Place, Trace } from '../src/trace';
import { rows } from '../src/traceTree';

const place = (line: number): Place => ({ uri: 'file:///w/nginx.conf', range: { start: { line, character: 4 }, end: { line, character: 9 } } });
const hop: Hop = {
  method: 'GET',
  target: '/a',
  server: { name: 'g:80', file: 'nginx.conf', line: 2 },
  location: { name: '/a', file: 'nginx.conf', line: 3 },
  answer: 'return 204',
  steps: [
    { file: 'nginx.conf', line: 2, kind: 'server', text: 'server g:80' },
    { file: null, line: null, kind: 'normalized', text: 'URI /a' },
    { file: 'nginx.conf', line: 3, kind: 'something new', text: 'a step' },
  ],
};
const line = { start: { line: 0, character: 0 }, end: { line: 0, character: 12 } };
const trace: Trace = {
  request: { url: '/a', method: 'GET' },
  hops: [hop],
  conditions: [],
  branches: [],
  gave_up: false,
  text: 'nginx.conf:2  server\nnginx.conf:3  location',
  location: place(2),
  links: [
    { range: line, target: place(1) },
    { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 12 } }, target: place(2) },
  ],
};

test('a hop says where it lands, its steps lead to their lines', () => {
  const [row, ...others] = rows(trace);
  assert.deepEqual(others, []);
  assert.deepEqual([row?.label, row?.description, row?.place, row?.open], ['GET /a', 'location /a → return 204', place(2), true]);
  assert.deepEqual(row?.children.map(({ icon, description, place }) => [icon, description, place?.range.start.line]), [
    ['server', 'nginx.conf:2', 1],
    ['symbol-string', '', undefined],
    ['circle-small', 'nginx.conf:3', 2],
  ]);
});

test('other ways and their conditions stand below one another', () => {
  const condition = { text: 'provided that /auth answers 2xx', file: 'nginx.conf', line: 3 };
  const ways = rows({ ...trace, conditions: [condition], branches: [{ conditions: [{ ...condition, text: 'else' }], hops: [hop, hop] }] });
  assert.deepEqual(ways.map(({ description, open, children }) => [description, open, children.length]), [
    ['provided that /auth answers 2xx', true, 2],
    ['else', false, 3],
  ]);
  assert.deepEqual(ways[0]?.children[1]?.place, place(2));
});

test('a subrequest is below its step, and a chain without an end is cut', () => {
  const endless: Hop = { ...hop, steps: [] };
  endless.steps.push({ file: null, line: null, kind: 'auth-request', text: 'auth_request /auth', hop: endless });
  let [row] = rows({ ...trace, hops: [endless] });
  let depth = 0;
  while (row && depth < 1000) [depth, row] = [depth + 1, row.children[0]];
  assert.ok(depth > 50 && depth < 200, String(depth));
});
