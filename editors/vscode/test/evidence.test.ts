import { test } from 'node:test';
import assert from 'node:assert/strict';
import { shown } from '../src/evidence';

const at = { line: 3, character: 0 };
const place = { uri: 'file:///w/html/a.html', range: { start: at, end: at } };

test('places are jumped to', () => assert.deepEqual(shown({ title: 't', details: ['d'], locations: [place] }), { places: [place] }));

test('without a place the sentences are said', () => {
  assert.deepEqual(shown({ title: 'no hits in 7 days', details: ['nothing refers to it'], locations: [] }), { message: 'no hits in 7 days\nnothing refers to it' });
  assert.match((shown(null) as { message: string }).message, /nothing is known/);
});
