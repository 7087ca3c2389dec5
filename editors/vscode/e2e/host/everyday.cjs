// What every editor asks for: the outline, symbols, folding, links, renaming, formatting.
const { assert, main, ok, open, say, until, vscode } = require('./tools.cjs');

module.exports = async () => {
  const { document } = await open(548);
  const uri = main();
  const symbols = await until(async () => {
    const all = await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', uri);
    return all?.length > 0 && all;
  }, 'an outline');
  const names = (nodes, depth = 0) => nodes.flatMap(({ name, children }) => [`${'  '.repeat(depth)}${name}`, ...names(children ?? [], depth + 1)]);
  const outline = names(symbols);
  for (const line of outline.slice(0, 6)) say(`     ${line}`);
  assert(outline.some((line) => /server localhost:8080/.test(line)) && outline.some((line) => /\/admin\//.test(line)), outline.join('\n'));
  ok(`the outline has ${outline.length} blocks`);

  const found = await vscode.commands.executeCommand('vscode.executeWorkspaceSymbolProvider', 'litellm_backend');
  assert(found.some(({ location }) => location.uri.toString() === uri.toString()), JSON.stringify(found));
  ok('an upstream is found in the workspace by its name');

  const folds = await vscode.commands.executeCommand('vscode.executeFoldingRangeProvider', uri);
  assert(folds.some(({ start }) => start === 547), JSON.stringify(folds.slice(0, 5)));
  ok(`${folds.length} ranges fold`);

  const text = document.getText();
  const at = document.positionAt(text.indexOf('upstream litellm_backend') + 'upstream '.length + 2);
  const renamed = await vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', uri, at, 'models');
  const edits = renamed.get(uri);
  const uses = text.split('\n').filter((line) => !/^\s*#/.test(line) && /\blitellm_backend\b/.test(line)).length;
  assert(edits.length >= uses && edits.every(({ newText }) => newText === 'models'), `${edits.length} of ${uses}`);
  ok(`an upstream gets another name in ${edits.length} places`);

  // Blanks at an end and a wrong indent, nothing else.
  const change = new vscode.WorkspaceEdit();
  change.insert(uri, new vscode.Position(548, 0), '   ');
  change.insert(uri, document.lineAt(549).range.end, '  ');
  await vscode.workspace.applyEdit(change);
  const spoilt = document.getText();
  const formatted = await vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', uri, { tabSize: 4, insertSpaces: true });
  const apply = new vscode.WorkspaceEdit();
  apply.set(uri, formatted);
  await vscode.workspace.applyEdit(apply);
  const bare = (all) => all.replace(/[ \t]+/g, '');
  assert.equal(bare(document.getText()), bare(spoilt));
  assert.equal(document.lineAt(548).text, text.split('\n')[548]);
  assert.equal(document.lineAt(549).text, text.split('\n')[549]);
  ok('formatting mends indents and blanks at ends, and nothing else');
  await vscode.commands.executeCommand('workbench.action.files.revert');
  assert.equal(document.getText(), text);
};
