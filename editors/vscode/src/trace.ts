// What is asked and what is shown of "Which location serves …?"; nothing here knows the editor, so that tests can run it.

export interface Position {
  line: number;
  character: number;
}
export interface Range {
  start: Position;
  end: Position;
}
export interface Place {
  uri: string;
  range: Range;
}
/** A line of a file, as a page names it. */
interface Line {
  file: string | null;
  line: number | null;
}
export interface Step extends Line {
  kind: string;
  text: string;
  /** A subrequest: what becomes of it. */
  hop?: Hop;
}
export interface Hop {
  method: string;
  target: string;
  server: ({ name: string } & Line) | null;
  location: ({ name: string } & Line) | null;
  answer: string;
  steps: Step[];
}
interface Condition extends Line {
  text: string;
}
export interface Way {
  conditions: Condition[];
  hops: Hop[];
}
/** What the server's command `nginx-analyzer.trace` answers, as far as it is used here. */
export interface Trace {
  request: { url: string; method: string };
  hops: Hop[];
  conditions: Condition[];
  branches: Way[];
  gave_up: boolean;
  text: string;
  location: Place | null;
  links: { range: Range; target: Place }[];
}

/** The address of a page with a trace; the path is what the tab is called. */
export const SCHEME = 'nginx-analyzer-trace';

/** What a person typed, with a method before it or none: `POST /api/x`. */
export function parseQuestion(typed: string): { url: string; method?: string } | undefined {
  const text = typed.trim();
  const [, method, url] = /^([A-Z]+)\s+(\S.*)$/.exec(text) ?? [];
  if (method && url) return { url, method };
  return text === '' ? undefined : { url: text };
}

/** What stands behind the location's line: the answer of the first hop, and where the request goes on. */
export function inPlace(trace: Trace, longest = 160): string {
  const [first, ...rest] = trace.hops;
  if (!first) return '';
  const parts = [`${first.method} ${first.target}`];
  if (first.answer) parts[0] += `: ${first.answer}`;
  for (const hop of rest) {
    const block = hop.location ? `location ${hop.location.name}` : hop.server ? `server ${hop.server.name}` : '';
    parts.push([block, hop.answer].filter(Boolean).join(': '));
  }
  const others = trace.branches.length > 0 || trace.gave_up ? ' (it depends)' : '';
  const text = parts.filter(Boolean).join(' → ');
  return `← ${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}${others}`;
}

/** A tab's name for a trace: what was asked, without what a path can't hold. */
export function title(trace: Trace): string {
  return `${trace.request.method} ${trace.request.url}`.replaceAll('/', '∕');
}
