// A trace as a tree: the ways that a request can take, their hops, and the steps of each. Nothing here knows the editor, so that tests can run it.

import type { Hop, Place, Range, Step, Trace, Way } from './trace';

export interface Row {
  label: string;
  description: string;
  /** The name of a codicon. */
  icon: string;
  place: Place | undefined;
  children: Row[];
  open: boolean;
}

/** Subrequests of subrequests: nginx itself stops at 50. */
const DEEPEST = 50;

const ICONS: Readonly<Record<string, string>> = {
  socket: 'plug',
  'no-socket': 'debug-disconnect',
  'bad-request': 'error',
  server: 'server',
  location: 'symbol-namespace',
  'location-unknown': 'question',
  internal: 'debug-step-into',
  normalized: 'symbol-string',
  pass: 'arrow-right',
  lands: 'arrow-right',
  return: 'reply',
  'auth-request': 'key',
  mirror: 'copy',
  'auto-redirect': 'reply',
};

/** The rows of a trace. */
export function rows(trace: Trace): Row[] {
  const find = places(trace);
  const first: Way = { hops: trace.hops, conditions: trace.conditions ?? [] };
  if (trace.branches.length === 0) return wayRows(first, find);
  return [first, ...trace.branches].map((way, index) => ({
    label: index === 0 ? 'The first way' : `Another way`,
    description: way.conditions.map(({ text }) => text).join('; '),
    icon: 'git-branch',
    place: undefined,
    children: wayRows(way, find),
    open: index === 0,
  }));
}

type Find = (line: { file: string | null; line: number | null } | null) => Place | undefined;

function wayRows({ hops, conditions }: Way, find: Find): Row[] {
  const provided = conditions.map((condition) => ({ label: condition.text, description: where(condition), icon: 'question', place: find(condition), children: [], open: false }));
  return [...hops.map((hop) => hopRow(hop, find, 0)), ...provided];
}

function hopRow(hop: Hop, find: Find, depth: number): Row {
  const block = hop.location ? `location ${hop.location.name}` : hop.server ? `server ${hop.server.name}` : '';
  return {
    label: `${hop.method} ${hop.target}`,
    description: [block, hop.answer].filter(Boolean).join(' → '),
    icon: 'globe',
    place: find(hop.location) ?? find(hop.server),
    children: depth > DEEPEST ? [] : (hop.steps ?? []).map((step) => stepRow(step, find, depth)),
    open: depth === 0,
  };
}

function stepRow(step: Step, find: Find, depth: number): Row {
  return {
    label: step.text,
    description: where(step),
    icon: ICONS[step.kind] ?? 'circle-small',
    place: find(step),
    children: step.hop ? [hopRow(step.hop, find, depth + 1)] : [],
    open: false,
  };
}

const where = ({ file, line }: { file: string | null; line: number | null }): string => (file !== null && line !== null ? `${file}:${line}` : '');

/** The page's links say which file a name is: the same names stand in the hops. */
function places(trace: Trace): Find {
  const lines = trace.text.split('\n');
  const known = new Map(trace.links.map(({ range, target }) => [slice(lines, range), target]));
  return (line) => (line ? known.get(where(line)) : undefined);
}

const slice = (lines: string[], { start, end }: Range): string => (start.line === end.line ? (lines[start.line] ?? '').slice(start.character, end.character) : '');
