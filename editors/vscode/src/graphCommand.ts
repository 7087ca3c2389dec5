// "Show Graph": the tab with the graph, and what it asks of the rest.

import * as vscode from 'vscode';
import type { Changes } from './changes';
import { configurationEditor, type Current } from './configuration';
import { COMMAND } from './graph/map';
import { VIEW_TYPE, graphSerializer, openGraph, type Ask } from './graph/panel';
import { evidenceOf, traceOf } from './mapMenu';
import type { Session } from './session';
import type { TraceCommand } from './traceCommand';

export function graphCommand(context: vscode.ExtensionContext, session: Session, current: Current, changes: Changes, trace: TraceCommand): vscode.Disposable {
  const ask: Ask = {
    map: (uri) => session.ask<unknown>(COMMAND, { uri: uri.toString() }),
    trace: (node) => traceOf(trace, node),
    evidence: (node) => evidenceOf(session, node),
    changed: changes.event,
  };
  return vscode.Disposable.from(
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, graphSerializer(context, ask)),
    vscode.commands.registerCommand('nginxAnalyzer.showGraph', async () => {
      const uri = await current.find();
      if (!uri) return void vscode.window.showInformationMessage('Open an nginx configuration first: the graph is of the one in the editor.');
      openGraph(context, ask, uri, configurationEditor()?.selection.active);
    }),
  );
}
