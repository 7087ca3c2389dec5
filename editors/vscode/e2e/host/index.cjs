// Runs inside the extension host, started by host.mjs: `run` is what VS Code calls.
const { vscode } = require('./tools.cjs');

exports.run = async () => {
  const parts = process.env.E2E_PARTS?.split(/[ ,]+/) ?? ['findings', 'everyday', 'commands', 'pages', 'map', 'life'];
  for (const part of parts) {
    console.log(`  ${part}`);
    await require(`./${part}.cjs`)();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
};
