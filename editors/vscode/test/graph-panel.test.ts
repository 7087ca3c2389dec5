import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { Ask } from '../src/graph/panel';
import { makeMap } from './graph-map';

const load = createRequire(__filename);
const seen: { errors: string[] } = load('./vscode-stub.cjs');
const stub = load('vscode');

/** As much of an address as the panel uses. */
const address = (text: string): vscode.Uri => ({ toString: () => text }) as vscode.Uri;
Object.assign(stub.Uri, { joinPath: (base: vscode.Uri, ...parts: string[]) => address([base, ...parts].join('/')), parse: address });
stub.ViewColumn = { Beside: -2 };
stub.TextEditorRevealType = { InCenterIfOutsideViewport: 2 };
stub.Range = class {
  constructor(...numbers: number[]) {
    Object.assign(this, { numbers });
  }
};
stub.env = { language: 'en' };
const opened: unknown[] = [];
stub.workspace.openTextDocument = async (uri: vscode.Uri) => ({ uri });
stub.window.visibleTextEditors = [];
stub.window.showTextDocument = async (document: vscode.TextDocument, options: { selection: { numbers: number[] } }) => (opened.push([document.uri.toString(), options.selection.numbers[0]]), { revealRange() {} });

/** What stands in for the tab. */
class Tab {
  posted: { type: string; [more: string]: unknown }[] = [];
  visible = true;
  title = '';
  iconPath: Record<string, vscode.Uri> = {};
  viewColumn = 2;
  disposed = false;
  fronts = 0;
  private readonly runs: Record<string, (value?: unknown) => unknown> = {};
  webview = {
    cspSource: 'https://source',
    html: '',
    options: {},
    asWebviewUri: (uri: vscode.Uri) => address(`https://source/${uri}`),
    postMessage: async (message: { type: string }) => this.posted.push(message),
    onDidReceiveMessage: (run: (value: unknown) => unknown) => this.on('message', run),
  };
  onDidChangeViewState = (run: () => void) => this.on('state', run);
  onDidDispose = (run: () => void) => this.on('dispose', run);
  reveal(): void {
    this.fronts += 1;
  }
  dispose(): void {
    this.disposed = true;
    this.say('dispose');
  }
  say(event: string, value?: unknown): void {
    this.runs[event]?.(value);
  }
  private on(event: string, run: (value?: unknown) => unknown): { dispose(): void } {
    this.runs[event] = run;
    return { dispose: () => delete this.runs[event] };
  }
}
let tabs: Tab[] = [];
stub.window.createWebviewPanel = () => (tabs.push(new Tab()), tabs.at(-1));

const panel: typeof import('../src/graph/panel') = load('../src/graph/panel');
const context = { extensionUri: address('file:///extension') } as vscode.ExtensionContext;
const uri = address('file:///gateway/conf/nginx.conf');
const map = makeMap(20);
const [server] = map.nodes;
const location = server!.children[1]!;

let changed: () => void = () => {};
let asked: string[] = [];
let answer: () => Promise<unknown> = async () => map;
const ask: Ask = {
  map: (of) => (asked.push(`map ${of}`), answer()),
  trace: async (node) => void asked.push(`trace ${node.label}`),
  evidence: async (node) => void asked.push(`evidence ${node.label}`),
  changed: (run) => ((changed = () => run(undefined)), { dispose: () => (changed = () => {}) }),
};

/** Lets what is asked be answered. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

beforeEach(() => {
  for (const tab of tabs) if (!tab.disposed) tab.dispose();
  tabs = [];
  asked = [];
  opened.length = 0;
  seen.errors.length = 0;
  answer = async () => map;
});

async function opening(): Promise<Tab> {
  panel.openGraph(context, ask, uri);
  const [tab] = tabs as [Tab];
  tab.say('message', { type: 'ready' });
  await settle();
  return tab;
}

test('the page gets the map when it is ready, and only once there is one tab', async () => {
  const tab = await opening();
  assert.match(tab.webview.html, /src="https:\/\/source\/file:\/\/\/extension\/dist\/graph.js"/);
  assert.deepEqual(tab.posted.map((message) => message.type), ['busy', 'map']);
  assert.equal(tab.title, 'Gateway map: nginx.conf');
  panel.openGraph(context, ask, uri);
  assert.deepEqual([tabs.length, tab.fronts, asked.length], [1, 1, 1]);
  panel.openGraph(context, ask, address('file:///other/nginx.conf'));
  await settle();
  assert.deepEqual(asked, [`map ${uri}`, 'map file:///other/nginx.conf']);
});

test('its tab has a picture for light themes and one for dark ones', async () => {
  const { iconPath } = await opening();
  const files = ['light', 'dark'].map((kind) => String(iconPath[kind]).replace('file:///extension', path.join(__dirname, '..')));
  const [light, dark] = files.map((file) => fs.readFileSync(file, 'utf8'));
  assert.notEqual(light, dark);
});

test('what is at the cursor is shown when the map comes that has it', async () => {
  const { start } = location.place!.range;
  answer = async () => ({ ...map, nodes: [] });
  const tab = await opening();
  answer = async () => map;
  panel.openGraph(context, ask, address('file:///gateway/other.conf'), start);
  panel.openGraph(context, ask, uri, start);
  assert.deepEqual(tab.posted.filter((message) => message.type === 'reveal'), []);
  await settle();
  assert.deepEqual(tab.posted.at(-1), { type: 'reveal', id: location.id });
});

test('what the map does not have is not waited for', async () => {
  answer = async () => ({ ...map, nodes: [] });
  const tab = await opening();
  panel.openGraph(context, ask, uri, { line: 0, character: 0 });
  answer = async () => ({ ...map, nodes: [{ ...server!, id: 'early', place: { uri: uri.toString(), range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } } }] });
  panel.openGraph(context, ask, address('file:///gateway/other.conf'), { line: 0, character: 0 });
  await settle();
  tab.say('message', { type: 'retry' });
  await settle();
  assert.deepEqual(tab.posted.filter((message) => message.type === 'reveal'), []);
});

test('places are those of the map, never those of the page', async () => {
  const tab = await opening();
  tab.say('message', { type: 'open', id: location.id, uri: 'file:///etc/passwd' });
  tab.say('message', { type: 'open', id: 'file:///etc/passwd' });
  tab.say('message', { type: 'open', place: location.place });
  await settle();
  assert.deepEqual(opened, [[location.place!.uri, location.place!.range.start.line]]);
  tab.say('message', { type: 'trace', id: location.id });
  tab.say('message', { type: 'evidence', id: server!.id });
  assert.deepEqual(asked.slice(1), [`trace ${location.label}`, `evidence ${server!.label}`]);
});

test('a failure is said in the page, and asked for again', async () => {
  answer = async () => {
    throw new Error('not an nginx configuration');
  };
  const tab = await opening();
  assert.deepEqual(tab.posted.at(-1), { type: 'failed', message: 'not an nginx configuration' });
  answer = async () => ({ version: 2 });
  tab.say('message', { type: 'retry' });
  await settle();
  assert.match(String(tab.posted.at(-1)?.['message']), /something else than a map/);
  answer = async () => map;
  tab.say('message', { type: 'retry' });
  await settle();
  assert.equal(tab.posted.at(-1)?.type, 'map');
});

test('an answer that was overtaken is dropped', async () => {
  const tab = await opening();
  const answers: ((value: unknown) => void)[] = [];
  answer = () => new Promise((done) => answers.push(done));
  tab.say('message', { type: 'retry' });
  tab.say('message', { type: 'retry' });
  const newer = { ...map, configuration: 'newer.conf' };
  answers[1]!(newer);
  answers[0]!(map);
  await settle();
  assert.equal(tab.title, 'Gateway map: newer.conf');
  assert.equal(tab.posted.filter((message) => message.type === 'map').length, 2);
});

test('changes are gathered, and those while it is hidden are looked up when it is seen again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const tab = await opening();
  for (let key = 0; key < 5; key++) changed();
  t.mock.timers.tick(1000);
  await settle();
  assert.equal(asked.length, 2);
  tab.visible = false;
  tab.say('state');
  changed();
  t.mock.timers.tick(1000);
  await settle();
  assert.equal(asked.length, 2);
  tab.visible = true;
  tab.say('state');
  tab.say('message', { type: 'ready' });
  await settle();
  assert.equal(asked.length, 3);
  assert.equal(tab.posted.at(-1)?.type, 'map');
});

test('a tab that the editor kept comes back with its configuration, any other is closed', async () => {
  const serializer = panel.graphSerializer(context, ask);
  const empty = new Tab();
  await serializer.deserializeWebviewPanel(empty as unknown as vscode.WebviewPanel, undefined);
  assert.ok(empty.disposed);
  const kept = new Tab();
  tabs.push(kept);
  await serializer.deserializeWebviewPanel(kept as unknown as vscode.WebviewPanel, { uri: 'file:///kept/nginx.conf' });
  assert.deepEqual(asked, ['map file:///kept/nginx.conf']);
  const second = new Tab();
  await serializer.deserializeWebviewPanel(second as unknown as vscode.WebviewPanel, { uri: 'file:///kept/nginx.conf' });
  assert.ok(second.disposed && !kept.disposed);
});

test('when it is closed nothing is asked any more, and it can be opened again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const tab = await opening();
  changed();
  tab.dispose();
  t.mock.timers.tick(1000);
  assert.equal(asked.length, 1);
  await opening();
  assert.equal(tabs.length, 2);
});
