// Runs inside the extension host, started by host.mjs: `run` is what VS Code calls.
const assert = require('node:assert');
const fs = require('node:fs');
const vscode = require('vscode');

const say = (line) => console.log(line);
const ok = (what) => say(`ok   ${what}`);

async function until(condition, what) {
  const start = Date.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() - start > 20_000) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

exports.run = async () => {
  const extension = vscode.extensions.getExtension('nginx-analyzer.nginx-analyzer');
  assert(extension, 'the extension is there');
  const folder = vscode.workspace.workspaceFolders[0].uri;
  const uri = vscode.Uri.joinPath(folder, 'nginx.conf');
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  assert.equal(document.languageId, 'nginx');
  ok('nginx.conf is of the language nginx');
  await until(() => extension.isActive, 'the extension is active');
  ok('the extension is active');

  const lines = (rule) =>
    vscode.languages
      .getDiagnostics(uri)
      .filter((diagnostic) => (diagnostic.code?.value ?? diagnostic.code) === rule)
      .map((diagnostic) => diagnostic.range.start.line + 1)
      .sort((a, b) => a - b);
  const expect = (rule, wanted, what) => until(() => JSON.stringify(lines(rule)) === JSON.stringify(wanted), `${what} (${rule} on ${wanted})`).then(() => ok(what));

  await expect('dead-location', [548], 'the dead location is found on line 548');
  await expect('missing-file', [608, 613], 'the missing files are found on lines 608 and 613');
  await expect('upstream-lacks-route', [304], 'the route that the upstream lacks is found on line 304');
  const dead = vscode.languages.getDiagnostics(uri).find((diagnostic) => diagnostic.code?.value === 'dead-location');
  say(`     ${dead.message}`);
  assert.equal(dead.source, 'nginx-analyzer');
  assert.equal(document.getText(dead.range), 'location /admin/');
  assert(dead.tags.includes(vscode.DiagnosticTag.Unnecessary));
  assert.equal(dead.relatedInformation[0].location.range.start.line + 1, 452);
  assert.match(dead.code.target.toString(), /dead-location/);
  ok('it marks `location /admin/` as unnecessary, links to its page and to line 452');

  const actions = async (range) => (await vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range)).map((action) => action);
  const take = async (range, title) => {
    const offered = await actions(range);
    for (const action of offered) say(`     ${action.kind?.value}${action.isPreferred ? ', preferred' : ''}: ${action.title}${action.disabled ? ` (${action.disabled.reason})` : ''}`);
    const action = offered.find((one) => one.title.startsWith(title));
    assert(action, `"${title}" is offered`);
    assert(await vscode.workspace.applyEdit(action.edit), `"${title}" is applied`);
  };
  const before = document.getText();
  await take(dead.range, 'Comment out');
  assert.match(document.lineAt(547).text, /^\s+#X# location \/admin\/ \{$/);
  assert.match(document.lineAt(556).text, /^\s+#X# \}$/);
  await expect('dead-location', [], 'the quick fix comments the block out, and the finding goes');
  await take(document.lineAt(547).range, 'Restore');
  assert.equal(document.getText(), before);
  await expect('dead-location', [548], 'restored letter for letter, and the finding is back');
  await vscode.commands.executeCommand('undo');
  await expect('dead-location', [], 'undo works on it');
  await vscode.commands.executeCommand('redo');
  await expect('dead-location', [548], 'and redo');

  // Columns after characters that need two UTF-16 units.
  const insert = new vscode.WorkspaceEdit();
  insert.insert(uri, new vscode.Position(547, 0), '        add_header X-Note "ä 漢 😀"; location /admin/ { return 204; }\n');
  await vscode.workspace.applyEdit(insert);
  const marked = await until(
    () => vscode.languages.getDiagnostics(uri).find((diagnostic) => diagnostic.range.start.line === 547 && document.getText(diagnostic.range).startsWith('location')),
    'a finding on the new line',
  );
  assert.equal(document.getText(marked.range), 'location /admin/');
  ok('the marked text is right after ä, 漢 and 😀');
  await vscode.commands.executeCommand('undo');
  await expect('dead-location', [548], 'the new line is gone again');

  // Which location serves a URL.
  await vscode.commands.executeCommand('nginxAnalyzer.whichLocation', 'http://gateway.example.com/api/admin/tokens?limit=5');
  assert.equal(vscode.window.activeTextEditor.document.uri.toString(), uri.toString());
  assert.equal(vscode.window.activeTextEditor.selection.active.line + 1, 113);
  ok('asked for a URL, the cursor is on its location, line 113');
  const page = await until(() => vscode.workspace.textDocuments.find((one) => one.uri.scheme === 'nginx-analyzer-trace'), 'the page with the trace');
  assert.match(page.getText(), /^GET http:\/\/gateway\.example\.com\/api\/admin\/tokens\?limit=5\n/);
  for (const line of page.getText().split('\n').slice(0, 6)) say(`     ${line}`);
  const links = await vscode.commands.executeCommand('vscode.executeLinkProvider', page.uri);
  // The editor finds URLs by itself.
  const names = links.map((link) => [page.getText(link.range), link.target?.toString() ?? '']).filter(([name]) => /^nginx\.conf:\d+$/.test(name));
  assert(names.length > 5, JSON.stringify(links.map((link) => page.getText(link.range))));
  for (const [name, target] of names) assert(decodeURIComponent(target).includes(`nginx.conf#L${name.split(':')[1]},`), `${name} leads to ${target}`);
  ok(`the whole way stands beside, with ${names.length} links`);
  await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
  const [hover] = await vscode.commands.executeCommand('vscode.executeHoverProvider', uri, new vscode.Position(591, 20));
  say(`     ${hover.contents[0].value.replaceAll('\n', ' ')}`);
  assert.match(hover.contents[0].value, /Takes URIs that begin with `\/v1\/`/);
  ok('the hover on a location says what it takes');

  // The editor watches the disk for the server.
  fs.writeFileSync(vscode.Uri.joinPath(folder, 'html', 'help.html').fsPath, '<p>help</p>\n');
  await expect('missing-file', [608], 'a missing file that appears is no longer missing');
  fs.unlinkSync(vscode.Uri.joinPath(folder, 'html', 'help.html').fsPath);
  await expect('missing-file', [608, 613], 'and is missing when it goes');

  await vscode.workspace.getConfiguration('nginxAnalyzer').update('rules', { 'dead-location': 'off' }, vscode.ConfigurationTarget.Workspace);
  await expect('dead-location', [], 'the setting nginxAnalyzer.rules switches a rule off');
  await vscode.workspace.getConfiguration('nginxAnalyzer').update('rules', undefined, vscode.ConfigurationTarget.Workspace);
  await expect('dead-location', [548], 'and on again');

  const restarted = vscode.commands.executeCommand('nginxAnalyzer.restart');
  await until(() => lines('dead-location').length === 0, 'a stopped server has no findings');
  await restarted;
  await expect('dead-location', [548], 'the restart command starts a server that finds the same');
};
