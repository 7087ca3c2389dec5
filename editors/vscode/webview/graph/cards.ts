// One card: a server, a location, several alike, what they lead to, a route.

import { VERDICTS } from '../../src/graph/map';
import { element, glyph, marked, verdictIcon } from './dom';
import type { Placed } from './layout';
import type { Model } from './model';
import type { Card } from './scene';
import { common, full, share, short, type Words } from './words';

export interface Look {
  words: Words;
  model: Model;
  /** Words of the search, in small letters. */
  query: readonly string[];
}

/** Fills the element of a card; it stays the same element, so that it keeps the focus. */
export function fill(root: HTMLElement, { card, column, x, y, width, height }: Placed, look: Look, place: { at: number; of: number }): void {
  const { words, model } = look;
  const { style } = root;
  [style.left, style.top, style.width, style.height] = [`${x}px`, `${y}px`, `${width}px`, `${height}px`];
  root.className = ['card', card.kind, `verdict-${card.verdict ?? 'none'}`, card.found && 'found', card.context && 'context', card.folded && card.kind !== 'server' && 'stack'].filter(Boolean).join(' ');
  root.title = card.item.detail && card.kind !== 'alike' ? `${card.item.label}\n${card.item.detail}` : card.item.label;
  const { dataset } = root;
  dataset['key'] = card.key;
  const attributes: Record<string, string | undefined> = {
    role: 'treeitem',
    'aria-level': String(column + 1 + card.depth),
    'aria-posinset': String(place.at),
    'aria-setsize': String(place.of),
    'aria-expanded': card.folded === undefined ? undefined : String(!card.folded),
    'aria-label': spoken(card, words, model),
  };
  for (const [name, value] of Object.entries(attributes)) value === undefined ? root.removeAttribute(name) : root.setAttribute(name, value);
  root.replaceChildren(...content(card, look));
}

function content(card: Card, look: Look): Node[] {
  const { words, model, query } = look;
  const out: Node[] = [];
  if (card.folded !== undefined) out.push(element('span', { class: 'fold', attributes: { 'data-fold': '', title: card.folded ? words.folded : words.unfolded } }, glyph(card.folded ? 'folded' : 'unfolded')));
  if (card.kind === 'location' || card.kind === 'alike' || card.verdict) out.push(verdictIcon(card.verdict));
  if (card.kind === 'server' || card.kind === 'target') {
    out.push(
      element('span', { class: 'lines' }, element('span', { class: 'label' }, marked(card.item.label, query)), element('span', { class: 'detail' }, marked(second(card, words, model), query))),
    );
  } else {
    out.push(element('span', { class: 'label' }, ...label(card, look)));
  }
  if (card.kind === 'server') out.push(...verdictsOf(card, model));
  const flag = words.flags[card.verdict ?? 'none'];
  if (flag && card.kind !== 'server') out.push(element('span', { class: 'flag' }, flag));
  if (card.hits !== null && card.kind !== 'server') out.push(element('span', { class: 'hits' }, short(card.hits)));
  if (card.kind === 'location' || card.kind === 'alike') {
    const bar = element('span', { class: 'bar' });
    bar.style.width = `${Math.round(share(card.hits, model.mostHits) * 100)}%`;
    out.push(bar);
    // Where requests end that are not passed on.
    const leads = card.members.some((member) => model.locationOf.get(member.key)?.targets.length);
    if (!leads && card.item.detail && card.folded !== false) out.push(element('span', { class: 'ends' }, marked(card.item.detail, query)));
  }
  return out;
}

function label(card: Card, { words, query }: Look): (Node | string)[] {
  if (card.kind === 'routes') return [words.routes(card.members.length)];
  if (card.kind === 'alike') return [element('b', {}, `${card.members.length} ×`), ' ', marked(common(card.members.map((member) => member.label)), query)];
  const [, method, rest] = /^(\S+) (\/.*)$/.exec(card.item.label) ?? [];
  if (card.kind === 'route' && method && rest !== undefined) return [element('span', { class: 'method' }, method), marked(rest, query)];
  return [marked(card.item.label, query)];
}

/** How the locations of a server divide by verdict: as a bar, and in numbers where they are folded away. */
function verdictsOf(card: Card, model: Model): Node[] {
  const locations = model.serverOf.get(card.key)?.locations ?? [];
  const counts = [...VERDICTS, null].map((verdict) => ({ verdict, count: locations.filter((one) => one.item.verdict === verdict).length })).filter(({ count }) => count > 0);
  const parts = counts.map(({ verdict, count }) => {
    const part = element('span', { class: `part verdict-${verdict ?? 'none'}` });
    part.style.flexGrow = String(count);
    return part;
  });
  const out: Node[] = parts.length > 0 ? [element('span', { class: 'parts' }, ...parts)] : [];
  if (card.folded) out.push(element('span', { class: 'ends' }, ...counts.map(({ verdict, count }) => element('span', { class: 'part' }, verdictIcon(verdict), String(count)))));
  return out;
}

/** The second line of a card that has two. */
function second(card: Card, words: Words, model: Model): string {
  if (card.kind !== 'server') return card.item.detail;
  const count = model.serverOf.get(card.key)?.locations.length ?? 0;
  return [words.locations(count), card.hits === null ? '' : words.hits(short(card.hits), card.hits === 1)].filter(Boolean).join(' · ');
}

/** What a screen reader says. */
function spoken(card: Card, words: Words, model: Model): string {
  const kind = card.kind === 'alike' ? words.locations(card.members.length) : card.kind === 'routes' ? words.routes(card.members.length) : words.kinds[card.item.kind];
  const name = card.kind === 'alike' ? common(card.members.map((member) => member.label)) : card.kind === 'routes' ? '' : card.item.label;
  const verdict = card.verdict ? words.verdicts[card.verdict] : card.kind === 'location' || card.kind === 'alike' ? words.verdicts.none : '';
  const hits = card.hits === null ? '' : words.hits(full(card.hits), card.hits === 1);
  return [`${kind} ${name}`.trim(), verdict, hits, card.kind === 'server' ? second({ ...card, hits: null }, words, model) : card.kind === 'routes' ? '' : card.item.detail].filter(Boolean).join(', ');
}
