import { test } from 'node:test';
import assert from 'node:assert/strict';
import Module, { createRequire } from 'node:module';
import * as fs from 'node:fs';
import * as path from 'node:path';

test('the bundle loads and exports what VS Code calls', () => {
  // `vscode` exists only inside the editor: a proxy stands in for it while the module is loaded.
  const resolve = (Module as unknown as { _resolveFilename: (...a: unknown[]) => string })._resolveFilename;
  const stub = path.join(__dirname, 'vscode-stub.cjs');
  (Module as unknown as { _resolveFilename: unknown })._resolveFilename = (request: string, ...rest: unknown[]) => (request === 'vscode' ? stub : resolve(request, ...rest));
  const bundle = createRequire(__filename)('../dist/extension.js');
  assert.equal(typeof bundle.activate, 'function');
  assert.equal(typeof bundle.deactivate, 'function');
});

test('every command and setting that the code names is declared', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(__dirname, '../package.json'), 'utf8'));
  const code = fs.readFileSync(path.join(__dirname, '../src/extension.ts'), 'utf8');
  const declared = new Set<string>(manifest.contributes.commands.map((c: { command: string }) => c.command));
  const registered = [...code.matchAll(/registerCommand\('([^']+)'/g)].map((m) => m[1]!);
  assert.deepEqual(new Set(registered), declared);
  for (const [, name] of code.matchAll(/affectsConfiguration\('([^']+)'/g)) assert.ok(name! in manifest.contributes.configuration.properties, name);
});
