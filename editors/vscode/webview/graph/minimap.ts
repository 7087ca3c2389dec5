// The whole world in a corner, with a frame around what is seen; a press or a drag goes there.

import type { Box, Layout } from './layout';
import { element } from './dom';

const WIDTH = 150;
const HEIGHT = 180;
/** What is long and narrow is drawn broader than it is. */
const NARROWEST = 48;

export class Minimap {
  readonly root: HTMLElement;
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly frame = element('div', { class: 'frame' });
  private scale = { x: 1, y: 1 };

  constructor(private readonly go: (point: { x: number; y: number }) => void) {
    this.root = element('div', { class: 'minimap', attributes: { 'aria-hidden': 'true' } }, this.canvas, this.frame);
    const move = (event: PointerEvent): void => {
      if (!this.root.hasPointerCapture(event.pointerId)) return;
      const { left, top } = this.canvas.getBoundingClientRect();
      this.go({ x: (event.clientX - left) / this.scale.x, y: (event.clientY - top) / this.scale.y });
    };
    this.root.addEventListener('pointerdown', (event) => {
      event.stopPropagation();
      event.preventDefault();
      this.root.setPointerCapture(event.pointerId);
      move(event);
    });
    this.root.addEventListener('pointermove', move);
  }

  /** Paints the cards anew. */
  paint(layout: Layout): void {
    const density = window.devicePixelRatio || 1;
    const both = Math.min(WIDTH / Math.max(1, layout.width), HEIGHT / Math.max(1, layout.height));
    this.scale = { x: Math.max(both, NARROWEST / Math.max(1, layout.width)), y: both };
    const [width, height] = [Math.max(1, layout.width * this.scale.x), Math.max(1, layout.height * this.scale.y)];
    [this.canvas.width, this.canvas.height] = [Math.ceil(width * density), Math.ceil(height * density)];
    [this.canvas.style.width, this.canvas.style.height] = [`${width}px`, `${height}px`];
    const context = this.canvas.getContext('2d');
    if (!context) return;
    context.scale(density * this.scale.x, density * this.scale.y);
    const style = getComputedStyle(this.root);
    const colours = new Map<string, string>();
    const colour = (name: string): string => {
      const known = colours.get(name) ?? style.getPropertyValue(`--${name}`).trim();
      colours.set(name, known);
      return known;
    };
    const thinnest = 1 / this.scale.y;
    for (const { card, x, y, width: w, height: h } of layout.cards) {
      context.fillStyle = colour(card.verdict ?? (card.kind === 'server' ? 'foreground' : 'muted'));
      context.globalAlpha = card.verdict === 'in-use' || card.verdict === null ? 0.55 : 1;
      context.fillRect(x, y, w, Math.max(h, thinnest));
    }
  }

  /** Moves the frame; the map is hidden where all is seen. */
  show(seen: Box, layout: Layout): void {
    const all = seen.x <= 0 && seen.y <= 0 && seen.x + seen.width >= layout.width && seen.y + seen.height >= layout.height;
    this.root.hidden = all || layout.cards.length === 0;
    if (this.root.hidden) return;
    const [left, top] = [Math.max(0, seen.x), Math.max(0, seen.y)];
    const [right, bottom] = [Math.min(layout.width, seen.x + seen.width), Math.min(layout.height, seen.y + seen.height)];
    const { style } = this.frame;
    [style.left, style.top] = [`${left * this.scale.x}px`, `${top * this.scale.y}px`];
    [style.width, style.height] = [`${Math.max(4, (right - left) * this.scale.x)}px`, `${Math.max(4, (bottom - top) * this.scale.y)}px`];
  }
}
