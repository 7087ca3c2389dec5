// The item in the status bar, and the menu behind it.

import * as vscode from 'vscode';
import { show } from './condition';
import type { Session } from './session';

const MENU = [
  { label: '$(output) Show Log', command: 'nginxAnalyzer.showLog' },
  { label: '$(debug-restart) Restart Server', command: 'nginxAnalyzer.restart' },
  { label: '$(list-tree) Gateway Map', command: 'nginxAnalyzer.map.focus' },
  { label: '$(type-hierarchy) Show Graph', command: 'nginxAnalyzer.showGraph' },
  { label: '$(book) Write Report …', command: 'nginxAnalyzer.report' },
  { label: '$(versions) Show Version', command: 'nginxAnalyzer.showVersion' },
];

export function statusItem(session: Session): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('nginxAnalyzer.status', vscode.StatusBarAlignment.Right);
  item.name = 'nginx-analyzer';
  item.command = 'nginxAnalyzer.menu';
  const update = () => {
    const { text, tooltip, level } = show(session.condition);
    item.text = text;
    item.tooltip = `${tooltip}. Click for what can be done.`;
    item.accessibilityInformation = { label: tooltip };
    item.backgroundColor = level === 'normal' ? undefined : new vscode.ThemeColor(`statusBarItem.${level}Background`);
    if (session.condition.process === 'idle') item.hide();
    else item.show();
  };
  update();
  const menu = vscode.commands.registerCommand('nginxAnalyzer.menu', async () => {
    const { tooltip } = show(session.condition);
    const chosen = await vscode.window.showQuickPick(MENU, { title: tooltip });
    if (chosen) await vscode.commands.executeCommand(chosen.command);
  });
  return vscode.Disposable.from(item, session.onDidChange(update), menu);
}
