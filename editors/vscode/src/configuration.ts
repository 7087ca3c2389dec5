// Which configuration a command or a view is about.

import * as vscode from 'vscode';

const is = (document: vscode.TextDocument | undefined): boolean => document?.languageId === 'nginx' && (document.uri.scheme === 'file' || document.uri.scheme === 'untitled');

/** The configuration in the editor: the active one, else the first that is to be seen. */
export function configurationEditor(): vscode.TextEditor | undefined {
  const active = vscode.window.activeTextEditor;
  return is(active?.document) ? active : vscode.window.visibleTextEditors.find(({ document }) => is(document));
}

/** The same, or a sentence for the person that there is none. */
export function needEditor(about: string): vscode.TextEditor | undefined {
  const editor = configurationEditor();
  if (!editor) void vscode.window.showInformationMessage(`Open an nginx configuration first: ${about} is of the one in the editor.`);
  return editor;
}

/** Remembers the configuration that was in the editor last. */
export class Current implements vscode.Disposable {
  private uri: vscode.Uri | undefined;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** Another file is in the editor. */
  readonly onDidChange = this.changed.event;
  private readonly listener: vscode.Disposable;

  constructor() {
    this.uri = configurationEditor()?.document.uri;
    this.listener = vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (!is(editor?.document) || editor?.document.uri.toString() === this.uri?.toString()) return;
      this.uri = editor?.document.uri;
      if (this.uri) this.changed.fire(this.uri);
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }

  /** The file in the editor, or that was there last, or the `nginx.conf` of the workspace. */
  async find(): Promise<vscode.Uri | undefined> {
    const editor = configurationEditor();
    if (editor) this.uri = editor.document.uri;
    return this.uri ?? (await inWorkspace());
  }
}

/** The `nginx.conf` with the shortest path: what is deeper is rather an example or a test. */
export async function inWorkspace(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/nginx.conf', '**/node_modules/**', 50);
  return found.sort((a, b) => a.path.split('/').length - b.path.split('/').length || a.path.localeCompare(b.path))[0];
}

/** True where the workspace is one for this extension. */
export async function isHere(): Promise<boolean> {
  if (vscode.workspace.textDocuments.some(is)) return true;
  return (await inWorkspace()) !== undefined || (await vscode.workspace.findFiles('nginx-analyzer.toml', undefined, 1)).length > 0;
}

export { is as isConfiguration };
