// When what the server says of a configuration may have become something else.

import * as vscode from 'vscode';
import { isConfiguration } from './configuration';
import type { Session } from './session';

export class Changes implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly event = this.emitter.event;
  private readonly parts: vscode.Disposable;

  constructor(session: Session) {
    let quiet = false;
    const found = new Set<string>();
    this.parts = vscode.Disposable.from(
      this.emitter,
      session.onDidChange(({ process, said }) => {
        // A server that never says when it is done has done it with its start, as far as anybody can know.
        const done = process === 'running' && (said?.quiescent ?? true);
        if (done !== quiet) this.emitter.fire();
        quiet = done;
      }),
      // What is found changes with the texts, with the files on the disk, and with the logs.
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const ours = uris.filter((uri) => {
          const key = uri.toString();
          const before = found.has(key);
          if (vscode.languages.getDiagnostics(uri).some(({ source }) => source === 'nginx-analyzer')) found.add(key);
          else found.delete(key);
          return before || found.has(key);
        });
        if (ours.length > 0) this.emitter.fire();
      }),
      vscode.workspace.onDidSaveTextDocument((document) => isConfiguration(document) && this.emitter.fire()),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }
}
