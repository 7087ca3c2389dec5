// Files whose names don't tell, or tell wrong, as `conf.d/default.conf` outside of a folder `nginx`, or Supervisor's `nginx.conf`: what they begin with does.

import * as vscode from 'vscode';
import { looksForeign, looksLikeNginx, mayBeNginx } from './detect';

/** How much of a file is looked at. */
const BEGIN = 200;

/** Gives files the language that their names leave open. A person's `files.associations` go first, and so does a choice that was made. */
export function detectLanguage(): vscode.Disposable {
  const chosen = new Set<string>();
  const look = (document: vscode.TextDocument) => {
    const key = document.uri.toString();
    if (document.uri.scheme !== 'file' || chosen.has(key)) return;
    chosen.add(key);
    const ours = document.languageId === 'nginx';
    if ((!ours && !mayBeNginx(document.uri.path, document.languageId)) || isAssociated(document)) return;
    const begin = document.getText(new vscode.Range(0, 0, BEGIN, 0));
    // Supervisor, fail2ban and others have a file `nginx.conf` too.
    if (ours ? looksForeign(begin) : looksLikeNginx(begin)) void vscode.languages.setTextDocumentLanguage(document, ours ? 'properties' : 'nginx');
  };
  vscode.workspace.textDocuments.forEach(look);
  return vscode.workspace.onDidOpenTextDocument(look);
}

/** Whether somebody said what such files are. */
function isAssociated({ uri }: vscode.TextDocument): boolean {
  const associations = vscode.workspace.getConfiguration('files', uri).get<Record<string, string>>('associations', {});
  return Object.keys(associations).some((pattern) => vscode.languages.match({ pattern: pattern.includes('/') ? pattern : `**/${pattern}` }, { uri } as vscode.TextDocument) > 0);
}
