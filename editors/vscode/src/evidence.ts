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
