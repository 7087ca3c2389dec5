// Which server runs, and where it was found.

import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import type { Session } from './session';

export async function showVersion(session: Session, extension: string): Promise<void> {
  const found = session.find();
  if (!found) return void vscode.window.showErrorMessage('nginx-analyzer: no server found.');
  const version = await new Promise<string>((resolve) =>
    execFile(found.command, ['--version'], { timeout: 5000 }, (error, stdout) => resolve(error ? `does not run: ${error.message}` : stdout.trim())),
  );
  await vscode.window.showInformationMessage(`${version} (${found.command}, from ${found.from}); extension ${extension}`);
}
