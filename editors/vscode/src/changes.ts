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
    this.parts = vscode.Disposable.from(
      this.emitter,
      session.onDidChange(({ process, said }) => {
        // A server that never says when it is done has done it with its start, as far as anybody can know.
        const done = process === 'running' && (said?.quiescent ?? true);
        if (done !== quiet) this.emitter.fire();
        quiet = done;
      }),
      vscode.workspace.onDidSaveTextDocument((document) => isConfiguration(document) && this.emitter.fire()),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }
}
