// Places of the protocol in the editor.

import * as vscode from 'vscode';
import type { Place } from './trace';

export function toRange({ range: { start, end } }: Pick<Place, 'range'>): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Opens a place with the cursor at its begin: where its file is shown, else among the texts, so that a tab like the graph stays. */
export async function jump(place: Place, viewColumn?: vscode.ViewColumn): Promise<vscode.TextEditor> {
  const { start } = toRange(place);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(place.uri));
  const { activeTextEditor, visibleTextEditors, tabGroups } = vscode.window;
  const shown = visibleTextEditors.find((editor) => editor.document === document);
  const beside = tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
  const column = viewColumn ?? shown?.viewColumn ?? activeTextEditor?.viewColumn ?? visibleTextEditors.find((editor) => editor.viewColumn !== undefined)?.viewColumn ?? beside;
  const editor = await vscode.window.showTextDocument(document, { viewColumn: column, selection: new vscode.Range(start, start) });
  editor.revealRange(toRange(place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return editor;
}

/** What a link leads to: a file, at a line. */
export function address(place: Place): vscode.Uri {
  const { line, character } = place.range.start;
  return vscode.Uri.parse(place.uri).with({ fragment: `L${line + 1},${character + 1}` });
}

/** Says what went wrong, where a person waits for an answer. */
export function sayError(error: unknown): void {
  void vscode.window.showErrorMessage(`nginx-analyzer: ${error instanceof Error ? error.message : String(error)}`);
}
