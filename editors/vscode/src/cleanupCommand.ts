// Clean-ups: shown, asked for, made by the server, taken back.

import * as vscode from 'vscode';
import { CLEANUP_SCHEME, askApply, askFinish, askRestore, choices, command, type Plan, type Restoration, type Status, type Step } from './cleanup';
import { needEditor } from './configuration';
import { Pages, tab } from './pages';
import { apply, parse } from './patch';
import { sayError } from './places';
import type { Session } from './session';

type Asked = { question: string; detail: string; button: string } | undefined;
type Shown = { text: string; diff?: string };

export class CleanupCommand implements vscode.Disposable {
  private readonly pages = new Pages(CLEANUP_SCHEME, 'This plan is gone: ask for it again.\n');
  private readonly parts: vscode.Disposable;

  constructor(private readonly session: Session) {
    this.parts = vscode.Disposable.from(
      this.pages.register(),
      vscode.commands.registerCommand('nginxAnalyzer.cleanup', () => this.run('plan')),
      vscode.commands.registerCommand('nginxAnalyzer.cleanup.status', () => this.run('status')),
      vscode.commands.registerCommand('nginxAnalyzer.cleanup.finish', () => this.run('finish')),
      vscode.commands.registerCommand('nginxAnalyzer.cleanup.restore', () => this.run('restore')),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }

  /** Runs a step: shows what it would do, asks, and has it done. The server says how it went. */
  private async run(step: Exclude<Step, 'apply'>): Promise<void> {
    const editor = needEditor('the clean-up');
    if (!editor) return;
    if (step !== 'status' && !vscode.workspace.isTrusted) return sayUntrusted();
    const { uri } = editor.document;
    const ask = <T>(step: Step, more: object = {}) => this.session.askAtRest<T>(command(step), { uri: uri.toString(), trusted: vscode.workspace.isTrusted, ...more });
    try {
      if (step === 'plan') {
        await this.carryOut('Clean-up', uri, () => ask<Plan>('plan'), askApply, () => ask('apply'));
      } else if (step === 'finish') {
        await this.carryOut('Delete what is due', uri, () => ask<Plan>('finish', { dryRun: true }), askFinish, () => ask('finish'));
      } else if (step === 'restore') {
        const items = choices(await ask<Status>('status'));
        if (items.length === 0) return void vscode.window.showInformationMessage('nginx-analyzer: there is no clean-up to take back.');
        const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: 'Which clean-up is taken back?' });
        if (!chosen) return;
        const { id } = chosen;
        await this.carryOut('Restore', uri, () => ask<Restoration>('restore', { id, dryRun: true }), askRestore, () => ask('restore', { id }));
      } else {
        await this.page('Clean-up status', (await ask<Status>('status')).text);
      }
    } catch (error) {
      sayError(error);
    }
  }

  /** Does what a person agreed to, and nothing else: what has changed since it was shown is shown again. */
  private async carryOut<T extends Shown>(title: string, near: vscode.Uri, look: () => Promise<T>, question: (shown: T) => Asked, act: () => Promise<unknown>): Promise<void> {
    for (let shown = await look(); ; ) {
      if (!(await this.confirmed(title, near, shown, question(shown)))) return;
      const now = await look();
      if (now.diff === shown.diff) return void (await act());
      void vscode.window.showInformationMessage('nginx-analyzer: more is known now than when this was shown. Please look at it again.');
      shown = now;
    }
  }

  /** Shows the page with the reasons and the diff, then asks; *Compare* shows the files side by side, and asks again. */
  private async confirmed(title: string, near: vscode.Uri, { text, diff }: Shown, asked: Asked): Promise<boolean> {
    await this.page(title, text);
    if (!asked) return false;
    const { question, detail, button } = asked;
    const compare = 'Compare Files';
    for (let modal = true; ; modal = false) {
      const buttons = modal && diff ? [button, compare] : [button];
      // The second question leaves the comparison to be read.
      const chosen = await vscode.window.showWarningMessage(modal ? question : `nginx-analyzer: ${question}`, { modal, ...(modal && { detail }) }, ...buttons);
      if (chosen === button) await this.closeComparison();
      if (chosen !== compare) return chosen === button;
      await this.compare(title, near, diff ?? '');
    }
  }

  private async compare(title: string, near: vscode.Uri, diff: string): Promise<void> {
    const folder = (vscode.workspace.getWorkspaceFolder(near) ?? vscode.workspace.workspaceFolders?.[0])?.uri ?? vscode.Uri.joinPath(near, '..');
    const sides: [vscode.Uri, vscode.Uri, vscode.Uri][] = [];
    for (const patch of parse(diff)) {
      const file = patch.file.startsWith('/') ? vscode.Uri.file(patch.file) : vscode.Uri.joinPath(folder, patch.file);
      const text = apply((await vscode.workspace.openTextDocument(file)).getText().replaceAll('\r\n', '\n'), patch);
      // The file is not what the plan was made of any more: the page with the diff still says what is meant.
      if (text === undefined) return;
      const after = this.pages.uri(`/after/${patch.file}`);
      this.pages.put(after, { text });
      sides.push([file, file, after]);
    }
    const [only] = sides;
    if (sides.length === 1 && only) await vscode.commands.executeCommand('vscode.diff', only[1], only[2], `${title}: ${vscode.workspace.asRelativePath(only[0])}`);
    else if (sides.length > 1) await vscode.commands.executeCommand('vscode.changes', title, sides);
  }

  /** Once it is done there is nothing left to compare. */
  private async closeComparison(): Promise<void> {
    const ours = (tab: vscode.Tab) => tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.scheme === CLEANUP_SCHEME;
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(ours);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  }

  private page(title: string, text: string): Promise<void> {
    return this.pages.show(this.pages.uri(tab(title)), { text }, 'nginx-plan');
  }
}

async function sayUntrusted(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const chosen = await vscode.window.showWarningMessage('nginx-analyzer: nothing is written in a workspace that you do not trust.', manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}
