import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State, TransportKind, type Executable } from 'vscode-languageclient/node';
import { findServer, isExecutable, type Found } from './server';

let client: LanguageClient | undefined;
let log: vscode.LogOutputChannel;
let status: vscode.StatusBarItem;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel('nginx-analyzer', { log: true });
  status = vscode.window.createStatusBarItem('nginxAnalyzer.status', vscode.StatusBarAlignment.Right);
  status.name = 'nginx-analyzer';
  status.command = 'nginxAnalyzer.showLog';
  context.subscriptions.push(
    log,
    status,
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
