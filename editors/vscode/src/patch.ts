// What files will be like when a clean-up is made: the diff that the server shows, applied to their texts. Nothing here knows the editor, so that tests can run it.

/** The changes of one file in a unified diff. */
export interface FilePatch {
  /** As the diff names it: relative to the workspace, or absolute. */
  file: string;
  hunks: { at: number; lines: string[] }[];
}

/** Reads a unified diff. */
export function parse(diff: string): FilePatch[] {
  const files: FilePatch[] = [];
  let left = 0;
  let right = 0;
  for (const line of diff.split('\n')) {
    const file = files[files.length - 1];
    const hunk = file?.hunks[file.hunks.length - 1];
    if (hunk && (left > 0 || right > 0)) {
      if (line.startsWith('\\')) continue;
      hunk.lines.push(line);
      if (!line.startsWith('+')) left -= 1;
      if (!line.startsWith('-')) right -= 1;
      continue;
    }
    const [, name] = /^\+\+\+ (?:b\/)?(.*)$/.exec(line) ?? [];
    if (name !== undefined) files.push({ file: name, hunks: [] });
    const [, at, had = '1', has = '1'] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? [];
    if (at === undefined || !file) continue;
    [left, right] = [Number(had), Number(has)];
    file.hunks.push({ at: Number(at), lines: [] });
  }
  return files.filter(({ hunks }) => hunks.length > 0);
}

/** The text after the patch; `undefined` where the text is not the one that the diff is of. */
export function apply(text: string, { hunks }: FilePatch): string | undefined {
  const lines = text.split('\n');
  const out: string[] = [];
  let next = 0;
  for (const { at, lines: changes } of hunks) {
    const start = changes.some((change) => !change.startsWith('+')) ? at - 1 : at;
    if (start < next || start > lines.length) return undefined;
    out.push(...lines.slice(next, start));
    next = start;
    for (const change of changes) {
      const [mark, rest] = [change.slice(0, 1), change.slice(1)];
      if (mark === '+') {
        out.push(rest);
        continue;
      }
      const here = lines[next];
      if (here === undefined || here.replace(/\r$/, '') !== rest.replace(/\r$/, '')) return undefined;
      if (mark !== '-') out.push(here);
      next += 1;
    }
  }
  return [...out, ...lines.slice(next)].join('\n');
}
