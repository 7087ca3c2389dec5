// What is found, said and mended while somebody types.
const { assert, expect, folder, fs, main, ok, say, until, vscode } = require('./tools.cjs');

/** Those of the protocol. */
const STANDARD_MODIFIERS = ['declaration', 'definition', 'readonly', 'static', 'deprecated', 'abstract', 'async', 'modification', 'documentation', 'defaultLibrary'];

module.exports = async () => {
  const extension = vscode.extensions.getExtension('nginx-analyzer.nginx-analyzer');
  assert(extension, 'the extension is there');
  const uri = main();
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  assert.equal(document.languageId, 'nginx');
  ok('nginx.conf is of the language nginx');
  await until(() => extension.isActive, 'the extension is active');
  ok('the extension is active');

  // On top of the grammar's colours those that know what a word is: none that the extension has no colour for.
  const legend = await vscode.commands.executeCommand('vscode.provideDocumentSemanticTokensLegend', uri);
  if (legend) {
    const { semanticTokenScopes, semanticTokenModifiers } = extension.packageJSON.contributes;
    assert.deepEqual(legend.tokenTypes.filter((type) => !(type in semanticTokenScopes[0].scopes)), []);
    const known = new Set([...STANDARD_MODIFIERS, ...semanticTokenModifiers.map(({ id }) => id)]);
    assert.deepEqual(legend.tokenModifiers.filter((modifier) => !known.has(modifier)), []);
    const tokens = await vscode.commands.executeCommand('vscode.provideDocumentSemanticTokens', uri);
    assert(tokens.data.length > 1000, `${tokens.data.length}`);
    ok(`${tokens.data.length / 5} words are coloured by what they are`);
  } else {
    say('     this server colours no words');
  }

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

  const [hover] = await vscode.commands.executeCommand('vscode.executeHoverProvider', uri, new vscode.Position(591, 20));
  say(`     ${hover.contents[0].value.replaceAll('\n', ' ')}`);
  assert.match(hover.contents[0].value, /Takes URIs that begin with `\/v1\/`/);
  ok('the hover on a location says what it takes');

  // The editor watches the disk for the server.
  fs.writeFileSync(vscode.Uri.joinPath(folder(), 'html', 'help.html').fsPath, '<p>help</p>\n');
  await expect('missing-file', [608], 'a missing file that appears is no longer missing');
  fs.unlinkSync(vscode.Uri.joinPath(folder(), 'html', 'help.html').fsPath);
  await expect('missing-file', [608, 613], 'and is missing when it goes');

  await vscode.workspace.getConfiguration('nginxAnalyzer').update('rules', { 'dead-location': 'off' }, vscode.ConfigurationTarget.Workspace);
  await expect('dead-location', [], 'the setting nginxAnalyzer.rules switches a rule off');
  await vscode.workspace.getConfiguration('nginxAnalyzer').update('rules', undefined, vscode.ConfigurationTarget.Workspace);
  await expect('dead-location', [548], 'and on again');
};
