// What a person asks for: traces, who uses a location, which logs are read.
const { assert, fs, folder, inside, main, ok, open, page, say, until, vscode } = require('./tools.cjs');

module.exports = async () => {
  await open();
  await vscode.commands.executeCommand('nginxAnalyzer.whichLocation', 'http://gateway.example.com/api/admin/tokens?limit=5');
  assert.equal(vscode.window.activeTextEditor.document.uri.toString(), main().toString());
  assert.equal(vscode.window.activeTextEditor.selection.active.line + 1, 113);
  ok('asked for a URL, the cursor is on its location, line 113');
  const trace = await page('nginx-analyzer-trace');
  assert.match(trace.getText(), /^GET http:\/\/gateway\.example\.com\/api\/admin\/tokens\?limit=5\n/);
  for (const line of trace.getText().split('\n').slice(0, 6)) say(`     ${line}`);
  const links = await vscode.commands.executeCommand('vscode.executeLinkProvider', trace.uri);
  // The editor finds URLs by itself.
  const names = links.map((link) => [trace.getText(link.range), link.target?.toString() ?? '']).filter(([name]) => /^nginx\.conf:\d+$/.test(name));
  assert(names.length > 5, JSON.stringify(links.map((link) => trace.getText(link.range))));
  for (const [name, target] of names) assert(decodeURIComponent(target).includes(`nginx.conf#L${name.split(':')[1]},`), `${name} leads to ${target}`);
  ok(`the whole way stands beside, with ${names.length} links`);

  const view = inside().trace;
  const ways = view.getChildren();
  assert(ways.length > 1 && ways[0].description.includes('/oauth2/auth'), JSON.stringify(ways.map(({ label, description }) => [label, description])));
  const [hop] = ways[0].children;
  assert.equal(hop.label, 'GET /api/admin/tokens?limit=5');
  assert.equal(hop.place.range.start.line + 1, 113);
  const steps = hop.children.filter(({ place }) => place);
  assert(steps.length > 2, JSON.stringify(hop.children));
  assert.equal(view.getParent(steps[0]), hop);
  const step = view.getTreeItem(steps[1]);
  await vscode.commands.executeCommand(step.command.command, ...step.command.arguments);
  assert.equal(vscode.window.activeTextEditor.selection.active.line, steps[1].place.range.start.line);
  ok(`it is a tree too: ${ways.length} ways, and a click on a step goes to its line`);
  await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');

  const lenses = await until(async () => {
    const all = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', main(), 500);
    return all?.some(({ command }) => command?.title.includes('hits')) && all;
  }, 'code lenses with hits');
  const lens = lenses.find(({ command }) => /\d hits/.test(command.title));
  say(`     line ${lens.range.start.line + 1}: ${lens.command.title}`);
  const answer = await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
  assert(answer.details.length > 0 && answer.locations.length > 0, JSON.stringify(answer));
  ok(`${lenses.length} code lenses say who uses a location, and a click gets the evidence`);

  const logs = vscode.Uri.joinPath(folder(), 'logs', 'openresty.log');
  await vscode.commands.executeCommand('nginxAnalyzer.chooseLogs', [logs]);
  const settings = () => vscode.workspace.getConfiguration('nginxAnalyzer', main());
  assert.deepEqual(settings().get('logs.files'), ['logs/openresty.log']);
  assert.match(fs.readFileSync(vscode.Uri.joinPath(folder(), '.vscode', 'settings.json').fsPath, 'utf8'), /"nginxAnalyzer\.logs\.files"/);
  ok('chosen logs are kept in the settings of the folder, with names from there');
  await settings().update('logs.files', undefined, vscode.ConfigurationTarget.Workspace);
};
