// Which executable is the language server. No import of 'vscode' here: plain unit tests load this file.
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Where the settings are. */
export const SECTION = 'nginxAnalyzer';

export interface Found {
  command: string;
  args: string[];
  /** Where it was found, as a person is told. */
  from: 'setting' | 'bundle' | 'PATH';
}

export interface Surroundings {
  /** The setting `nginxAnalyzer.server.path`. */
  configured: string;
  /** The folder of the extension. */
  extensionPath: string;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  isExecutable: (file: string) => boolean;
}

/** The setting wins, then the binary that the extension brings along, then PATH. `undefined`: there is none. */
export function findServer(s: Surroundings): Found | undefined {
  // The client adds --stdio itself.
  const args = ['lsp'];
  if (s.configured.trim()) return { command: expandHome(s.configured.trim(), s.env), args, from: 'setting' };
  const name = s.platform === 'win32' ? 'nginx-analyzer.exe' : 'nginx-analyzer';
  const join = s.platform === 'win32' ? path.win32.join : path.posix.join;
  const bundled = join(s.extensionPath, 'bin', name);
  if (s.isExecutable(bundled)) return { command: bundled, args, from: 'bundle' };
  const separator = s.platform === 'win32' ? ';' : ':';
  for (const folder of (s.env.PATH ?? s.env.Path ?? '').split(separator)) {
    if (folder && s.isExecutable(join(folder, name))) return { command: join(folder, name), args, from: 'PATH' };
  }
  return undefined;
}

function expandHome(file: string, env: NodeJS.ProcessEnv): string {
  const home = env.HOME ?? env.USERPROFILE;
  return home && /^~[/\\]/.test(file) ? path.join(home, file.slice(2)) : file;
}

export function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
