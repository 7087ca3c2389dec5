import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Crashes, MOST, WITHIN } from '../src/crashes';

test('a server is started again a few times, and then no more', () => {
  const crashes = new Crashes();
  for (let at = 0; at < MOST; at += 1) assert.equal(crashes.again(at * 1000), true, `death ${at + 1}`);
  assert.equal(crashes.again(MOST * 1000), false);
  assert.equal(crashes.count, MOST + 1);
});

test('deaths of long ago do not matter', () => {
  const crashes = new Crashes();
  for (let at = 0; at < 3 * MOST; at += 1) assert.equal(crashes.again((at * WITHIN) / MOST), true);
});

test('a person who restarts begins anew', () => {
  const crashes = new Crashes();
  for (let at = 0; at <= MOST; at += 1) crashes.again(at);
  crashes.forget();
  assert.equal(crashes.again(MOST + 1), true);
});
