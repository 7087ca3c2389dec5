// The names of chosen log files in the setting `nginxAnalyzer.logs.files`: globs, relative to the folder. Nothing here knows the editor, so that tests can run it.

/** What a file of the folder is called in the setting; one outside has its whole path. Paths have forward slashes. */
export function entry(folder: string, file: string): string {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  const name = file.startsWith(base) ? file.slice(base.length) : file;
  // A file is meant, not what looks like it.
  return name.replaceAll(/[[\]*?]/g, (sign) => `[${sign}]`);
}

/** Entries with new ones behind them, each once. */
export const joined = (before: readonly string[], more: readonly string[]): string[] => [...new Set([...before, ...more])];
