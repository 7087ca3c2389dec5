// What the tests in the extension host have in common.
const assert = require('node:assert');
const fs = require('node:fs');
const vscode = require('vscode');

const say = (line) => console.log(line);
const ok = (what) => say(`ok   ${what}`);

/** Waits for what must come, not for ever. */
async function until(condition, what, patience = 20_000) {
  const start = Date.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() - start > patience) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const folder = () => vscode.workspace.workspaceFolders[0].uri;
const main = () => vscode.Uri.joinPath(folder(), 'nginx.conf');

/** Opens the configuration with the cursor at a line, counted from 1. */
async function open(line = 1, uri = main()) {
  const at = new vscode.Position(line - 1, 0);
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { viewColumn: vscode.ViewColumn.One, selection: new vscode.Range(at, at) });
}

/** The lines, counted from 1, on which a rule found something. */
const lines = (rule, uri = main()) =>
  vscode.languages
    .getDiagnostics(uri)
    .filter((diagnostic) => (diagnostic.code?.value ?? diagnostic.code) === rule)
    .map((diagnostic) => diagnostic.range.start.line + 1)
    .sort((a, b) => a - b);
const expect = (rule, wanted, what) => until(() => JSON.stringify(lines(rule)) === JSON.stringify(wanted), `${what} (${rule} on ${wanted})`).then(() => ok(what));

/** The page of a scheme, when it is there. */
const page = (scheme, what = () => true) => until(() => vscode.workspace.textDocuments.find((one) => one.uri.scheme === scheme && !one.isClosed && what(one)), `a page ${scheme}`);

/** What the views and the status item hold: the extension hands it out to those that test it. */
const inside = () => vscode.extensions.getExtension('nginx-analyzer.nginx-analyzer').exports;

/** The ids of the server's processes: of all that this extension host started, those that run the server itself. */
function servers() {
  const processes = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      return [{ pid: Number(pid), parent: Number(parent), words: fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') }];
    } catch {
      return []; // it ended meanwhile
    }
  });
  const ours = new Set([process.pid]);
  for (let grown = -1; grown !== ours.size; ) {
    grown = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  return processes.filter(({ pid, words }) => ours.has(pid) && /\/nginx-analyzer$/.test(words[0])).map(({ pid }) => pid);
}

module.exports = { assert, expect, folder, fs, inside, lines, main, ok, open, page, say, servers, until, vscode };
