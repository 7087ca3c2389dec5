// Places of the protocol in the editor.

import * as vscode from 'vscode';
import type { Place } from './trace';

export function toRange({ range: { start, end } }: Pick<Place, 'range'>): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Opens a place with the cursor at its begin. */
export async function jump(place: Place, viewColumn?: vscode.ViewColumn): Promise<vscode.TextEditor> {
  const { start } = toRange(place);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(place.uri));
  const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start), ...(viewColumn !== undefined && { viewColumn }) });
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
