import { test } from 'node:test';
import assert from 'node:assert/strict';
import { entry, joined } from '../src/logFiles';

test('a file of the folder is named from there, another one whole', () => {
  assert.equal(entry('/w/gate', '/w/gate/logs/access.log'), 'logs/access.log');
  assert.equal(entry('/w/gate', '/w/gateway/access.log'), '/w/gateway/access.log');
  assert.equal(entry('/w/gate', '/var/log/nginx/access.log.1.gz'), '/var/log/nginx/access.log.1.gz');
});
test('signs of a glob mean themselves', () => assert.equal(entry('/w', '/w/a[1]*.log'), 'a[[]1[]][*].log'));
test('each name stands once', () => assert.deepEqual(joined(['a', 'b'], ['b', 'c']), ['a', 'b', 'c']));
