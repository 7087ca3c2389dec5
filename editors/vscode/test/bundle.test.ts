import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const load = createRequire(__filename);
const seen: { commands: Record<string, unknown>; errors: string[] } = load('./vscode-stub.cjs');
const bundle = load('../dist/extension.js');
const manifest = JSON.parse(fs.readFileSync(path.join(__dirname, '../package.json'), 'utf8'));

test('the bundle loads and exports what VS Code calls', () => {
  assert.equal(typeof bundle.activate, 'function');
  assert.equal(typeof bundle.deactivate, 'function');
});

test('without any server it says how to get one, and its commands exist', async () => {
  const nowhere = fs.mkdtempSync(path.join(os.tmpdir(), 'nginx-analyzer-'));
  const before = process.env.PATH;
  process.env.PATH = nowhere;
  try {
    await bundle.activate({ extensionPath: nowhere, subscriptions: [] });
  } finally {
    process.env.PATH = before;
    fs.rmdirSync(nowhere);
  }
  assert.equal(seen.errors.length, 1);
  assert.match(seen.errors[0]!, /no server found.*cargo install nginx-analyzer/);
  assert.deepEqual(Object.keys(seen.commands).sort(), manifest.contributes.commands.map((c: { command: string }) => c.command).sort());
});

test('every command and setting that the code names is declared', () => {
  const code = fs.readFileSync(path.join(__dirname, '../src/extension.ts'), 'utf8');
  const declared = new Set<string>(manifest.contributes.commands.map((c: { command: string }) => c.command));
  const registered = [...code.matchAll(/registerCommand\('([^']+)'/g)].map((m) => m[1]!);
  assert.deepEqual(new Set(registered), declared);
  for (const [, name] of code.matchAll(/affectsConfiguration\('([^']+)'/g)) assert.ok(name! in manifest.contributes.configuration.properties, name);
});

test('the licences are those of the project', () => {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE'])
    assert.equal(fs.readFileSync(path.join(__dirname, '..', name), 'utf8'), fs.readFileSync(path.join(__dirname, '../../..', name), 'utf8'), name);
});
