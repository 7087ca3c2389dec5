import { test } from 'node:test';
import assert from 'node:assert/strict';
import { headers, shown } from '../src/evidence';

const at = { line: 3, character: 0 };
const place = { uri: 'file:///w/html/a.html', range: { start: at, end: at } };

test('places are jumped to', () => assert.deepEqual(shown({ title: 't', details: ['d'], locations: [place] }), { places: [place] }));

test('without a place the sentences are said', () => {
  assert.deepEqual(shown({ title: 'no hits in 7 days', details: ['nothing refers to it'], locations: [] }), { message: 'no hits in 7 days\nnothing refers to it' });
  assert.match((shown(null) as { message: string }).message, /nothing is known/);
});

test('the headers above a line are those of the blocks around it', () => {
  const lines = ['server {', '    location /a {', '        # location /comment {', '        location /a/b {', '            return 204;', '        }', '        allow all;', '    }', '    location /c { return 204; }', '', '    root /;', '}'];
  const at = (line: number) => headers(lines, line).map(({ line, character }) => [line, character]);
  assert.deepEqual(at(4), [[3, 8], [1, 4]]);
  assert.deepEqual(at(1), [[1, 4]]);
  assert.deepEqual(at(6), [[1, 4]]);
  assert.deepEqual(at(7), [[1, 4]], 'the closing brace is of the block above');
  assert.deepEqual(at(8), [[8, 4]]);
  assert.deepEqual(at(10), []);
  assert.deepEqual(at(99), []);
});
