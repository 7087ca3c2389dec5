// Where everything begins: which subject has which commands and views. What they do is in their own files.

import * as vscode from 'vscode';
import { Changes } from './changes';
import { CleanupCommand } from './cleanupCommand';
import type { Condition } from './condition';
import { Current, isConfiguration, isHere } from './configuration';
import { EffectiveCommand } from './effective';
import { EVIDENCE, type Evidence } from './evidence';
import { evidence, showEvidence, type Asked } from './evidenceCommand';
import { graphCommand } from './graphCommand';
import { detectLanguage } from './language';
import { chooseLogs } from './logsCommand';
import { mapMenu } from './mapMenu';
import { MapView } from './mapView';
import { ReportCommand } from './report';
import { SECTION } from './server';
import { Session } from './session';
import { statusItem } from './statusItem';
import { TraceCommand } from './traceCommand';
import type { TraceView } from './traceView';
import { showVersion } from './version';

let session: Session | undefined;

/** What is inside, for the tests in the extension host. */
export interface Inside {
  map: MapView;
  trace: TraceView;
  condition(): Condition;
}

export async function activate(context: vscode.ExtensionContext): Promise<Inside> {
  const log = vscode.window.createOutputChannel('nginx-analyzer', { log: true });
  const running = new Session(context, log, async (command, args: unknown[], next) => {
    // The client makes a command of each that the server has: what this one answers is a list to jump to.
    const answer = await next(command, args);
    if (command === EVIDENCE) await showEvidence(answer as Evidence | null, args[0] as Asked);
    return answer;
  });
  session = running;
  const current = new Current();
  const changes = new Changes(running);
  const trace = new TraceCommand(running, context.workspaceState);
  const map = new MapView(running, current, changes, context.workspaceState);
  const { version } = context.extension.packageJSON as { version: string };
  context.subscriptions.push(
    log,
    current,
    changes,
    statusItem(running),
    trace,
    map,
    mapMenu(running, trace),
    graphCommand(context, running, current, changes, trace),
    new CleanupCommand(running),
    new ReportCommand(running, current, context.extensionUri),
    new EffectiveCommand(running, current, changes),
    detectLanguage(),
    vscode.commands.registerCommand('nginxAnalyzer.evidence', () => evidence(running)),
    vscode.commands.registerCommand('nginxAnalyzer.chooseLogs', (files?: unknown) => chooseLogs(current, files)),
    vscode.commands.registerCommand('nginxAnalyzer.restart', () => running.restart()),
    vscode.commands.registerCommand('nginxAnalyzer.showLog', () => log.show()),
    vscode.commands.registerCommand('nginxAnalyzer.showVersion', () => showVersion(running, version)),
    vscode.workspace.onDidOpenTextDocument((document) => isConfiguration(document) && void running.ensureStarted()),
    // In a workspace that is not trusted the server reads less: it learns at its start what it may.
    vscode.workspace.onDidGrantWorkspaceTrust(() => running.restart()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration(`${SECTION}.server.path`)) await running.restart();
    }),
  );
  await vscode.commands.executeCommand('setContext', 'nginxAnalyzer.active', true);
  if (await isHere()) await running.ensureStarted();
  return { map, trace: trace.view, condition: () => running.condition };
}

export async function deactivate(): Promise<void> {
  await session?.dispose();
}
