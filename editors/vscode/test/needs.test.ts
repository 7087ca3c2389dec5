import { test } from 'node:test';
import assert from 'node:assert/strict';
import { COMMANDS, missing, tooOld } from '../src/needs';

test('a server that has everything lacks nothing', () => assert.deepEqual(missing([...Object.keys(COMMANDS), 'nginx-analyzer.later']), []));

test('what an older one lacks is named, and what a person misses', () => {
  const lacks = missing(Object.keys(COMMANDS).filter((command) => command !== 'nginx-analyzer.map' && command !== 'nginx-analyzer.report'));
  assert.deepEqual(lacks, ['nginx-analyzer.map', 'nginx-analyzer.report']);
  const said = tooOld(lacks, '0.1.0', { command: '/usr/bin/nginx-analyzer', from: 'PATH' });
  assert.match(said, /version 0\.1\.0 and is older .* lacks the gateway map \(nginx-analyzer\.map\) and the report \(nginx-analyzer\.report\)\./);
  assert.match(said, /\/usr\/bin\/nginx-analyzer \(from PATH\); update it with `cargo install/);
  assert.match(tooOld(['nginx-analyzer.map'], undefined, { command: 'x', from: 'setting' }), /^the server is older than this extension: it lacks the gateway map/);
});
