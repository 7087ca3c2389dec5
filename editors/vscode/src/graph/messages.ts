// What the extension and the page with the graph say to each other.

import type { GatewayMap } from './map';

/** From the extension to the page. */
export type ToPage =
  | { type: 'map'; map: GatewayMap; uri: string }
  /** Shows a node, by its id in the map, wherever it is folded away. */
  | { type: 'reveal'; id: string }
  | { type: 'busy' }
  | { type: 'failed'; message: string };

/** From the page to the extension. Nodes go by their ids: no address that the page names is ever opened. */
export type FromPage = { type: 'ready' } | { type: 'retry' } | { type: 'open' | 'trace' | 'evidence'; id: string };

/** A message of the page; `undefined` where it is none. */
export function readFromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, id } = message as { type?: unknown; id?: unknown };
  if (type === 'ready' || type === 'retry') return { type };
  if ((type === 'open' || type === 'trace' || type === 'evidence') && typeof id === 'string') return { type, id };
  return undefined;
}

/** What the page keeps while it is hidden, and over a restart of the editor; the extension needs the address in it. */
export interface Kept {
  uri?: string;
}
