// The view with the last trace as a tree.

import * as vscode from 'vscode';
import type { Trace } from './trace';
import { rows, type Row } from './traceTree';

export const TRACE_VIEW = 'nginxAnalyzer.trace';

export class TraceView implements vscode.TreeDataProvider<Row> {
  private top: Row[] = [];
  private readonly parents = new Map<Row, Row>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Row>;

  constructor() {
    this.view = vscode.window.createTreeView(TRACE_VIEW, { treeDataProvider: this });
  }

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }

  async show(trace: Trace): Promise<void> {
    this.top = rows(trace);
    this.parents.clear();
    const pending = [...this.top];
    for (let row = pending.pop(); row; row = pending.pop()) for (const child of row.children) (this.parents.set(child, row), pending.push(child));
    this.view.description = `${trace.request.method} ${trace.request.url}`;
    await vscode.commands.executeCommand('setContext', 'nginxAnalyzer.traced', true);
    this.changed.fire();
  }

  getChildren(row?: Row): Row[] {
    return row ? row.children : this.top;
  }

  getParent(row: Row): Row | undefined {
    return this.parents.get(row);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children.length === 0 ? None : row.open ? Expanded : Collapsed);
    item.description = row.description;
    item.tooltip = [row.label, row.description].filter(Boolean).join('\n');
    item.iconPath = new vscode.ThemeIcon(row.icon);
    if (row.place) item.command = { title: 'Go there', command: 'nginxAnalyzer.jump', arguments: [row.place] };
    return item;
  }
}
