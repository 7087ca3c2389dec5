// What is behind the line above a location: who uses it. Nothing here knows the editor, so that tests can run it.

import type { Place } from './trace';

/** The command that the server's code lenses name. */
export const EVIDENCE = 'nginx-analyzer.evidence';

/** What the server's command answers; `null` where nothing is known. */
export interface Evidence {
  title: string;
  details: string[];
  locations: Place[];
}

/** What is done with an answer: a list of places to jump to, or the sentences where there is no place. */
export function shown(answer: Evidence | null): { places: Place[] } | { message: string } {
  if (!answer) return { message: 'nginx-analyzer: nothing is known of this location any more.' };
  if (answer.locations.length > 0) return { places: answer.locations };
  return { message: [answer.title, ...answer.details].join('\n') };
}

/** Where the headers of the locations around a line may be: the line itself, then those above that stand less deep, the nearest first. */
export function headers(lines: readonly string[], line: number): { line: number; character: number }[] {
  const depth = (text: string) => text.length - text.trimStart().length;
  const found: { line: number; character: number }[] = [];
  let least = Infinity;
  for (let at = Math.min(line, lines.length - 1); at >= 0; at -= 1) {
    const text = lines[at] ?? '';
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    const deep = depth(text);
    if (at === line || deep < least) {
      const column = /^\s*(?:[^{};#]*\{\s*)?location\b/.test(text) ? text.indexOf('location') : -1;
      if (column >= 0) found.push({ line: at, character: column });
      // A closing brace belongs to the block above it, which is as deep.
      least = at === line && text.trim() === '}' ? deep + 1 : deep;
    }
  }
  return found;
}
