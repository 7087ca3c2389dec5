// The tab with the graph of the gateway map. One for the window: asked for again it comes to the front, with the configuration that is asked for.

import * as vscode from 'vscode';
import { icon } from '../pages';
import type { Place, Position } from '../trace';
import { pageHtml } from './html';
import { everyNode, nodeAt, readMap, type GatewayMap, type MapNode } from './map';
import { readFromPage, type Kept, type ToPage } from './messages';

/** The type of the tab, by which the editor restores it. */
export const VIEW_TYPE = 'nginxAnalyzer.graph';

/** What the graph asks of the rest of the extension. */
export interface Ask {
  /** The server's answer about the configuration that a file belongs to, as it came. */
  map(uri: vscode.Uri): Promise<unknown>;
  /** Asks for a URL and traces it; the node is the server or location where this began. */
  trace(node: MapNode & { place: Place }): Promise<void>;
  /** Shows who uses a location. */
  evidence(node: MapNode & { place: Place }): Promise<void>;
  /** Fires when the answer about a configuration may have become another. */
  changed: vscode.Event<void>;
}

/** Changes come in bursts, with every key that is pressed: the map is asked for when there was none for so long. */
const QUIET_MS = 400;

let open: Panel | undefined;

/** Opens the graph of the configuration that a file belongs to, or brings it to the front; with a position, at what is there. */
export function openGraph(context: vscode.ExtensionContext, ask: Ask, uri: vscode.Uri, position?: Position): void {
  if (!open) {
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, 'Gateway map', vscode.ViewColumn.Beside, { enableScripts: true, localResourceRoots: [resources(context)] });
    open = new Panel(panel, context, ask, uri);
  } else {
    open.show(uri);
  }
  if (position) open.reveal(uri, position);
}

/** Brings the tab back when the editor was closed with it. */
export function graphSerializer(context: vscode.ExtensionContext, ask: Ask): vscode.WebviewPanelSerializer {
  return {
    deserializeWebviewPanel: async (panel, state: Kept | undefined) => {
      // A tab that says nothing of a configuration, or a second one, has nothing to show.
      if (!state?.uri || open) return panel.dispose();
      panel.webview.options = { enableScripts: true, localResourceRoots: [resources(context)] };
      open = new Panel(panel, context, ask, vscode.Uri.parse(state.uri));
    },
  };
}

const resources = (context: vscode.ExtensionContext): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, 'dist');

class Panel {
  private map: GatewayMap | undefined;
  private ready = false;
  /** Counts questions: an answer that is overtaken by a later question is dropped. */
  private asked = 0;
  private waiting = false;
  private timer: NodeJS.Timeout | undefined;
  /** What changed while the tab was hidden is asked for when it is seen again. */
  private stale = false;
  private wanted: { uri: string; position: Position } | undefined;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    context: vscode.ExtensionContext,
    private readonly ask: Ask,
    private uri: vscode.Uri,
  ) {
    const { webview } = panel;
    const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(resources(context), name)).toString();
    const chosen = vscode.workspace.getConfiguration('nginxAnalyzer').get<string | null>('language', null);
    const subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      panel.onDidChangeViewState(() => this.seen()),
      ask.changed(() => this.changed()),
    ];
    panel.onDidDispose(() => {
      clearTimeout(this.timer);
      open = undefined;
      for (const subscription of subscriptions) subscription.dispose();
    });
    webview.html = pageHtml({ script: file('graph.js'), style: file('graph.css'), source: webview.cspSource, language: chosen ?? vscode.env.language });
    panel.iconPath = icon(context.extensionUri);
    void this.refresh();
  }

  show(uri: vscode.Uri): void {
    this.panel.reveal();
    if (uri.toString() === this.uri.toString()) return;
    this.uri = uri;
    void this.refresh();
  }

  /** Shows what is at a place, now or when the map comes. */
  reveal(uri: vscode.Uri, position: Position): void {
    this.wanted = { uri: uri.toString(), position };
    this.revealWanted();
  }

  private revealWanted(): void {
    if (!this.ready || !this.map || !this.wanted) return;
    const node = nodeAt(this.map, this.wanted.uri, this.wanted.position);
    // While a question is on its way the map may be that of another configuration: what is not in it may be in the next one.
    if (node || !this.waiting) this.wanted = undefined;
    if (node) this.post({ type: 'reveal', id: node.id });
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.panel.visible) void this.refresh();
      else this.stale = true;
    }, QUIET_MS);
  }

  private seen(): void {
    if (!this.panel.visible) {
      // The editor throws the page away; what it showed it keeps itself.
      this.ready = false;
      return;
    }
    if (!this.stale) return;
    this.stale = false;
    void this.refresh();
  }

  private async refresh(): Promise<void> {
    const own = ++this.asked;
    const { uri } = this;
    this.waiting = true;
    this.post({ type: 'busy' });
    try {
      const map = readMap(await this.ask.map(uri));
      if (own !== this.asked) return;
      this.waiting = false;
      if (!map) return this.post({ type: 'failed', message: 'The server answered something else than a map. Is it of the version of this extension?' });
      this.map = map;
      this.panel.title = `Gateway map: ${map.configuration.split('/').at(-1) ?? ''}`;
      this.post({ type: 'map', map, uri: uri.toString() });
      this.revealWanted();
    } catch (error) {
      if (own !== this.asked) return;
      this.waiting = false;
      this.post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  private post(message: ToPage): void {
    if (this.ready) void this.panel.webview.postMessage(message);
  }

  private receive(message: unknown): void {
    const said = readFromPage(message);
    if (!said) return;
    if (said.type === 'ready') {
      this.ready = true;
      if (!this.map) return this.waiting ? this.post({ type: 'busy' }) : void this.refresh();
      this.post({ type: 'map', map: this.map, uri: this.uri.toString() });
      return this.revealWanted();
    }
    if (said.type === 'retry') return void this.refresh();
    const node = this.find(said.id);
    if (!node?.place) return;
    const placed = { ...node, place: node.place };
    const done = said.type === 'open' ? this.openPlace(node.place) : said.type === 'trace' ? this.ask.trace(placed) : this.ask.evidence(placed);
    done.catch((error: unknown) => void vscode.window.showErrorMessage(`nginx-analyzer: ${error instanceof Error ? error.message : String(error)}`));
  }

  private find(id: string): MapNode | undefined {
    for (const node of this.map ? everyNode(this.map) : []) if (node.id === id) return node;
    return undefined;
  }

  /** Opens a place beside the graph: where its file is open already, else in another column than this one. */
  private async openPlace({ uri, range }: Place): Promise<void> {
    const target = vscode.Uri.parse(uri);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === target.toString());
    const other = vscode.window.visibleTextEditors.find((editor) => editor.viewColumn !== undefined && editor.viewColumn !== this.panel.viewColumn);
    const selection = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
    const document = await vscode.workspace.openTextDocument(target);
    const editor = await vscode.window.showTextDocument(document, { viewColumn: shown?.viewColumn ?? other?.viewColumn ?? vscode.ViewColumn.Beside, selection });
    editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
