// The view with the gateway's map.
const { assert, inside, main, ok, open, say, until, vscode } = require('./tools.cjs');

const every = (map, nodes = map.getChildren()) => nodes.flatMap((node) => [node, ...every(map, map.getChildren(node))]);

module.exports = async () => {
  const { map } = inside();
  await open(548);
  await vscode.commands.executeCommand('nginxAnalyzer.map.focus');
  const item = (label) => {
    const found = every(map).find((node) => node.kind === 'location' && new RegExp(`(^| )${label}$`).test(node.label));
    return found && { node: found, item: map.getTreeItem(found) };
  };
  await until(() => item('/admin/')?.node.verdict === 'dead', 'the dead location in the map');
  const servers = map.getChildren();
  assert.equal(servers.every(({ kind }) => kind === 'server'), true);
  assert(servers.length > 1 && every(map).length > 60, `${servers.length} servers, ${every(map).length} nodes`);
  for (const node of servers[0].children.slice(0, 4)) say(`     ${map.getTreeItem(node).label}  ${map.getTreeItem(node).description}`);
  ok(`the map has ${servers.length} servers and ${every(map).length} nodes`);
  const kinds = new Set(every(map).map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), ['location', 'route', 'server', 'upstream']);
  const ids = every(map).map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'an id names one node');
  ok('servers, locations, upstreams and routes, each once');
  const dead = item('/admin/').item;
  assert.deepEqual([dead.iconPath.id, dead.iconPath.color.id, dead.contextValue], ['error', 'list.errorForeground', 'location placed']);
  assert.match(dead.description, /dead/);
  const locations = every(map).filter(({ kind }) => kind === 'location');
  const used = locations.map((node) => map.getTreeItem(node)).find(({ description }) => /^[\d,]+ hits/.test(description));
  assert.equal(used.iconPath.id, 'pass');
  ok(`verdicts are icons, hits the description: ${used.label}  ${used.description}`);

  await open(1);
  await vscode.commands.executeCommand(dead.command.command, ...dead.command.arguments);
  assert.equal(vscode.window.activeTextEditor.selection.active.line + 1, 548);
  ok('a click goes to the location');
  await open(221);
  await vscode.commands.executeCommand('nginxAnalyzer.map.reveal');
  await until(() => map.view.selection[0]?.label.endsWith('/v1/') && map.view.selection[0].place.range.start.line + 1 === 221, 'the location at the cursor in the map');
  await open(551);
  await vscode.commands.executeCommand('nginxAnalyzer.map.reveal');
  await until(() => map.view.selection[0]?.label.endsWith('/admin/'), 'the location around the cursor in the map');
  ok('the location at the cursor is shown in the map');

  await map.setFilter(['dead']);
  const left = every(map).filter(({ kind }) => kind === 'location');
  assert(left.some(({ verdict }) => verdict === 'dead') && left.length < 6, JSON.stringify(left.map(({ label, verdict }) => [label, verdict])));
  await vscode.commands.executeCommand('nginxAnalyzer.map.clearFilter');
  assert(every(map).length > 60);
  ok('a filter leaves the dead ones, and goes again');

  const { document } = await open(548);
  await vscode.commands.executeCommand('nginxAnalyzer.map.commentOut', item('/admin/').node);
  assert.match(document.lineAt(547).text, /^\s+#X# location \/admin\/ \{$/);
  await document.save();
  await until(() => !item('/admin/'), 'the map follows the text');
  ok('commented out from the map, the location is gone from it');
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('undo');
  await document.save();
  await until(() => item('/admin/'), 'the location is back in the map');
  ok('and back after an undo');
  await open(1);
  assert.equal(document.uri.toString(), main().toString());
};
