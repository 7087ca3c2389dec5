// The gateway map as a tree: what is shown of a node, and which nodes a filter leaves. Nothing here knows the editor, so that tests can run it.

import type { GatewayMap, MapNode, Verdict } from './graph/map';

export const WORDS: Readonly<Record<Verdict, string>> = {
  'in-use': 'in use',
  'to-check': 'to check',
  'probably-unused': 'probably unused',
  dead: 'dead',
};

/** Icon and colour of a verdict: codicons, and colours that every theme has. */
const VERDICT_ICONS: Readonly<Record<Verdict, { icon: string; colour: string }>> = {
  'in-use': { icon: 'pass', colour: 'testing.iconPassed' },
  'to-check': { icon: 'question', colour: 'charts.blue' },
  'probably-unused': { icon: 'circle-slash', colour: 'list.warningForeground' },
  dead: { icon: 'error', colour: 'list.errorForeground' },
};

const KIND_ICONS: Readonly<Record<MapNode['kind'], string>> = { server: 'server', location: 'symbol-namespace', upstream: 'arrow-right', route: 'symbol-method' };

export interface Row {
  label: string;
  description: string;
  tooltip: string;
  icon: string;
  colour: string | undefined;
  /** For `viewItem` in the menus. */
  context: string;
}

const counted = (count: number): string => (count === 0 ? 'no hits' : count === 1 ? '1 hit' : `${count.toLocaleString('en')} hits`);

export function row(node: MapNode): Row {
  const { icon, colour } = node.verdict ? VERDICT_ICONS[node.verdict] : { icon: KIND_ICONS[node.kind], colour: undefined };
  const verdict = node.verdict && node.verdict !== 'in-use' ? WORDS[node.verdict] : '';
  const hits = node.hits === null ? '' : counted(node.hits);
  return {
    label: node.label,
    description: [hits, verdict, node.detail].filter(Boolean).join(' · '),
    tooltip: [`${node.label}${node.detail ? `: ${node.detail}` : ''}`, [hits, node.verdict ? WORDS[node.verdict] : ''].filter(Boolean).join(', '), ...node.why].filter(Boolean).join('\n'),
    icon,
    colour,
    context: node.place ? `${node.kind} placed` : node.kind,
  };
}

/** The nodes that a filter leaves: those with such a verdict and all below them, and what leads to them. */
export function filtered(nodes: readonly MapNode[], verdicts: ReadonlySet<Verdict>): MapNode[] {
  if (verdicts.size === 0) return [...nodes];
  return nodes.flatMap((node) => {
    const below = filtered(
      node.children.filter(({ kind }) => kind === 'server' || kind === 'location'),
      verdicts,
    );
    if (node.verdict && verdicts.has(node.verdict)) return [{ ...node, children: [...below, ...node.children.filter(({ kind }) => kind === 'upstream' || kind === 'route')] }];
    return below.length > 0 ? [{ ...node, children: below }] : [];
  });
}

/** How many locations have each verdict. */
export function count(map: GatewayMap): Record<Verdict, number> {
  const found: Record<Verdict, number> = { 'in-use': 0, 'to-check': 0, 'probably-unused': 0, dead: 0 };
  const pending = [...map.nodes];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.verdict) found[node.verdict] += 1;
    pending.push(...node.children);
  }
  return found;
}

/** A URL to begin with, where a location's name says one: `location = /a` and `location /a/`. */
export function example({ kind, label }: MapNode): string | undefined {
  if (kind === 'route') return /\s(\/\S*)$/.exec(label)?.[1];
  return kind === 'location' ? /^(?:location\s+)?(?:(?:=|\^~)\s*)?(\/\S*)$/.exec(label)?.[1] : undefined;
}

/** An edit of one line, as far as it matters here. */
interface Edit {
  newText: string;
  range: { start: { line: number; character: number }; isEmpty: boolean };
}

/**
 * Whether these edits comment out the block that begins on a line: the same marker is put before each of its lines, and nothing is taken away.
 * The actions' titles are in the reader's language, so they don't tell.
 */
export function isCommentOut(edits: readonly Edit[], line: number): boolean {
  const [first] = edits;
  return first !== undefined && edits.every(({ newText, range }) => range.isEmpty && newText === first.newText && /^#[^\n]*$/.test(newText)) && Math.min(...edits.map(({ range }) => range.start.line)) === line;
}
