import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const load = createRequire(__filename);
interface Seen {
  commands: Record<string, unknown>;
  errors: string[];
  views: Record<string, unknown>;
  contexts: Record<string, unknown>;
  files?: { path: string }[];
  status: { text: string; tooltip: string };
}
const seen: Seen = load('./vscode-stub.cjs');
const bundle = load('../dist/extension.js');
const root = path.join(__dirname, '..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const declared: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);

/** All of the sources. */
function sources(): string {
  const folder = path.join(root, 'src');
  const files = (fs.readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
  return files.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n');
}

async function activate(): Promise<void> {
  const nowhere = fs.mkdtempSync(path.join(os.tmpdir(), 'nginx-analyzer-'));
  const before = process.env.PATH;
  process.env.PATH = nowhere;
  const memento = { get: (_key: string, fallback: unknown) => fallback, update: async () => undefined };
  try {
    await bundle.activate({ extensionPath: nowhere, extension: { packageJSON: manifest }, workspaceState: memento, subscriptions: [] });
  } finally {
    process.env.PATH = before;
    fs.rmdirSync(nowhere);
  }
}

test('the bundle loads and exports what VS Code calls', () => {
  assert.equal(typeof bundle.activate, 'function');
  assert.equal(typeof bundle.deactivate, 'function');
});

test('where there is no configuration nothing is started, and nothing said; the commands and views are there', async () => {
  await activate();
  assert.deepEqual(seen.errors, []);
  assert.equal(seen.contexts['nginxAnalyzer.active'], true);
  assert.deepEqual(Object.keys(seen.commands).sort(), [...declared].sort());
  assert.deepEqual(Object.keys(seen.views).sort(), Object.values(manifest.contributes.views as Record<string, { id: string }[]>).flat().map(({ id }) => id).sort());
});

test('without any server it says how to get one', async () => {
  seen.files = [{ path: '/w/nginx.conf' }];
  await activate();
  assert.equal(seen.errors.length, 1);
  assert.match(seen.errors[0]!, /no server found.*cargo install nginx-analyzer/);
  assert.deepEqual([seen.status.text, seen.status.tooltip], ['$(error) nginx-analyzer', 'nginx-analyzer: no server found. Click for what can be done.']);
});

test('every command, setting, view and context that the code or the manifest names is there', () => {
  const code = sources();
  const text = JSON.stringify(manifest);
  const registered = [...code.matchAll(/registerCommand\('([^']+)'/g)].map((m) => m[1]!);
  assert.deepEqual(new Set(registered), new Set(declared));
  const views: string[] = Object.values(manifest.contributes.views as Record<string, { id: string }[]>).flat().map(({ id }) => id);
  const known = new Set([...declared, ...views.map((id) => `${id}.focus`)]);
  for (const [, name] of text.matchAll(/command:(nginxAnalyzer[\w.]+)/g)) assert.ok(known.has(name!), name);
  for (const [, name] of code.matchAll(/command: '(nginxAnalyzer[\w.]+)'/g)) assert.ok(known.has(name!), name);
  const menus = Object.values(manifest.contributes.menus as Record<string, { command: string; when: string }[]>).flat();
  for (const { command } of menus) assert.ok(known.has(command), command);
  const contexts = new Set([...code.matchAll(/'setContext', '([^']+)'/g)].map((m) => m[1]!));
  for (const [, name] of text.matchAll(/(nginxAnalyzer\.(?:active|traced|map[A-Z]\w+))/g)) assert.ok(contexts.has(name!), name);
  for (const [, name] of code.matchAll(/affectsConfiguration\('([^']+)'/g)) assert.ok(name! in manifest.contributes.configuration.properties, name);
});

test('every command can be found in the palette, or is on a menu', () => {
  const { commandPalette, ...others } = manifest.contributes.menus as Record<string, { command: string; when: string }[]>;
  const hidden = (commandPalette ?? []).filter(({ when }) => when === 'false').map(({ command }) => command);
  const shown = new Set(Object.values(others).flat().map(({ command }) => command));
  assert.deepEqual(hidden.filter((command) => !shown.has(command)), ['nginxAnalyzer.jump'], 'only what a click on a row does');
});

test('the README tells of every command and setting', () => {
  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
  const hidden = new Set((manifest.contributes.menus.commandPalette as { command: string; when: string }[]).filter(({ when }) => when === 'false').map(({ command }) => command));
  for (const { command, title } of manifest.contributes.commands) if (!hidden.has(command)) assert.ok(readme.includes(title), title);
  for (const name of Object.keys(manifest.contributes.configuration.properties)) {
    const short = name.replace('nginxAnalyzer', '');
    assert.ok(readme.includes(`\`${name}\``) || readme.includes(`\`${short}\``) || readme.includes(`\`.${short.split('.').at(-1)}\``), name);
  }
  for (const [, name] of readme.matchAll(/`(nginxAnalyzer[\w.]+)`/g)) assert.ok(name! in manifest.contributes.configuration.properties, name);
  for (const [, picture] of readme.matchAll(/main\/(docs\/pictures\/[\w-]+\.png)/g)) assert.ok(fs.existsSync(path.join(root, '../..', picture!)), picture);
});

test('every file that the manifest names is packed', () => {
  const names = [...JSON.stringify(manifest).matchAll(/"(\.?\/?(?:media|language|syntaxes|dist)\/[\w./-]+)"/g)].map((m) => m[1]!);
  assert.ok(names.length > 8, names.join());
  const packed = fs.readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1).replace('/**', '/'));
  for (const name of names) {
    const file = name.replace(/^\.\//, '');
    assert.ok(fs.existsSync(path.join(root, file)), file);
    assert.ok(packed.some((pattern) => file === pattern || (pattern.endsWith('/') && file.startsWith(pattern))), `${file} is packed`);
  }
});

test('the icon is 128 by 128', () => {
  const png = fs.readFileSync(path.join(root, manifest.icon));
  assert.deepEqual([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)], ['PNG', 128, 128]);
});

test('the licences are those of the project', () => {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE'])
    assert.equal(fs.readFileSync(path.join(root, name), 'utf8'), fs.readFileSync(path.join(root, '../..', name), 'utf8'), name);
});
