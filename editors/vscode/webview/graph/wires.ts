// The lines between cards.

import { svg } from './dom';
import type { Layout, Line } from './layout';
import type { Model } from './model';
import type { Related } from './related';
import { share } from './words';

/** More labels than these beside each other nobody reads: the details have them all. */
const MOST_LABELS = 8;

export class Wires {
  readonly root: SVGSVGElement;
  private readonly twigs = svg('g', { class: 'twigs' });
  private readonly lines = svg('g');
  /** What is brought out lies above the others. */
  private readonly above = svg('g');
  private readonly labels = svg('g', { class: 'labels' });
  private readonly paths = new Map<Line | Layout['twigs'][number], SVGPathElement>();
  private layout: Layout | undefined;
  private model: Model | undefined;

  constructor() {
    const arrow = (kind: string): SVGMarkerElement =>
      svg('marker', { id: `arrow-${kind}`, viewBox: '0 0 8 8', refX: '7', refY: '4', markerWidth: '8', markerHeight: '8', markerUnits: 'userSpaceOnUse', orient: 'auto' }, svg('path', { class: `arrow ${kind}`, d: 'M0 0L8 4L0 8Z' }));
    this.root = svg('svg', { class: 'wires', 'aria-hidden': 'true' }, svg('defs', {}, arrow('internal'), arrow('back')), this.twigs, this.lines, this.above, this.labels);
  }

  show(layout: Layout, model: Model): void {
    this.layout = layout;
    this.model = model;
    this.paths.clear();
    for (const group of [this.twigs, this.lines, this.above, this.labels]) group.replaceChildren();
    for (const { trunk } of layout.bands) if (trunk) this.twigs.append(svg('path', { d: `M${trunk.x} ${trunk.top}V${trunk.bottom}` }));
  }

  /** Has in the document what lies between two heights. */
  paint(top: number, bottom: number, lit: Related | undefined): void {
    const { layout, model } = this;
    if (!layout || !model) return;
    const isSeen = (line: { top: number; bottom: number }): boolean => line.bottom >= top && line.top <= bottom;
    for (const [line, path] of this.paths) {
      if (isSeen(line)) continue;
      path.remove();
      this.paths.delete(line);
    }
    for (const twig of layout.twigs) {
      if (!isSeen(twig)) continue;
      const path = this.paths.get(twig) ?? this.add(twig, svg('path', { d: twig.path }), this.twigs);
      path.classList.toggle('lit', lit?.cards.has(twig.to) ?? false);
    }
    for (const line of layout.lines) {
      if (!isSeen(line)) continue;
      const path = this.paths.get(line) ?? this.add(line, draw(line, model), this.lines);
      const isLit = lit?.wires.has(line.wire) ?? false;
      if (path.classList.contains('lit') === isLit) continue;
      path.classList.toggle('lit', isLit);
      (isLit ? this.above : this.lines).append(path);
    }
    this.paintLabels(layout, lit);
  }

  private add<T extends Line | Layout['twigs'][number]>(line: T, path: SVGPathElement, group: SVGGElement): SVGPathElement {
    this.paths.set(line, path);
    group.append(path);
    return path;
  }

  /** Many wires with the same label have it once. */
  private paintLabels(layout: Layout, lit: Related | undefined): void {
    const told = new Map<string, Line[]>();
    for (const line of lit ? layout.lines : []) {
      const text = line.wire.labels.join(', ');
      if (text !== '' && lit?.wires.has(line.wire)) (told.get(text) ?? told.set(text, []).get(text)!).push(line);
    }
    this.labels.replaceChildren(
      ...[...told].slice(0, MOST_LABELS).flatMap(([text, lines]) => {
        const middle = lines[Math.floor(lines.length / 2)];
        if (!middle) return [];
        const label = svg('text', { class: middle.wire.kind, x: String(middle.at.x), y: String(middle.at.y) });
        label.textContent = lines.length > 1 ? `${text} ×${lines.length}` : text;
        return [label];
      }),
    );
  }
}

function draw({ wire, path }: Line, model: Model): SVGPathElement {
  const drawn = svg('path', { class: `wire ${wire.kind}`, d: path });
  if (wire.kind === 'flow') drawn.style.setProperty('--weight', String(1 + 4 * share(wire.hits, model.mostHits)));
  if (wire.kind === 'flow' && wire.hits === 0) drawn.classList.add('unused');
  if (wire.kind !== 'flow') drawn.setAttribute('marker-end', `url(#arrow-${wire.kind})`);
  return drawn;
}
