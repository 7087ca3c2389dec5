// The page with the graph: holds what is shown, and speaks with the extension.

import './graph.css';
import type { Verdict } from '../../src/graph/map';
import type { FromPage, Kept, ToPage } from '../../src/graph/messages';
import type { Camera } from './camera';
import { Details } from './details';
import { button, element, glyph } from './dom';
import { Neighbours, ZOOM_STEP, toAction, type Action } from './keyboard';
import { toLayout, type Layout } from './layout';
import { toModel, type Item, type Model } from './model';
import { related } from './related';
import { toScene, type Scene } from './scene';
import { Stage } from './stage';
import { Toolbar } from './toolbar';
import { wordsOf } from './words';

/** What VS Code gives a page; in a plain browser the tests stand in for it. */
interface Editor {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: Remembered): void;
}
declare function acquireVsCodeApi(): Editor;

interface Remembered extends Kept {
  camera?: Camera;
  query?: string;
  verdicts?: (Verdict | null)[];
  group?: boolean;
  folds?: [string, boolean][];
  links?: boolean;
  current?: string;
}

/** How many cards visited before are known, for the way back. */
const MOST_VISITED = 20;

class Page {
  private readonly words = wordsOf(document.documentElement.lang);
  private readonly stage: Stage;
  private readonly toolbar: Toolbar;
  private readonly details: Details;
  private readonly summary = element('div', { class: 'summary' });
  private readonly cover = element('div', { class: 'cover' });
  private readonly help: HTMLElement;

  private uri: string | undefined;
  private model: Model | undefined;
  private scene: Scene | undefined;
  private layout: Layout | undefined;
  private neighbours: Neighbours | undefined;
  private query = '';
  private verdicts = new Set<Verdict | null>();
  private group: boolean | undefined;
  private folds = new Map<string, boolean>();
  private links = true;
  private current: string | undefined;
  private hovered: string | undefined;
  private visited: string[] = [];
  /** Shown when the map comes that has it. */
  private awaited: string | undefined;
  private restored: Remembered | undefined;

  constructor(private readonly editor: Editor) {
    const { words } = this;
    this.stage = new Stage(
      words.graph,
      {
        select: (key) => (key === undefined ? this.select(undefined) : this.select(key, { focus: true })),
        open: (key) => this.open(key),
        fold: (key) => this.fold(key),
        hover: (key) => this.hover(key),
        focused: (key) => key !== this.current && this.select(key),
        moved: () => this.remember(),
      },
      () => document.body.classList.contains('vscode-reduce-motion') || matchMedia('(prefers-reduced-motion: reduce)').matches,
    );
    this.toolbar = new Toolbar(words, {
      search: (query) => this.search(query),
      next: (by) => this.next(by, false),
      leaveSearch: () => (this.query === '' ? this.stage.select(this.current ?? this.firstKey(), true) : this.search('')),
      verdict: (verdict) => this.toggle(verdict),
      group: () => this.change(() => (this.group = !(this.scene?.grouped ?? false))),
      links: () => this.change(() => (this.links = !this.links)),
      foldAll: (folded) => this.foldAll(folded),
    });
    this.details = new Details(words, {
      go: (key) => this.goTo(key),
      close: () => this.select(undefined),
      ask: (what, item) => this.ask(what, item),
    });
    this.help = this.makeHelp();
    const zoom = element(
      'div',
      { class: 'zoom', attributes: { role: 'group' } },
      button(words.zoomIn, glyph('plus'), () => this.stage.zoom(ZOOM_STEP)),
      button(words.zoomOut, glyph('minus'), () => this.stage.zoom(1 / ZOOM_STEP)),
      button(words.fit, glyph('fit'), () => this.stage.fit()),
      button(words.keys, '?', () => this.toggleHelp()),
    );
    this.stage.root.append(zoom, this.cover, this.help);
    // The order is that of the Tab key.
    const main = element('main', { class: 'body' }, this.stage.root, this.details.root);
    document.body.append(element('div', { class: 'page' }, this.toolbar.root, this.summary, main));
    document.addEventListener('keydown', (event) => this.pressed(event));
    // Another theme has other colours, which the small map has painted.
    new MutationObserver(() => this.layout && this.stage.minimap.paint(this.layout)).observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.restore(this.editor.getState());
    this.showCover(words.busy);
  }

  receive(message: ToPage): void {
    if (message.type === 'map') this.showMap(message);
    else if (message.type === 'reveal') this.reveal(message.id);
    else if (message.type === 'failed') this.showCover(this.words.failed, message.message, { name: this.words.retry, run: () => this.editor.postMessage({ type: 'retry' }) });
    else if (!this.model) this.showCover(this.words.busy);
  }

  private showMap({ map, uri }: Extract<ToPage, { type: 'map' }>): void {
    const another = uri !== this.uri && this.uri !== undefined;
    if (another) this.forget();
    this.uri = uri;
    this.model = toModel(map);
    this.update();
    const { restored } = this;
    this.restored = undefined;
    if (restored?.camera) this.stage.moveTo(restored.camera);
    else if (another) this.stage.start();
    if (this.awaited !== undefined) this.reveal(this.awaited);
  }

  /** What was chosen for another configuration is of no use for this one. */
  private forget(): void {
    this.query = '';
    this.verdicts.clear();
    this.folds.clear();
    this.group = undefined;
    this.current = undefined;
    this.visited = [];
  }

  private showSummary(model: Model, scene: Scene): void {
    const { words } = this;
    const locations = scene.locations === model.locations ? words.locations(model.locations) : words.shown(scene.locations, model.locations);
    const facts = [words.servers(model.servers.length), locations, ...(model.routes > 0 ? [words.routes(model.routes)] : [])];
    this.summary.replaceChildren(element('b', {}, model.configuration), ...facts.map((fact) => element('span', {}, fact)));
    if (model.note) this.summary.append(element('span', { class: 'note', attributes: { title: model.note } }, model.note));
  }

  /** Shows what the choices make of the model. */
  private update(): void {
    const { model, words } = this;
    if (!model) return;
    this.scene = toScene(model, { query: this.query, verdicts: this.verdicts, group: this.group, folds: this.folds });
    this.layout = toLayout(this.scene);
    this.neighbours = new Neighbours(this.layout);
    if (this.current !== undefined && !this.scene.cards.has(this.current)) this.current = this.scene.standsFor.get(this.current);
    this.hovered = undefined;
    const query = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    this.stage.show(this.layout, { words, model, query }, this.current);
    this.stage.setLinks(this.links);
    this.showCurrent(false);
    this.showToolbar();
    this.showSummary(model, this.scene);
    if (model.servers.length === 0) this.showCover(words.empty, words.emptyHint);
    else if (this.scene.bands.length === 0) this.showCover(words.nothing, '', { name: words.clear, run: () => this.clear() });
    else this.cover.hidden = true;
    this.remember();
  }

  private showToolbar(): void {
    const { model, scene } = this;
    if (!model || !scene) return;
    const at = this.current === undefined ? 0 : scene.found.indexOf(this.current) + 1;
    this.toolbar.show({ query: this.query, found: { at, of: scene.found.length }, verdicts: this.verdicts, counts: model.verdicts, grouped: scene.grouped, links: this.links });
    document.title = `${this.words.title}: ${model.configuration}`;
  }

  private showCurrent(focus: boolean): void {
    const { model, scene, current } = this;
    if (!model || !scene) return;
    this.details.show(current === undefined ? undefined : scene.cards.get(current), model, scene);
    this.light();
    this.stage.select(current, focus);
  }

  private light(): void {
    const { model, scene } = this;
    const key = this.hovered ?? this.current;
    this.stage.light(model && scene && key !== undefined ? related(model, scene, key) : undefined);
  }

  private showCover(title: string, text = '', action?: { name: string; run: () => void }): void {
    this.cover.hidden = false;
    this.cover.replaceChildren(
      element(
        'div',
        { attributes: { role: 'status' } },
        element('p', { class: 'title' }, title),
        text !== '' && element('p', {}, text),
        action && button(action.name, action.name, action.run, { class: 'primary' }),
      ),
    );
  }

  private select(key: string | undefined, { focus = false }: { focus?: boolean } = {}): void {
    if (key !== undefined) this.visited = [...this.visited.filter((one) => one !== key), key].slice(-MOST_VISITED);
    this.current = key;
    // First the details, as they take from the window what the card must be seen in.
    this.showCurrent(focus);
    this.showToolbar();
    if (key !== undefined) this.stage.reveal(key);
    this.remember();
  }

  private hover(key: string | undefined): void {
    if (key === this.hovered) return;
    this.hovered = key;
    this.light();
  }

  /** Goes to something of the model, unfolding what it is in. */
  private goTo(key: string): void {
    if (!this.unfoldTo(key)) return;
    this.select(this.scene?.standsFor.get(key) ?? key, { focus: true });
  }

  private unfoldTo(key: string): boolean {
    const { model } = this;
    const server = model?.serverOf.get(key) ?? undefined;
    if (!server) return false;
    // The server first, then the card of several that is in it.
    for (const above of [server.item.key, this.scene?.standsFor.get(key)]) {
      if (above === undefined || above === key || !this.scene?.cards.get(above)?.folded) continue;
      this.folds.set(above, false);
      this.update();
    }
    const inside = this.scene?.standsFor.get(key);
    if (inside !== undefined && inside !== key && this.scene?.cards.get(inside)?.folded) {
      this.folds.set(inside, false);
      this.update();
    }
    return this.scene?.standsFor.has(key) ?? false;
  }

  private reveal(id: string): void {
    this.awaited = undefined;
    const item = this.model?.byId.get(id);
    if (!this.model) this.awaited = id;
    if (!item) return;
    if (!this.scene?.standsFor.has(item.key)) this.clear();
    this.goTo(item.key);
  }

  private search(query: string): void {
    const before = this.query.trim();
    this.change(() => (this.query = query));
    if (query.trim() !== before) this.showFiltered();
  }

  /** Where less is shown than before, or more, it is looked at from the top, unless something in it was selected. */
  private showFiltered(): void {
    this.stage.start();
    const [first] = this.scene?.found ?? [];
    const key = this.current ?? (this.query.trim() === '' ? undefined : first);
    if (key !== undefined) this.stage.reveal(key);
  }

  private next(by: 1 | -1, focus: boolean): void {
    const found = this.scene?.found ?? [];
    if (found.length === 0) return;
    const at = this.current === undefined ? -1 : found.indexOf(this.current);
    const to = at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
    this.select(found[to], { focus });
  }

  private toggle(verdict: Verdict | null): void {
    this.change(() => {
      if (!this.verdicts.delete(verdict)) this.verdicts.add(verdict);
    });
    this.showFiltered();
  }

  private change(what: () => void): void {
    what();
    this.update();
  }

  private clear(): void {
    this.change(() => {
      this.query = '';
      this.verdicts.clear();
    });
    this.showFiltered();
  }

  private fold(key: string): void {
    const card = this.scene?.cards.get(key);
    if (card?.folded === undefined) return;
    this.change(() => {
      this.folds.set(key, !card.folded);
      this.current = key;
    });
    this.stage.select(key, true);
  }

  private foldAll(folded: boolean): void {
    // Unfolding a server shows others that are folded: as long as there are any, but no longer than there are levels.
    this.change(() => this.folds.clear());
    for (let level = 0; level < 2; level++) {
      const cards = [...(this.scene?.cards.values() ?? [])].filter((card) => card.folded === !folded && (!folded || card.kind === 'server'));
      if (cards.length > 0) this.change(() => cards.forEach((card) => this.folds.set(card.key, folded)));
    }
    this.stage.start();
  }

  private open(key: string): void {
    const card = this.scene?.cards.get(key);
    if (!card) return;
    if (card.kind === 'alike' || card.kind === 'routes' || !card.item.nodes[0]?.place) this.fold(key);
    else this.ask('open', card.item);
  }

  private ask(type: 'open' | 'trace' | 'evidence', item: Item): void {
    const [node] = item.nodes;
    if (node) this.editor.postMessage({ type, id: node.id });
  }

  private firstKey(): string | undefined {
    return this.layout?.cards[0]?.card.key;
  }

  private pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.target instanceof HTMLInputElement) return;
    const action = toAction(event);
    if (!action) return;
    // Buttons keep their keys.
    const onButton = event.target instanceof HTMLButtonElement;
    if (onButton && (action.do === 'open' || action.do === 'fold')) return;
    event.preventDefault();
    this.act(action);
  }

  private act(action: Action): void {
    switch (action.do) {
      case 'move':
      case 'jump':
      case 'first':
      case 'last':
        return this.move(action);
      case 'zoom':
        return this.stage.zoom(action.factor);
      case 'fit':
        return this.stage.fit();
      case 'actual':
        return this.stage.zoom(1 / this.stage.view.scale);
      case 'open':
        return this.current === undefined ? undefined : this.open(this.current);
      case 'fold':
        return this.current === undefined ? undefined : this.fold(this.current);
      case 'search':
        return this.toolbar.focusSearch();
      case 'next':
        return this.next(1, true);
      case 'previous':
        return this.next(-1, true);
      case 'help':
        return this.toggleHelp();
      case 'escape':
        if (!this.help.hidden) return this.toggleHelp();
        if (this.current !== undefined) return this.select(undefined);
        if (this.query !== '' || this.verdicts.size > 0) this.clear();
    }
  }

  private move(action: Extract<Action, { do: 'move' | 'jump' | 'first' | 'last' }>): void {
    const { neighbours, layout } = this;
    const from = this.current === undefined ? undefined : layout?.byKey.get(this.current);
    if (!neighbours || !from) return this.select(this.visited.at(-1) ?? this.firstKey(), { focus: true });
    if (action.do === 'move') {
      const folded = from.card.folded;
      if (action.direction === 'right' && folded && from.card.kind !== 'alike') return this.fold(from.card.key);
      const to = neighbours.step(from, action.direction, this.visited);
      if (to) return this.select(to.card.key, { focus: true });
      if (action.direction === 'left' && folded === false) this.fold(from.card.key);
      return;
    }
    const to = action.do === 'jump' ? neighbours.along(from, action.by) : neighbours.end(from, action.do);
    if (to) this.select(to.card.key, { focus: true });
  }

  private makeHelp(): HTMLElement {
    const rows = this.words.help.flatMap(([keys, what]) => [element('dt', {}, keys), element('dd', {}, what)]);
    const help = element('div', { class: 'help', attributes: { role: 'dialog', 'aria-label': this.words.keys } }, element('dl', {}, ...rows));
    help.hidden = true;
    return help;
  }

  private toggleHelp(): void {
    this.help.hidden = !this.help.hidden;
  }

  private remember(): void {
    if (this.uri === undefined || this.restored) return;
    const { uri, query, group, links, current } = this;
    this.editor.setState({ uri, camera: this.stage.view, query, verdicts: [...this.verdicts], folds: [...this.folds], links, ...(group !== undefined && { group }), ...(current !== undefined && { current }) });
  }

  private restore(state: unknown): void {
    if (typeof state !== 'object' || state === null) return;
    const kept = state as Remembered;
    this.restored = kept;
    this.uri = kept.uri;
    this.query = kept.query ?? '';
    this.verdicts = new Set(kept.verdicts ?? []);
    this.group = kept.group;
    this.folds = new Map(kept.folds ?? []);
    this.links = kept.links ?? true;
    this.current = kept.current;
  }
}

const editor = acquireVsCodeApi();
const page = new Page(editor);
window.addEventListener('message', (event: MessageEvent<ToPage>) => page.receive(event.data));
editor.postMessage({ type: 'ready' });
