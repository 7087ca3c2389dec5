// What can be done with a node of the map, or of the trace.

import * as vscode from 'vscode';
import { evidence } from './evidenceCommand';
import type { MapNode } from './graph/map';
import { example, isCommentOut } from './mapTree';
import { jump, sayError, toRange } from './places';
import type { Session } from './session';
import type { Place } from './trace';
import type { TraceCommand } from './traceCommand';

export function mapMenu(session: Session, trace: TraceCommand): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('nginxAnalyzer.jump', (place: Place) => jump(place).catch(sayError)),
    vscode.commands.registerCommand('nginxAnalyzer.map.trace', (node: MapNode) => traceOf(trace, node).catch(sayError)),
    vscode.commands.registerCommand('nginxAnalyzer.map.evidence', (node: MapNode) => evidenceOf(session, node).catch(sayError)),
    vscode.commands.registerCommand('nginxAnalyzer.map.commentOut', ({ place }: MapNode) => (place ? commentOut(place).catch(sayError) : undefined)),
  );
}

/** Asks which location serves a URL, with one that the node suggests. */
export async function traceOf(trace: TraceCommand, node: MapNode): Promise<void> {
  // A path is asked of the server at the cursor: the cursor goes to the location first.
  if (node.place && node.kind !== 'route') await jump(node.place);
  await trace.run(undefined, example(node));
}

/** Shows who uses a location. */
export async function evidenceOf(session: Session, { place }: MapNode): Promise<void> {
  if (!place) return;
  await jump(place);
  await evidence(session, { uri: place.uri, position: place.range.start });
}

/** Takes the server's action that comments a block out; the editor's undo takes it back. */
async function commentOut(place: Place): Promise<void> {
  const editor = await jump(place);
  const { start } = toRange(place);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', editor.document.uri, new vscode.Range(start, start));
  const action = actions.find(({ edit }) => edit?.entries().every(([uri, edits]) => uri.toString() === editor.document.uri.toString() && isCommentOut(edits, start.line)));
  if (!action?.edit) return void vscode.window.showInformationMessage('nginx-analyzer: this block can not be commented out; the light bulb in its line says why.');
  await vscode.workspace.applyEdit(action.edit);
}
