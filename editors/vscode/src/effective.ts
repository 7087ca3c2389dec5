// The effective configuration: all that is included put in its place, on a read-only page. Its lines lead back to the files.

import * as vscode from 'vscode';
import type { Changes } from './changes';
import { configurationEditor, type Current } from './configuration';
import { Pages, tab, type Page } from './pages';
import { sayError, toRange } from './places';
import type { Session } from './session';
import type { Place } from './trace';

export const EFFECTIVE_SCHEME = 'nginx-analyzer-effective';

interface Effective extends Page {
  title: string;
  /** Of each line that a file has, by ascending line. */
  origins: { line: number; place: Place }[];
}

export class EffectiveCommand implements vscode.Disposable, vscode.DefinitionProvider {
  private readonly pages = new Pages<Effective>(EFFECTIVE_SCHEME, '# This page is gone: ask again with “nginx: Show Effective Configuration”\n');
  private readonly parts: vscode.Disposable;

  constructor(
    private readonly session: Session,
    private readonly current: Current,
    changes: Changes,
  ) {
    this.parts = vscode.Disposable.from(
      this.pages.register(),
      vscode.languages.registerDefinitionProvider({ scheme: EFFECTIVE_SCHEME }, this),
      vscode.commands.registerCommand('nginxAnalyzer.effective', () => this.run()),
      // What is open stays true.
      changes.event(() => this.refresh()),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }

  /** The line in its file. */
  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.DefinitionLink[] | undefined {
    const origin = this.pages.get(document.uri)?.origins.find(({ line }) => line === position.line);
    if (!origin) return undefined;
    const targetRange = toRange(origin.place);
    return [{ originSelectionRange: document.lineAt(position.line).range, targetUri: vscode.Uri.parse(origin.place.uri), targetRange }];
  }

  private ask(uri: string): Promise<Effective> {
    return this.session.ask<Effective>('nginx-analyzer.effective', { uri });
  }

  private async run(): Promise<void> {
    const uri = await this.current.find();
    if (!uri) return void vscode.window.showInformationMessage('Open an nginx configuration first: what is shown is the one in the editor.');
    const line = configurationEditor()?.selection.active.line ?? 0;
    try {
      const effective = await this.ask(uri.toString());
      await this.pages.show(this.pages.uri(tab(effective.title), uri.toString()), effective, 'nginx', vscode.ViewColumn.Active);
      toLine(uri, line, effective);
    } catch (error) {
      sayError(error);
    }
  }

  private async refresh(): Promise<void> {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme !== EFFECTIVE_SCHEME || !uri.query) continue;
      const effective = await this.ask(uri.query).catch(() => undefined);
      if (effective) this.pages.put(uri, effective);
    }
  }
}

/** The cursor goes where it was in the file. */
function toLine(uri: vscode.Uri, line: number, { origins }: Effective): void {
  const page = vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === EFFECTIVE_SCHEME);
  const found = origins.find(({ place }) => place.uri === uri.toString() && place.range.start.line >= line);
  if (!page || !found) return;
  const at = new vscode.Position(found.line, 0);
  page.selection = new vscode.Selection(at, at);
  page.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
