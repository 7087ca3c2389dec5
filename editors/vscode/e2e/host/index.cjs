// Runs inside the extension host, started by host.mjs: `run` is what VS Code calls.
const { vscode } = require('./tools.cjs');

exports.run = async () => {
  for (const part of ['findings', 'commands', 'pages', 'map', 'life']) {
    console.log(`  ${part}`);
    await require(`./${part}.cjs`)();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
};
