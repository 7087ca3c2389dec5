// The view "Gateway Map": servers, their locations, who answers them, and the routes that requests get to.

import * as vscode from 'vscode';
import type { Changes } from './changes';
import type { Current } from './configuration';
import { COMMAND, nodeAt, readMap, type GatewayMap, type MapNode, type Verdict } from './graph/map';
import { count, filtered, row, WORDS } from './mapTree';
import type { Session } from './session';

export const MAP_VIEW = 'nginxAnalyzer.map';
const FILTER = 'nginxAnalyzer.map.filter';
/** A pause in what changes, in milliseconds, before the map is asked for anew. */
const PAUSE = 300;

export class MapView implements vscode.TreeDataProvider<MapNode>, vscode.Disposable {
  private map: GatewayMap | undefined;
  private top: MapNode[] = [];
  private readonly parents = new Map<string, MapNode>();
  private readonly nodes = new Map<string, MapNode>();
  private verdicts: Set<Verdict>;
  /** What is shown is no longer what the server would say. */
  private stale = true;
  private asked = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<MapNode>;
  private readonly parts: vscode.Disposable;

  constructor(
    private readonly session: Session,
    private readonly current: Current,
    changes: Changes,
    private readonly memory: vscode.Memento,
  ) {
    this.verdicts = new Set(memory.get<Verdict[]>(FILTER, []));
    this.view = vscode.window.createTreeView(MAP_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.parts = vscode.Disposable.from(
      this.view,
      this.changed,
      this.view.onDidChangeVisibility(() => this.later(0)),
      changes.event(() => this.outdated()),
      current.onDidChange(() => this.outdated()),
      vscode.commands.registerCommand('nginxAnalyzer.map.refresh', () => this.refresh()),
      vscode.commands.registerCommand('nginxAnalyzer.map.filter', () => this.filter()),
      vscode.commands.registerCommand('nginxAnalyzer.map.clearFilter', () => this.setFilter([])),
      vscode.commands.registerCommand('nginxAnalyzer.map.reveal', () => this.revealCursor()),
    );
    void this.showFilter();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.parts.dispose();
  }

  getChildren(node?: MapNode): MapNode[] {
    if (!node && this.stale && this.map === undefined) this.later(0);
    return node ? node.children : this.top;
  }

  getParent(node: MapNode): MapNode | undefined {
    return this.parents.get(node.id);
  }

  getTreeItem(node: MapNode): vscode.TreeItem {
    const { label, description, tooltip, icon, colour, context } = row(node);
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(label, node.children.length === 0 ? None : node.kind === 'server' ? Expanded : Collapsed);
    item.id = node.id;
    item.description = description;
    item.tooltip = tooltip;
    item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
    item.contextValue = context;
    item.accessibilityInformation = { label: `${node.kind} ${tooltip.replaceAll('\n', ', ')}` };
    if (node.place) item.command = { title: 'Go there', command: 'nginxAnalyzer.jump', arguments: [node.place] };
    return item;
  }

  /** Asks the server for the map, and shows it. */
  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    const mine = ++this.asked;
    this.stale = false;
    if (!this.map) this.view.message = 'Reading the configuration …';
    const uri = await this.current.find();
    if (!uri) return this.show(mine, undefined, 'none');
    await this.session.ensureStarted();
    if (!this.session.has(COMMAND)) return this.show(mine, undefined, this.session.condition.process === 'running' ? 'old' : 'stopped');
    try {
      const map = readMap(await this.session.ask<unknown>(COMMAND, { uri: uri.toString() }));
      await this.show(mine, map, map ? 'shown' : 'old');
    } catch (error) {
      this.session.log.warn(`no map of ${uri.toString()}: ${error instanceof Error ? error.message : String(error)}`);
      await this.show(mine, undefined, 'none');
    }
  }

  private async show(mine: number, map: GatewayMap | undefined, state: 'none' | 'old' | 'stopped' | 'shown'): Promise<void> {
    if (mine !== this.asked) return;
    this.map = map;
    this.arrange();
    await vscode.commands.executeCommand('setContext', 'nginxAnalyzer.mapState', state);
  }

  private arrange(): void {
    const { map } = this;
    this.top = map ? filtered(map.nodes, this.verdicts) : [];
    this.parents.clear();
    this.nodes.clear();
    const pending = [...this.top];
    for (let node = pending.pop(); node; node = pending.pop()) {
      this.nodes.set(node.id, node);
      for (const child of node.children) {
        this.parents.set(child.id, node);
        pending.push(child);
      }
    }
    const only = [...this.verdicts].map((verdict) => WORDS[verdict]).join(', ');
    this.view.description = map ? [map.configuration, only && `only ${only}`].filter(Boolean).join(' · ') : '';
    this.view.message = map?.note ?? (map && this.top.length === 0 && only ? `No location is ${only}.` : '');
    const dead = map ? count(map).dead : 0;
    this.view.badge = dead > 0 ? { value: dead, tooltip: `${dead} dead location${dead === 1 ? '' : 's'}` } : undefined;
    this.changed.fire();
  }

  private outdated(): void {
    this.stale = true;
    this.later(PAUSE);
  }

  /** Asks when nothing has changed for a while, and only where somebody looks. */
  private later(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.view.visible && this.stale) void this.refresh();
    }, pause);
  }

  private async filter(): Promise<void> {
    const counts = this.map && count(this.map);
    const items = (Object.keys(WORDS) as Verdict[]).map((verdict) => ({ label: WORDS[verdict], description: counts ? String(counts[verdict]) : '', picked: this.verdicts.has(verdict), verdict }));
    const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, title: 'Show only locations that are …', placeHolder: 'Nothing chosen: all of them' });
    if (chosen) await this.setFilter(chosen.map(({ verdict }) => verdict));
  }

  async setFilter(verdicts: Verdict[]): Promise<void> {
    this.verdicts = new Set(verdicts);
    await this.memory.update(FILTER, verdicts);
    await this.showFilter();
    this.arrange();
  }

  private async showFilter(): Promise<void> {
    await vscode.commands.executeCommand('setContext', 'nginxAnalyzer.mapFiltered', this.verdicts.size > 0);
  }

  /** Shows the location that the cursor is in. */
  private async revealCursor(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    if (this.stale || !this.map) await this.refresh();
    if (!this.map) return void vscode.commands.executeCommand(`${MAP_VIEW}.focus`);
    const found = nodeAt(this.map, editor.document.uri.toString(), editor.selection.active);
    if (found && !this.nodes.has(found.id)) await this.setFilter([]);
    const node = found && this.nodes.get(found.id);
    if (!node) return void vscode.window.showInformationMessage('nginx-analyzer: the cursor is in no server of this configuration.');
    await this.view.reveal(node, { select: true, focus: true, expand: true });
  }
}
