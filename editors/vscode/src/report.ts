// The report: who uses what, what can go. Shown as Markdown or HTML, and saved where a person wants it.

import * as vscode from 'vscode';
import type { Current } from './configuration';
import { Pages, icon } from './pages';
import { sayError } from './places';
import type { Session } from './session';

export type Format = 'markdown' | 'html';
interface Report {
  title: string;
  text: string;
}

export const REPORT_SCHEME = 'nginx-analyzer-report';
const ENDS: Readonly<Record<Format, string>> = { markdown: 'md', html: 'html' };
const CHOICES: readonly { label: string; description: string; format: Format }[] = [
  { label: '$(markdown) Markdown', description: 'in the preview of the editor; for a pull request or a wiki', format: 'markdown' },
  { label: '$(browser) HTML', description: 'one page; for a browser or a mail', format: 'html' },
];

export class ReportCommand implements vscode.Disposable {
  private readonly pages = new Pages(REPORT_SCHEME, 'This report is gone: ask again with “nginx: Write Report …”\n');
  private readonly parts: vscode.Disposable;
  private panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly session: Session,
    private readonly current: Current,
    private readonly extension: vscode.Uri,
  ) {
    this.parts = vscode.Disposable.from(
      this.pages.register(),
      vscode.commands.registerCommand('nginxAnalyzer.report', (format?: unknown) => this.run(format === 'markdown' || format === 'html' ? format : undefined)),
    );
  }

  dispose(): void {
    this.parts.dispose();
    this.panel?.dispose();
  }

  private async run(given: Format | undefined): Promise<void> {
    const uri = await this.current.find();
    if (!uri) return void vscode.window.showInformationMessage('Open an nginx configuration first: the report is of the one in the editor.');
    const format = given ?? (await vscode.window.showQuickPick(CHOICES, { title: 'Write the report as …' }))?.format;
    if (!format) return;
    try {
      const ask = () => this.session.askAtRest<Report>('nginx-analyzer.report', { uri: uri.toString(), format });
      const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'nginx-analyzer: writing the report' }, ask);
      await (format === 'html' ? this.html(report) : this.markdown(report));
      void this.offerSave(report, format, uri);
    } catch (error) {
      sayError(error);
    }
  }

  private async markdown(report: Report): Promise<void> {
    const page = this.pages.uri('/report.md');
    this.pages.put(page, report);
    await vscode.workspace.openTextDocument(page);
    await vscode.commands.executeCommand('markdown.showPreview', page);
  }

  /** The page brings its own policy, which allows nothing from elsewhere; its script sorts and folds. */
  private html({ title, text }: Report): void {
    if (!this.panel) {
      this.panel = vscode.window.createWebviewPanel('nginxAnalyzer.report', title, vscode.ViewColumn.Active, { enableScripts: true, enableFindWidget: true, localResourceRoots: [] });
      this.panel.iconPath = icon(this.extension);
      this.panel.onDidDispose(() => (this.panel = undefined));
    }
    this.panel.title = title;
    this.panel.webview.html = text;
    this.panel.reveal();
  }

  private async offerSave({ text }: Report, format: Format, near: vscode.Uri): Promise<void> {
    const save = 'Save As …';
    if ((await vscode.window.showInformationMessage('nginx-analyzer: the report is written.', save)) !== save) return;
    const folder = vscode.workspace.getWorkspaceFolder(near)?.uri ?? vscode.Uri.joinPath(near, '..');
    const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(folder, `nginx-report.${ENDS[format]}`), filters: { [format === 'html' ? 'HTML' : 'Markdown']: [ENDS[format]] } });
    if (!target) return;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text)).then(undefined, sayError);
  }
}
