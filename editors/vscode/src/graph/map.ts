// What the server's command `nginx-analyzer.map` answers, read with care: a server of another version must not break the view.

import type { Place, Position } from '../trace';

export type Kind = 'server' | 'location' | 'upstream' | 'route';
export type Verdict = 'in-use' | 'probably-unused' | 'to-check' | 'dead';

export interface MapNode {
  id: string;
  kind: Kind;
  label: string;
  detail: string;
  place: Place | null;
  hits: number | null;
  verdict: Verdict | null;
  why: string[];
  children: MapNode[];
}
/** A move between locations that no request line shows: `error_page`, `auth_request`, …, or a pass back into the same nginx. */
export interface MapLink {
  from: string;
  to: string;
  kind: 'internal' | 'back';
  label: string;
}
export interface GatewayMap {
  version: 1;
  configuration: string;
  nodes: MapNode[];
  links: MapLink[];
  note: string | null;
}

export const COMMAND = 'nginx-analyzer.map';
export const VERDICTS: readonly Verdict[] = ['in-use', 'to-check', 'probably-unused', 'dead'];

const KINDS: readonly string[] = ['server', 'location', 'upstream', 'route'];
/** Locations nest, but nobody nests them deeper than this; what is deeper is left out. */
const DEEPEST = 32;

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The map in an answer, without what this version does not know; `undefined` where the answer is none. */
export function readMap(answer: unknown): GatewayMap | undefined {
  const map = fields(answer);
  if (map['version'] !== 1 || !Array.isArray(map['nodes'])) return undefined;
  const links = list(map['links']).flatMap((value) => {
    const { from, to, kind, label } = fields(value);
    return typeof from === 'string' && typeof to === 'string' && (kind === 'internal' || kind === 'back') ? [{ from, to, kind, label: text(label) } as MapLink] : [];
  });
  const note = text(map['note']);
  return { version: 1, configuration: text(map['configuration']), nodes: readNodes(map['nodes'], 0, new Set()), links, note: note === '' ? null : note };
}

function readNodes(values: unknown, depth: number, taken: Set<string>): MapNode[] {
  if (depth > DEEPEST) return [];
  return list(values).flatMap((value) => {
    const node = fields(value);
    const { id, hits } = node;
    if (typeof id !== 'string' || taken.has(id) || !KINDS.includes(text(node['kind']))) return [];
    taken.add(id);
    return [
      {
        id,
        kind: node['kind'] as Kind,
        label: text(node['label']),
        detail: text(node['detail']),
        place: readPlace(node['place']),
        hits: typeof hits === 'number' && Number.isFinite(hits) && hits >= 0 ? hits : null,
        verdict: VERDICTS.find((verdict) => verdict === node['verdict']) ?? null,
        why: list(node['why']).filter((reason): reason is string => typeof reason === 'string'),
        children: readNodes(node['children'], depth + 1, taken),
      },
    ];
  });
}

function readPlace(value: unknown): Place | null {
  const { uri, range } = fields(value);
  const start = readPosition(fields(range)['start']);
  const end = readPosition(fields(range)['end']);
  return typeof uri === 'string' && start && end ? { uri, range: { start, end } } : null;
}

function readPosition(value: unknown): Position | undefined {
  const { line, character } = fields(value);
  const counts = (n: unknown): n is number => typeof n === 'number' && Number.isInteger(n) && n >= 0;
  return counts(line) && counts(character) ? { line, character } : undefined;
}

/** Every node of a map with its parents before it. */
export function* everyNode(map: GatewayMap): Generator<MapNode> {
  const pending = [...map.nodes].reverse();
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    for (let at = node.children.length - 1; at >= 0; at--) pending.push(node.children[at]!);
  }
}

/** The server or location at a place of the configuration: the last one that begins there or before; in the blanks before one, that one. */
export function nodeAt(map: GatewayMap, uri: string, position: Position): MapNode | undefined {
  let above: (MapNode & { place: Place }) | undefined;
  let behind: (MapNode & { place: Place }) | undefined;
  for (const node of everyNode(map)) {
    const { place, kind } = node;
    if (!place || place.uri !== uri || (kind !== 'server' && kind !== 'location')) continue;
    const { start } = place.range;
    if (isBefore(position, start)) {
      if (start.line === position.line && (!behind || isBefore(start, behind.place.range.start))) behind = { ...node, place };
    } else if (!above || isBefore(above.place.range.start, start)) above = { ...node, place };
  }
  return above?.place.range.start.line === position.line ? above : (behind ?? above);
}

const isBefore = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.character < b.character);
