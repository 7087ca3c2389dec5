// Pages that the extension makes: the effective configuration, and the report.
const { assert, folder, fs, main, ok, open, page, say, until, vscode } = require('./tools.cjs');

module.exports = async () => {
  // A part of its own, so that there is something to put in.
  const part = vscode.Uri.joinPath(folder(), 'parts', 'extra.conf');
  const before = fs.readFileSync(main().fsPath, 'utf8');
  fs.mkdirSync(vscode.Uri.joinPath(part, '..').fsPath, { recursive: true });
  fs.writeFileSync(part.fsPath, 'location /extra/ {\n    return 204;\n}\n');
  const editor = await open();
  const line = editor.document.lineAt(547);
  await editor.edit((edit) => edit.insert(line.range.start, '        include parts/*.conf;\n'));
  await editor.document.save();
  await open(548);

  await vscode.commands.executeCommand('nginxAnalyzer.effective');
  const effective = await page('nginx-analyzer-effective');
  const text = () => effective.getText();
  assert.equal(effective.languageId, 'nginx');
  assert.equal(vscode.window.activeTextEditor.document.uri.scheme, 'nginx-analyzer-effective');
  assert.match(text(), /location \/extra\/ \{/);
  const at = effective.positionAt(text().indexOf('location /extra/'));
  assert(Math.abs(vscode.window.activeTextEditor.selection.active.line - at.line) < 4, `the cursor is on line ${vscode.window.activeTextEditor.selection.active.line}, not near ${at.line}`);
  for (const shown of text().split('\n').slice(at.line - 2, at.line + 4)) say(`     ${shown}`);
  ok('the effective configuration has the included file in its place, and the cursor there');
  const definitions = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', effective.uri, at);
  assert.deepEqual(definitions.map((one) => [(one.targetUri ?? one.uri).path, (one.targetRange ?? one.range).start.line]), [[part.path, 0]]);
  ok('a line leads to where it comes from');
  const links = await vscode.commands.executeCommand('vscode.executeLinkProvider', effective.uri);
  const targets = links.map(({ target }) => target?.path ?? '');
  assert(targets.includes(part.path), JSON.stringify(targets));
  ok('the name of an included file is a link');
  assert.equal(await vscode.workspace.applyEdit((() => { const edit = new vscode.WorkspaceEdit(); edit.insert(effective.uri, new vscode.Position(0, 0), 'x'); return edit; })()).then((done) => done, () => false) && effective.isDirty, false);
  assert.deepEqual(vscode.languages.getDiagnostics(effective.uri), []);
  ok('it is read-only, and nothing is found in it');

  fs.writeFileSync(part.fsPath, 'location /other/ {\n    return 204;\n}\n');
  await until(() => /location \/other\/ \{/.test(text()), 'the page follows the files');
  ok('it follows the files');

  fs.rmSync(vscode.Uri.joinPath(part, '..').fsPath, { recursive: true });
  const document = (await open()).document;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(main(), new vscode.Range(0, 0, document.lineCount, 0), before);
  await vscode.workspace.applyEdit(edit);
  await document.save();

  const tabs = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ label, input }) => ({ label, type: input?.viewType ?? '' }));
  await vscode.commands.executeCommand('nginxAnalyzer.report', 'markdown');
  const report = await page('nginx-analyzer-report');
  assert.match(report.getText(), /^# /);
  await until(() => tabs().some(({ type }) => type.includes('markdown.preview')), 'the preview of the report');
  ok(`the report opens in the preview: ${report.getText().split('\n')[0]}`);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await open();
  await vscode.commands.executeCommand('nginxAnalyzer.report', 'html');
  await until(() => tabs().some(({ type }) => type.includes('nginxAnalyzer.report')), 'the page with the report');
  ok('and as a page of HTML');
};
