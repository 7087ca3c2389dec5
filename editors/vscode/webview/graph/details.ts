// Beside the graph: what is known of the current card.

import { locationsOf } from './related';
import { button, element, glyph, verdictIcon } from './dom';
import type { Item, Model } from './model';
import type { Card, Scene } from './scene';
import { common, full, type Words } from './words';

export interface DetailsEvents {
  go(key: string): void;
  close(): void;
  ask(what: 'open' | 'trace' | 'evidence', item: Item): void;
}

/** A list is shown as far as this; then it says how many more there are. */
const LONGEST = 60;

/** Something to go to, and what leads there. */
interface Entry {
  item: Item;
  note: string;
}

export class Details {
  readonly root: HTMLElement;

  constructor(
    private readonly words: Words,
    private readonly events: DetailsEvents,
  ) {
    this.root = element('aside', { class: 'details', attributes: { 'aria-label': words.details } });
    this.root.hidden = true;
  }

  show(card: Card | undefined, model: Model, scene: Scene): void {
    this.root.hidden = !card;
    this.root.replaceChildren(...(card ? this.content(card, model, scene) : []));
    this.root.scrollTo(0, 0);
  }

  private content(card: Card, model: Model, scene: Scene): Node[] {
    const { words, events } = this;
    const several = card.kind === 'alike' || card.kind === 'routes';
    const kind = card.kind === 'alike' ? words.locations(card.members.length) : card.kind === 'routes' ? words.routes(card.members.length) : words.kinds[card.item.kind];
    const title = several ? common(card.members.map((member) => member.label)) : card.item.label;
    const out: Node[] = [
      element('div', { class: 'head' }, element('span', { class: 'kind' }, kind), button(words.close, glyph('close'), events.close, { class: 'tool' })),
      element('h2', {}, title),
    ];
    if (!several && card.item.detail) out.push(element('p', { class: 'detail' }, card.item.detail));
    const isLocation = card.kind === 'location' || card.kind === 'alike';
    if (isLocation || card.verdict) out.push(element('p', { class: `verdict verdict-${card.verdict ?? 'none'}` }, verdictIcon(card.verdict), element('b', {}, words.verdicts[card.verdict ?? 'none'])));
    if (isLocation || card.hits !== null) out.push(element('p', { class: 'requests' }, card.hits === null ? words.noHits : words.hits(full(card.hits), card.hits === 1)));
    if (!several) out.push(this.buttons(card.item));
    if (!several && card.item.why.length > 0) out.push(element('h3', {}, words.why), element('ul', { class: 'why' }, ...card.item.why.map((reason) => element('li', {}, reason))));
    for (const [heading, entries] of this.lists(card, model, scene)) {
      if (entries.length === 0) continue;
      out.push(element('h3', {}, heading, element('span', { class: 'number' }, String(entries.length))), this.list(entries));
    }
    return out;
  }

  private buttons(item: Item): HTMLElement {
    const { words, events } = this;
    const [node] = item.nodes;
    const asks = element('div', { class: 'buttons' });
    const add = (what: 'open' | 'trace' | 'evidence', name: string, hint: string): void => {
      asks.append(button(name, name, () => events.ask(what, item), { class: what === 'open' ? 'primary' : 'secondary', attributes: { title: hint } }));
    };
    if (node?.place) add('open', words.open, words.openHint);
    if (node?.place && (item.kind === 'server' || item.kind === 'location')) add('trace', words.trace, words.traceHint);
    if (node?.place && item.kind === 'location') add('evidence', words.evidence, words.evidenceHint);
    return asks;
  }

  private lists(card: Card, model: Model, scene: Scene): [string, Entry[]][] {
    const { words } = this;
    const plain = (items: Iterable<Item>): Entry[] => [...new Set(items)].map((item) => ({ item, note: '' }));
    const linked = (end: 'from' | 'to'): Entry[] => {
      const ids = new Set(card.members.flatMap((member) => member.nodes.map((node) => node.id)));
      const found = new Map<Item, Set<string>>();
      for (const link of model.links) {
        if (!ids.has(end === 'from' ? link.to : link.from)) continue;
        const item = model.byId.get(link[end]);
        if (item) (found.get(item) ?? found.set(item, new Set()).get(item)!).add(link.label);
      }
      return [...found].map(([item, labels]) => ({ item, note: [...labels].filter(Boolean).join(', ') }));
    };
    const locations = locationsOf(model, card);
    const target = model.targetOf.get(card.key);
    const route = model.routeOf.get(card.key);
    const lists: [string, Entry[]][] = [];
    if (card.kind === 'alike' || card.kind === 'routes') lists.push([words.inside, plain(card.members)]);
    if (card.kind === 'location') lists.push([words.inside, plain(locations.flatMap((one) => one.nested.map((nested) => nested.item)))]);
    lists.push([words.leadsTo, plain(locations.flatMap((one) => [...one.targets.map((to) => to.item), ...[...one.routes].map((to) => to.item)]))]);
    if (target) {
      lists.push([words.usedBy, plain(target.users.map((user) => user.item))]);
      const same = model.servers.flatMap((server) => server.targets.filter((one) => one !== target && one.item.label === target.item.label && one.item.detail === target.item.detail));
      lists.push([words.alsoOf, plain(same.flatMap((one) => model.serverOf.get(one.item.key)?.item ?? []))]);
      lists.push([words.leadsTo, plain(target.routes.map((one) => one.item))]);
    }
    if (route) lists.push([words.usedBy, plain([route.target.item, ...[...route.users].map((user) => user.item)])]);
    lists.push([words.linksOut, linked('to')], [words.linksIn, linked('from')]);
    // What is filtered away can't be gone to.
    return lists.map(([heading, entries]) => [heading, entries.filter(({ item }) => scene.standsFor.has(item.key))]);
  }

  private list(entries: Entry[]): HTMLElement {
    const list = element('ul', { class: 'entries' });
    for (const { item, note } of entries.slice(0, LONGEST)) {
      const icon = item.kind === 'location' ? verdictIcon(item.verdict) : undefined;
      const name = element('span', { class: 'name' }, item.label);
      list.append(element('li', {}, element('button', { attributes: { type: 'button', title: item.detail || item.label }, on: { click: () => this.events.go(item.key) } }, icon, name, note !== '' && element('span', { class: 'note' }, note))));
    }
    if (entries.length > LONGEST) list.append(element('li', { class: 'more' }, this.words.more(entries.length - LONGEST)));
    return list;
  }
}
