import { test } from 'node:test';
import assert from 'node:assert/strict';
import { findServer, type Surroundings } from '../src/server';

const nothing: Surroundings = { configured: '', extensionPath: '/ext', platform: 'linux', env: { PATH: '/usr/local/bin:/usr/bin', HOME: '/home/u' }, isExecutable: () => false };
const args = ['lsp'];

test('the setting wins over everything', () => {
  assert.deepEqual(findServer({ ...nothing, configured: ' ~/bin/na ', isExecutable: () => true }), { command: '/home/u/bin/na', args, from: 'setting' });
});
test('then the bundled binary', () => {
  assert.deepEqual(findServer({ ...nothing, isExecutable: () => true }), { command: '/ext/bin/nginx-analyzer', args, from: 'bundle' });
});
test('then the first on PATH', () => {
  assert.deepEqual(findServer({ ...nothing, isExecutable: (f) => f === '/usr/bin/nginx-analyzer' }), { command: '/usr/bin/nginx-analyzer', args, from: 'PATH' });
});
test('Windows has its own names and separators', () => {
  const found = findServer({ ...nothing, platform: 'win32', extensionPath: 'C:\\ext', env: { Path: 'C:\\a;C:\\b' }, isExecutable: (f) => f === 'C:\\b\\nginx-analyzer.exe' });
  assert.deepEqual(found, { command: 'C:\\b\\nginx-analyzer.exe', args, from: 'PATH' });
});
test('none at all is said, not guessed', () => assert.equal(findServer(nothing), undefined));
