// The window onto the world of cards: moves and zooms it, and has in the document only what is seen.

import { detail, fit, hold, reveal, seen, start, zoomAt, type Camera, type Size } from './camera';
import { fill, type Look } from './cards';
import { element } from './dom';
import type { Box, Layout, Placed } from './layout';
import { Minimap } from './minimap';
import { Gestures } from './gestures';
import type { Related } from './related';
import { Wires } from './wires';

export interface StageEvents {
  select(key: string | undefined): void;
  open(key: string): void;
  fold(key: string): void;
  hover(key: string | undefined): void;
  focused(key: string): void;
  moved(camera: Camera): void;
}

/** How far beyond the window cards are there already, in points of the window. */
const BEYOND = 200;
const MOVE_MS = 160;
/** How far the card of a server stays from the edge of the window while its band is passed through. */
const STICKY = 12;

export class Stage {
  readonly root: HTMLElement;
  readonly minimap: Minimap;
  private readonly world = element('div', { class: 'world' });
  private readonly bands = element('div', { class: 'bands', attributes: { 'aria-hidden': 'true' } });
  private readonly cards: HTMLElement;
  private readonly wires = new Wires();
  private readonly elements = new Map<string, HTMLElement>();
  private readonly ranks = new Map<string, { at: number; of: number }>();
  private camera: Camera = { x: 0, y: 0, scale: 1 };
  private layout: Layout | undefined;
  private look: Look | undefined;
  private current: string | undefined;
  private lit: Related | undefined;
  private frame = 0;
  private travel: { from: Camera; to: Camera; since: number } | undefined;
  private known: Size = { width: 0, height: 0 };

  constructor(
    label: string,
    private readonly events: StageEvents,
    private readonly isCalm: () => boolean,
  ) {
    this.cards = element('div', { class: 'cards', attributes: { role: 'tree', 'aria-label': label } });
    this.world.append(this.bands, this.wires.root, this.cards);
    this.minimap = new Minimap((point) => this.moveTo({ ...this.camera, x: this.size.width / 2 - point.x * this.camera.scale, y: this.size.height / 2 - point.y * this.camera.scale }));
    this.root = element('div', { class: 'stage' }, this.world, this.minimap.root);
    new Gestures(this.root, {
      pan: (dx, dy) => this.moveTo({ ...this.camera, x: this.camera.x + dx, y: this.camera.y + dy }),
      zoom: (point, factor) => this.moveTo(zoomAt(this.camera, point, factor)),
      press: (target) => this.pressed(target),
    });
    this.cards.addEventListener('dblclick', (event) => {
      const key = keyOf(event.target);
      if (key !== undefined && !isFold(event.target)) this.events.open(key);
    });
    this.cards.addEventListener('focusin', (event) => {
      const key = keyOf(event.target);
      if (key !== undefined) this.events.focused(key);
    });
    this.cards.addEventListener('pointerover', (event) => this.events.hover(keyOf(event.target)));
    this.cards.addEventListener('pointerleave', () => this.events.hover(undefined));
    // The browser would scroll to what has the focus; that is the camera's.
    this.root.addEventListener('scroll', () => this.root.scrollTo(0, 0));
    new ResizeObserver(() => {
      this.known = { width: this.root.clientWidth, height: this.root.clientHeight };
      this.draw();
    }).observe(this.root);
  }

  get size(): Size {
    return { width: this.root.clientWidth, height: this.root.clientHeight };
  }

  get view(): Camera {
    return this.travel?.to ?? this.camera;
  }

  /** Shows another world. What stays, stays where it is in the window: the card `anchor`, else any that was seen. */
  show(layout: Layout, look: Look, anchor: string | undefined): void {
    const before = this.layout;
    this.stop();
    this.layout = layout;
    this.look = look;
    this.ranks.clear();
    const columns = new Map<number, Placed[]>();
    for (const placed of layout.cards) (columns.get(placed.column) ?? columns.set(placed.column, []).get(placed.column)!).push(placed);
    for (const column of columns.values()) column.forEach((placed, at) => this.ranks.set(placed.card.key, { at: at + 1, of: column.length }));
    for (const [key, shown] of this.elements) {
      const placed = layout.byKey.get(key);
      if (placed) fill(shown, placed, look, this.ranks.get(key)!);
    }
    this.wires.show(layout, look.model);
    this.showBands(layout);
    this.camera = before ? this.anchored(before, layout, anchor) : start(layout, this.size);
    this.minimap.paint(layout);
    this.draw();
  }

  private anchored(before: Layout, after: Layout, anchor: string | undefined): Camera {
    const window = seen(this.camera, this.size);
    const stays = (key: string | undefined): Placed | undefined => {
      const placed = key === undefined ? undefined : before.byKey.get(key);
      return placed && after.byKey.has(placed.card.key) && overlaps(placed, window) ? placed : undefined;
    };
    const old = stays(anchor) ?? before.cards.find((placed) => placed.column > 0 && stays(placed.card.key)) ?? before.cards.find((placed) => stays(placed.card.key));
    const now = old && after.byKey.get(old.card.key);
    if (!old || !now) return start(after, this.size);
    return hold({ ...this.camera, y: this.camera.y + (old.y - now.y) * this.camera.scale }, after, this.size);
  }

  private showBands(layout: Layout): void {
    this.bands.replaceChildren(
      ...layout.bands.map(({ x, y, width, height, server }) => {
        const name = element('span', { class: 'band-name' }, server.card.item.label);
        const band = element('div', { class: `band verdict-${server.card.verdict ?? 'none'}` }, name);
        const { style } = band;
        [style.left, style.top, style.width, style.height] = [`${x}px`, `${y}px`, `${width}px`, `${height}px`];
        return band;
      }),
    );
  }

  /** Which card is the current one, and whether it gets the focus. */
  select(key: string | undefined, focus: boolean): void {
    this.current = key;
    this.draw(true);
    if (focus && key !== undefined) this.elements.get(key)?.focus({ preventScroll: true });
  }

  /** Brings out what belongs together. */
  light(related: Related | undefined): void {
    this.lit = related;
    this.draw();
  }

  setLinks(shown: boolean): void {
    this.root.classList.toggle('no-links', !shown);
  }

  reveal(key: string): void {
    const placed = this.layout?.byKey.get(key);
    if (placed) this.travelTo(reveal(this.view, placed, this.size));
  }

  fit(): void {
    if (this.layout) this.travelTo(fit(this.layout, this.size));
  }

  start(): void {
    if (this.layout) this.moveTo(start(this.layout, this.size));
  }

  /** Zooms around the current card where it is seen, else around the middle. */
  zoom(factor: number): void {
    const { width, height } = this.size;
    const placed = this.current === undefined ? undefined : this.layout?.byKey.get(this.current);
    const { x, y, scale } = this.view;
    const at = placed && overlaps(placed, seen(this.view, this.size)) ? { x: x + (placed.x + placed.width / 2) * scale, y: y + (placed.y + placed.height / 2) * scale } : { x: width / 2, y: height / 2 };
    this.travelTo(zoomAt(this.view, at, factor));
  }

  moveTo(camera: Camera): void {
    this.stop();
    this.camera = this.layout ? hold(camera, this.layout, this.size) : camera;
    this.events.moved(this.camera);
    this.draw();
  }

  private travelTo(to: Camera): void {
    if (!this.layout) return;
    const held = hold(to, this.layout, this.size);
    if (this.isCalm()) return this.moveTo(held);
    this.travel = { from: this.camera, to: held, since: performance.now() };
    this.events.moved(held);
    this.draw();
  }

  private stop(): void {
    this.travel = undefined;
  }

  private pressed(target: EventTarget | null): void {
    const key = keyOf(target);
    if (key !== undefined && isFold(target)) return this.events.fold(key);
    this.events.select(key);
  }

  /** Draws at the next frame, or at once where something is to be focused. */
  private draw(now = false): void {
    if (now) {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      return this.paint();
    }
    if (this.frame === 0) this.frame = requestAnimationFrame(() => ((this.frame = 0), this.paint()));
  }

  private paint(): void {
    const { layout, look, travel } = this;
    if (!layout || !look) return;
    if (travel) {
      const part = Math.min(1, (performance.now() - travel.since) / MOVE_MS);
      const eased = 1 - (1 - part) ** 3;
      const between = (a: number, b: number): number => a + (b - a) * eased;
      this.camera = { x: between(travel.from.x, travel.to.x), y: between(travel.from.y, travel.to.y), scale: between(travel.from.scale, travel.to.scale) };
      if (part >= 1) this.travel = undefined;
      else this.draw();
    }
    const { x, y, scale } = this.camera;
    this.world.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.root.dataset['detail'] = detail(scale);
    this.root.style.setProperty('--scale', String(scale));
    const size = this.known.width > 0 ? this.known : this.size;
    const window = seen(this.camera, size);
    const beyond = BEYOND / scale;
    this.paintCards(layout, look, { x: window.x - beyond, y: window.y - beyond, width: window.width + 2 * beyond, height: window.height + 2 * beyond });
    this.paintBands(layout, window);
    this.wires.paint(window.y - beyond, window.y + window.height + beyond, this.lit);
    this.minimap.show(window, layout);
  }

  private paintCards(layout: Layout, look: Look, window: Box): void {
    const tabbable = this.current !== undefined && layout.byKey.has(this.current) ? this.current : layout.cards[0]?.card.key;
    const keep = new Set<string>();
    let previous: HTMLElement | undefined;
    for (const placed of layout.cards) {
      const { key } = placed.card;
      // Servers stay, as they move along with the window; so does what Tab leads to.
      if (placed.column > 0 && key !== tabbable && !overlaps(placed, window)) continue;
      keep.add(key);
      let shown = this.elements.get(key);
      if (!shown) {
        shown = element('div');
        fill(shown, placed, look, this.ranks.get(key)!);
        this.elements.set(key, shown);
        // In the order in which they stand: what reads the page goes through it in this order.
        if (previous) previous.after(shown);
        else this.cards.prepend(shown);
      }
      previous = shown;
      shown.tabIndex = key === tabbable ? 0 : -1;
      shown.setAttribute('aria-selected', String(key === this.current));
      shown.classList.toggle('current', key === this.current);
      shown.classList.toggle('lit', key !== this.current && (this.lit?.cards.has(key) ?? false));
    }
    for (const [key, shown] of this.elements) {
      if (keep.has(key)) continue;
      shown.remove();
      this.elements.delete(key);
    }
  }

  /** The card of a server goes along with the window, as far as its band reaches. */
  private paintBands(layout: Layout, window: Box): void {
    const sticky = STICKY / this.camera.scale;
    layout.bands.forEach((band, at) => {
      const { server } = band;
      const lowest = band.y + band.height - (server.y - band.y) - server.height;
      const top = Math.max(server.y, Math.min(window.y + sticky, lowest));
      const shown = this.elements.get(server.card.key);
      if (shown) shown.style.top = `${top}px`;
      const box = this.bands.children[at];
      const name = box?.firstElementChild;
      if (box instanceof HTMLElement && name instanceof HTMLElement) {
        name.style.top = `${Math.max(0, Math.min(window.y - band.y, band.height - 24 / this.camera.scale))}px`;
        box.classList.toggle('thin', band.height * this.camera.scale < 20);
      }
    });
  }
}

const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function keyOf(target: EventTarget | null): string | undefined {
  const card = target instanceof Element ? target.closest('.card') : null;
  return card instanceof HTMLElement ? card.dataset['key'] : undefined;
}

const isFold = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[data-fold]') !== null;

