// Who uses a location: behind a code lens, from the cursor, and from the map.

import * as vscode from 'vscode';
import { needEditor } from './configuration';
import { EVIDENCE, headers, shown, type Evidence } from './evidence';
import { sayError, toRange } from './places';
import type { Session } from './session';
import type { Position } from './trace';

/** What a code lens asks about. */
export interface Asked {
  uri: string;
  position: Position;
}

/** Opens the list of places that show who uses a location, where the editor shows references. */
export async function showEvidence(answer: Evidence | null, asked: Asked): Promise<void> {
  const what = shown(answer);
  if ('message' in what) return void vscode.window.showInformationMessage(what.message);
  const places = what.places.map((place) => new vscode.Location(vscode.Uri.parse(place.uri), toRange(place)));
  const at = new vscode.Position(asked.position.line, asked.position.character);
  await vscode.commands.executeCommand('editor.action.peekLocations', vscode.Uri.parse(asked.uri), at, places, 'peek');
}

/** The evidence of the location that the cursor is in, or that is given. */
export async function evidence(session: Session, given?: Asked): Promise<void> {
  try {
    if (given) return await showEvidence(await session.ask<Evidence | null>(EVIDENCE, given), given);
    const editor = needEditor('the question');
    if (!editor) return;
    const uri = editor.document.uri.toString();
    for (const position of headers(editor.document.getText().split(/\r?\n/), editor.selection.active.line)) {
      const answer = await session.ask<Evidence | null>(EVIDENCE, { uri, position });
      if (answer) return await showEvidence(answer, { uri, position });
    }
    void vscode.window.showInformationMessage('nginx-analyzer: the cursor is in no location of which something is known.');
  } catch (error) {
    sayError(error);
  }
}
