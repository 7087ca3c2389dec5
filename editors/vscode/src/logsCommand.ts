// "Choose Log Files …": which access logs are read.

import * as vscode from 'vscode';
import type { Current } from './configuration';
import { entry, joined } from './logFiles';
import { SECTION } from './server';

/** Asks for the files, unless some are given, as by a key binding. */
export async function chooseLogs(current: Current, given?: unknown): Promise<void> {
  const near = await current.find();
  const folder = (near && vscode.workspace.getWorkspaceFolder(near)) ?? vscode.workspace.workspaceFolders?.[0];
  if (!folder) return void vscode.window.showInformationMessage('Open the folder of the configuration first: the choice is kept in its settings.');
  const files = Array.isArray(given) ? given.filter((file) => file instanceof vscode.Uri) : [];
  if (files.length > 0) return setLogs(folder, files);
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: true,
    defaultUri: await logsFolder(folder.uri),
    title: 'Access logs to read (also .gz)',
    openLabel: 'Read',
  });
  if (!chosen || chosen.length === 0) return;
  await setLogs(folder, chosen);
}

/** Writes the setting; where there are some already, a person says whether these come to them. */
async function setLogs(folder: vscode.WorkspaceFolder, files: readonly vscode.Uri[]): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION, folder.uri);
  const names = files.map(({ path }) => entry(folder.uri.path, path));
  const before = settings.get<string[] | null>('logs.files') ?? [];
  let wanted = names;
  if (before.some((name) => !names.includes(name))) {
    const [add, only] = [`Add to ${before.join(', ')}`, 'Read only the chosen ones'];
    const how = await vscode.window.showQuickPick([add, only], { title: 'Other logs are read already' });
    if (!how) return;
    if (how === add) wanted = joined(before, names);
  }
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  await settings.update('logs.files', wanted, several ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace);
  void vscode.window.showInformationMessage(`nginx-analyzer reads ${wanted.join(', ')}. A list in nginx-analyzer.toml would count first.`);
}

/** Where logs mostly are. */
async function logsFolder(folder: vscode.Uri): Promise<vscode.Uri> {
  for (const name of ['logs', 'log']) {
    const uri = vscode.Uri.joinPath(folder, name);
    const there = await vscode.workspace.fs.stat(uri).then(
      ({ type }) => (type & vscode.FileType.Directory) !== 0,
      () => false,
    );
    if (there) return uri;
  }
  return folder;
}
