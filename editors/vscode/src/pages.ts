// Read-only pages that are made by the extension: their text, and links from it.

import * as vscode from 'vscode';
import { address, toRange } from './places';
import type { Place, Range } from './trace';

export interface Page {
  text: string;
  links?: { range: Range; target: Place }[];
}

/** The pages of one scheme. A page's path is what its tab is called. */
export class Pages<P extends Page = Page> implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
  private readonly pages = new Map<string, P>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(
    readonly scheme: string,
    /** What stands on a page whose text is gone, as after a start of the editor. */
    private readonly gone: string,
  ) {}

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(this.scheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: this.scheme }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === this.scheme && this.pages.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.toString())?.text ?? this.gone;
  }

  provideDocumentLinks({ uri }: vscode.TextDocument): vscode.DocumentLink[] {
    return (this.pages.get(uri.toString())?.links ?? []).map(({ range, target }) => new vscode.DocumentLink(toRange({ range }), address(target)));
  }

  get(uri: vscode.Uri): P | undefined {
    return this.pages.get(uri.toString());
  }

  uri(title: string, query = ''): vscode.Uri {
    return vscode.Uri.from({ scheme: this.scheme, path: title, query });
  }

  /** Puts a page in place of the one of the same address. */
  put(uri: vscode.Uri, page: P): void {
    this.pages.set(uri.toString(), page);
    this.changed.fire(uri);
  }

  /** Puts a page and shows it beside the editor. */
  async show(uri: vscode.Uri, page: P, language?: string, viewColumn: vscode.ViewColumn = vscode.ViewColumn.Beside): Promise<void> {
    this.put(uri, page);
    let document = await vscode.workspace.openTextDocument(uri);
    if (language && document.languageId !== language) document = await vscode.languages.setTextDocumentLanguage(document, language);
    // Closing it for another language took the text with it.
    this.put(uri, page);
    await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: viewColumn === vscode.ViewColumn.Beside, preview: true });
  }
}

/** A title without what a path can't hold. */
export const tab = (title: string): string => title.replaceAll('/', '∕');

/** The picture on the tab of a page that is no text: in colours of themes that are light, and of those that are dark. */
export function icon(extension: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  return { light: vscode.Uri.joinPath(extension, 'media', 'nginx.svg'), dark: vscode.Uri.joinPath(extension, 'media', 'nginx-dark.svg') };
}
