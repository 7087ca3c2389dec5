// Elements and pictures. Text only ever goes in as text: what is in a configuration can't become markup.

import type { Verdict } from '../../src/graph/map';

const SVG = 'http://www.w3.org/2000/svg';

type Child = Node | string | undefined | false;
interface Options {
  class?: string;
  attributes?: Record<string, string | undefined>;
  on?: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, options: Options = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (options.class) made.className = options.class;
  for (const [name, value] of Object.entries(options.attributes ?? {})) if (value !== undefined) made.setAttribute(name, value);
  for (const [name, run] of Object.entries(options.on ?? {})) made.addEventListener(name, run as EventListener);
  for (const child of children) if (child) made.append(child);
  return made;
}

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string> = {}, ...children: Node[]): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A button with a picture or words on it; its name is what a screen reader says. */
export function button(name: string, content: Node | string, run: () => void, more: Options = {}): HTMLButtonElement {
  return element('button', { ...more, attributes: { type: 'button', title: name, 'aria-label': typeof content === 'string' && content === name ? undefined : name, ...more.attributes }, on: { click: run } }, content);
}

const picture = (className: string, ...paths: Node[]): SVGSVGElement => svg('svg', { class: className, viewBox: '0 0 16 16', width: '16', height: '16', 'aria-hidden': 'true' }, ...paths);
const path = (d: string, more: Record<string, string> = {}): SVGPathElement => svg('path', { d, ...more });

/** Each verdict has a shape of its own, so that nobody needs to see its colour. */
export function verdictIcon(verdict: Verdict | null): SVGSVGElement {
  const className = `icon verdict-${verdict ?? 'none'}`;
  switch (verdict) {
    case 'in-use':
      return picture(className, svg('circle', { class: 'filled', cx: '8', cy: '8', r: '6.5' }), path('M5 8.2l2.2 2.2L11.2 6', { class: 'cut' }));
    case 'to-check':
      return picture(className, path('M8 1.8L14.6 13.6H1.4Z', { class: 'line' }), path('M8 6v3.6M8 11.2v.9', { class: 'line' }));
    case 'probably-unused':
      return picture(className, svg('circle', { class: 'line dashed', cx: '8', cy: '8', r: '6' }));
    case 'dead':
      return picture(className, svg('rect', { class: 'filled', x: '1.8', y: '1.8', width: '12.4', height: '12.4', rx: '2.5' }), path('M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6', { class: 'cut' }));
    case null:
      return picture(className, svg('circle', { class: 'filled', cx: '8', cy: '8', r: '2.2' }));
  }
}

const GLYPHS = {
  unfolded: 'M4 6l4 4 4-4',
  folded: 'M6 4l4 4-4 4',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  actual: 'M4 5.5L5.5 4.5v7M10.5 5.5L12 4.5v7M8 6.5v.4M8 9.6v.4',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9M10.2 10.2L13.5 13.5',
  foldAll: 'M3 3.5h10M3 12.5h10M8 5.2v2M6.4 6l1.6 1.6L9.6 6M8 10.8v-2M6.4 10L8 8.4 9.6 10',
  unfoldAll: 'M3 8h10M8 6V2.5M6.2 4L8 2.2 9.8 4M8 10v3.5M6.2 12L8 13.8 9.8 12',
} as const;

export const glyph = (name: keyof typeof GLYPHS): SVGSVGElement => picture('icon glyph', path(GLYPHS[name], { class: 'line' }));

/** A text in which each place where a word of the search is found is marked. */
export function marked(text: string, words: readonly string[]): Node {
  const out = document.createDocumentFragment();
  const small = text.toLowerCase();
  // Some letters get longer when they are made small: then places would not fit.
  const usable = small.length === text.length ? words.filter(Boolean) : [];
  let at = 0;
  while (at < text.length) {
    let next: { from: number; to: number } | undefined;
    for (const word of usable) {
      const from = small.indexOf(word, at);
      if (from >= 0 && (!next || from < next.from)) next = { from, to: from + word.length };
    }
    if (!next) break;
    out.append(text.slice(at, next.from), element('mark', {}, text.slice(next.from, next.to)));
    at = next.to;
  }
  out.append(text.slice(at));
  return out;
}
