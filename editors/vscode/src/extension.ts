import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State, TransportKind, type Executable } from 'vscode-languageclient/node';
import { CLEANUP_SCHEME, askApply, askFinish, askRestore, choices, command as cleanupCommand, type Plan, type Restoration, type Status, type Step } from './cleanup';
import { EVIDENCE, shown, type Evidence } from './evidence';
import { findServer, isExecutable, type Found } from './server';
import { SCHEME, inPlace, parseQuestion, title, type Place, type Trace } from './trace';

let client: LanguageClient | undefined;
let log: vscode.LogOutputChannel;
let status: vscode.StatusBarItem;

/** Pages with traces, by their address. */
const traces = new Map<string, Trace>();
const traceChanged = new vscode.EventEmitter<vscode.Uri>();
/** Pages with plans of clean-ups, by their address. */
const plans = new Map<string, string>();
const planChanged = new vscode.EventEmitter<vscode.Uri>();
let answerInPlace: vscode.TextEditorDecorationType;
/** The document that shows an answer at the end of a line. */
let answered: string | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel('nginx-analyzer', { log: true });
  status = vscode.window.createStatusBarItem('nginxAnalyzer.status', vscode.StatusBarAlignment.Right);
  status.name = 'nginx-analyzer';
  status.command = 'nginxAnalyzer.showLog';
  answerInPlace = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  context.subscriptions.push(
    log,
    status,
    answerInPlace,
    traceChanged,
    vscode.commands.registerCommand('nginxAnalyzer.whichLocation', (url?: unknown) => whichLocation(context, url)),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: traceChanged.event,
      provideTextDocumentContent: (uri) => traces.get(uri.toString())?.text ?? 'This trace is gone: ask again with “nginx: Which location serves …?”\n',
    }),
    vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, { provideDocumentLinks: (document) => links(document.uri) }),
    vscode.workspace.onDidCloseTextDocument((document) => traces.delete(document.uri.toString())),
    // What was asked holds for the text as it was.
    vscode.workspace.onDidChangeTextDocument((change) => {
      if (change.contentChanges.length > 0 && change.document.uri.toString() === answered) clearAnswer();
    }),
    planChanged,
    vscode.workspace.registerTextDocumentContentProvider(CLEANUP_SCHEME, {
      onDidChange: planChanged.event,
      provideTextDocumentContent: (uri) => plans.get(uri.toString()) ?? 'This plan is gone: ask for it again.\n',
    }),
    vscode.commands.registerCommand('nginxAnalyzer.cleanup', () => cleanUp('plan')),
    vscode.commands.registerCommand('nginxAnalyzer.cleanup.status', () => cleanUp('status')),
    vscode.commands.registerCommand('nginxAnalyzer.cleanup.finish', () => cleanUp('finish')),
    vscode.commands.registerCommand('nginxAnalyzer.cleanup.restore', () => cleanUp('restore')),
    vscode.commands.registerCommand('nginxAnalyzer.restart', () => restart(context)),
    vscode.commands.registerCommand('nginxAnalyzer.showLog', () => log.show()),
    vscode.commands.registerCommand('nginxAnalyzer.showVersion', () => showVersion(context)),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('nginxAnalyzer.server.path')) await restart(context);
    }),
  );
  await start(context);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

function server(context: vscode.ExtensionContext): Found | undefined {
  const configured = vscode.workspace.getConfiguration('nginxAnalyzer').get<string>('server.path', '');
  return findServer({ configured, extensionPath: context.extensionPath, platform: process.platform, env: process.env, isExecutable });
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const found = server(context);
  // A message is not waited for: as long as it stands there the extension would count as not yet active, and its commands would wait with it.
  if (!found) return void sayMissing();
  log.info(`starting ${found.command} (from ${found.from})`);
  const run: Executable = { command: found.command, args: found.args, transport: TransportKind.stdio };
  client = new LanguageClient('nginxAnalyzer', 'nginx-analyzer', { run, debug: run }, {
    documentSelector: [{ language: 'nginx' }],
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    synchronize: { configurationSection: 'nginxAnalyzer' },
    middleware: {
      // The client makes a command of each that the server has: what this one answers is a list to jump to.
      executeCommand: async (command: string, args: unknown[], next) => {
        const answer = await next(command, args);
        if (command === EVIDENCE) await showEvidence(answer as Evidence | null, args[0] as Asked);
        return answer;
      },
    },
  });
  client.onDidChangeState(({ newState }) => showState(newState));
  try {
    await client.start();
  } catch (error) {
    showState(State.Stopped);
    void saySick(`${found.command} (from ${found.from}) did not start: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function saySick(message: string): Promise<void> {
  const choice = await vscode.window.showErrorMessage(`nginx-analyzer: ${message}`, 'Show Log', 'Open Settings');
  if (choice === 'Show Log') log.show();
  if (choice === 'Open Settings') await openSettings();
}

async function restart(context: vscode.ExtensionContext): Promise<void> {
  const old = client;
  client = undefined;
  // A server that did not start, or died, can't be stopped: that is no reason not to start a new one.
  await old?.dispose().catch((error: unknown) => log.warn(`the old server did not stop: ${String(error)}`));
  await start(context);
}

function showState(state: State): void {
  const [icon, text] = state === State.Running ? ['', 'ready'] : state === State.Starting ? ['$(sync~spin) ', 'starting'] : ['$(error) ', 'stopped'];
  status.text = `${icon}nginx`;
  status.tooltip = `nginx-analyzer: ${text}. Click for the log.`;
  status.show();
}

async function sayMissing(): Promise<void> {
  showState(State.Stopped);
  const choice = await vscode.window.showErrorMessage(
    'nginx-analyzer: no server found. This build of the extension brings none for your system, and there is no `nginx-analyzer` on PATH. ' +
      'Install it with `cargo install nginx-analyzer`, or set the path to it.',
    'Open Settings',
  );
  if (choice) await openSettings();
}

async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', 'nginxAnalyzer.server.path');
}

async function showVersion(context: vscode.ExtensionContext): Promise<void> {
  const found = server(context);
  if (!found) return void sayMissing();
  const version = await new Promise<string>((resolve) =>
    execFile(found.command, ['--version'], { timeout: 5000 }, (error, stdout) => resolve(error ? `does not run: ${error.message}` : stdout.trim())),
  );
  const extension = (context.extension.packageJSON as { version: string }).version;
  await vscode.window.showInformationMessage(`${version} (${found.command}, from ${found.from}); extension ${extension}`);
}

/** What a code lens asks about. */
interface Asked {
  uri: string;
  position: { line: number; character: number };
}

/** Opens the list of places that show who uses a location, where the editor shows references. */
async function showEvidence(answer: Evidence | null, asked: Asked): Promise<void> {
  const what = shown(answer);
  if ('message' in what) return void vscode.window.showInformationMessage(what.message);
  const places = what.places.map((place) => new vscode.Location(vscode.Uri.parse(place.uri), toRange(place)));
  const at = new vscode.Position(asked.position.line, asked.position.character);
  await vscode.commands.executeCommand('editor.action.peekLocations', vscode.Uri.parse(asked.uri), at, places, 'peek');
}

const LAST = 'nginxAnalyzer.whichLocation.last';

/** The editor that a question is about: the active one, else the first with a configuration. */
function configurationEditor(): vscode.TextEditor | undefined {
  const is = (editor: vscode.TextEditor | undefined) => editor?.document.languageId === 'nginx';
  return is(vscode.window.activeTextEditor) ? vscode.window.activeTextEditor : vscode.window.visibleTextEditors.find(is);
}

/** Asks for a URL, unless one is given, opens its location with the answer behind it, and the whole way beside. */
async function whichLocation(context: vscode.ExtensionContext, given?: unknown): Promise<void> {
  const editor = configurationEditor();
  if (!editor) return void vscode.window.showInformationMessage('Open an nginx configuration first: the question is about the one in the editor.');
  const last = context.workspaceState.get<string>(LAST, '');
  const typed =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: 'Which location serves …?',
          prompt: 'A URL, or a path for the server at the cursor; a method may stand before it',
          placeHolder: 'http://gateway.example.com/api/x?limit=5',
          value: last,
        });
  const question = parseQuestion(typed ?? '');
  if (!question || typed === undefined) return;
  await context.workspaceState.update(LAST, typed.trim());
  if (!client?.isRunning()) return void vscode.window.showErrorMessage('nginx-analyzer: the server does not run.');
  const position = client.code2ProtocolConverter.asPosition(editor.selection.active);
  const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
  let trace: Trace;
  try {
    trace = await client.sendRequest<Trace>('workspace/executeCommand', { command: 'nginx-analyzer.trace', arguments: [{ uri, position, ...question }] });
  } catch (error) {
    return void vscode.window.showErrorMessage(`nginx-analyzer: ${error instanceof Error ? error.message : String(error)}`);
  }
  const column = editor.viewColumn;
  if (trace.location) await reveal(trace, trace.location, column);
  const page = vscode.Uri.from({ scheme: SCHEME, path: title(trace) });
  traces.set(page.toString(), trace);
  traceChanged.fire(page);
  const document = await vscode.workspace.openTextDocument(page);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
}

async function reveal(trace: Trace, location: Place, viewColumn: vscode.ViewColumn | undefined): Promise<void> {
  clearAnswer();
  const range = toRange(location);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(location.uri));
  const editor = await vscode.window.showTextDocument(document, { viewColumn, selection: new vscode.Range(range.start, range.start) });
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const end = document.lineAt(range.start.line).range.end;
  const hover = new vscode.MarkdownString().appendCodeblock(trace.text, 'text');
  editor.setDecorations(answerInPlace, [{ range: new vscode.Range(end, end), hoverMessage: hover, renderOptions: { after: { contentText: inPlace(trace) } } }]);
  answered = document.uri.toString();
}

/** Runs a step of a clean-up: shows what it would do, asks, and has it done. The server says how it went. */
async function cleanUp(step: Exclude<Step, 'apply'>): Promise<void> {
  const editor = configurationEditor();
  if (!editor) return void vscode.window.showInformationMessage('Open an nginx configuration first: the clean-up is of the one in the editor.');
  const running = client;
  if (!running?.isRunning()) return void vscode.window.showErrorMessage('nginx-analyzer: the server does not run.');
  if (step !== 'status' && !vscode.workspace.isTrusted) {
    return void vscode.window.showErrorMessage('nginx-analyzer: nothing is written in a workspace that you do not trust.');
  }
  const uri = running.code2ProtocolConverter.asUri(editor.document.uri);
  const ask = <T>(step: Step, more: object = {}) =>
    running.sendRequest<T>('workspace/executeCommand', { command: cleanupCommand(step), arguments: [{ uri, trusted: vscode.workspace.isTrusted, ...more }] });
  try {
    if (step === 'plan') {
      const plan = await ask<Plan>('plan');
      await showPlan('Clean-up', plan.text);
      if (await confirmed(askApply(plan))) await ask('apply');
    } else if (step === 'finish') {
      const plan = await ask<Plan>('finish', { dryRun: true });
      await showPlan('Delete what is due', plan.text);
      if (await confirmed(askFinish(plan))) await ask('finish');
    } else if (step === 'restore') {
      const items = choices(await ask<Status>('status'));
      if (items.length === 0) return void vscode.window.showInformationMessage('nginx-analyzer: there is no clean-up to take back.');
      const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: 'Which clean-up is taken back?' });
      if (!chosen) return;
      const restoration = await ask<Restoration>('restore', { id: chosen.id, dryRun: true });
      await showPlan('Restore', restoration.text);
      if (await confirmed(askRestore(restoration))) await ask('restore', { id: chosen.id });
    } else {
      await showPlan('Clean-up status', (await ask<Status>('status')).text);
    }
  } catch (error) {
    void vscode.window.showErrorMessage(`nginx-analyzer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function confirmed(asked: { question: string; detail: string; button: string } | undefined): Promise<boolean> {
  if (!asked) return false;
  return (await vscode.window.showWarningMessage(asked.question, { modal: true, detail: asked.detail }, asked.button)) === asked.button;
}

async function showPlan(title: string, text: string): Promise<void> {
  const page = vscode.Uri.from({ scheme: CLEANUP_SCHEME, path: title });
  plans.set(page.toString(), text);
  planChanged.fire(page);
  const document = await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(page), 'diff');
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
}

function clearAnswer(): void {
  answered = undefined;
  for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(answerInPlace, []);
}

function toRange({ range: { start, end } }: Pick<Place, 'range'>): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Every `file:line` of a page leads there. */
function links(page: vscode.Uri): vscode.DocumentLink[] {
  return (traces.get(page.toString())?.links ?? []).map(({ range, target }) => {
    const { line, character } = target.range.start;
    return new vscode.DocumentLink(toRange({ range }), vscode.Uri.parse(target.uri).with({ fragment: `L${line + 1},${character + 1}` }));
  });
}
