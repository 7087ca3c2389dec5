// What stands above the graph: search, filters, switches.

import { VERDICTS, type Verdict } from '../../src/graph/map';
import { button, element, glyph, verdictIcon } from './dom';
import type { Words } from './words';

export interface ToolbarEvents {
  search(query: string): void;
  next(by: 1 | -1): void;
  leaveSearch(): void;
  verdict(verdict: Verdict | null): void;
  group(): void;
  links(): void;
  foldAll(folded: boolean): void;
}
export interface ToolbarState {
  query: string;
  found: { at: number; of: number };
  verdicts: ReadonlySet<Verdict | null>;
  counts: ReadonlyMap<Verdict | null, number>;
  grouped: boolean;
  links: boolean;
}

export class Toolbar {
  readonly root: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly count = element('span', { class: 'count', attributes: { role: 'status', 'aria-live': 'polite' } });
  private readonly steps: HTMLElement;
  private readonly chips = new Map<Verdict | null, { chip: HTMLButtonElement; count: HTMLElement }>();
  private readonly group: HTMLButtonElement;
  private readonly links: HTMLButtonElement;

  constructor(
    private readonly words: Words,
    events: ToolbarEvents,
  ) {
    this.input = element('input', {
      attributes: { type: 'text', placeholder: words.searchHint, 'aria-label': words.searchHint, spellcheck: 'false', autocomplete: 'off', 'aria-keyshortcuts': '/' },
      on: {
        input: () => events.search(this.input.value),
        keydown: (event) => {
          if (event.isComposing) return;
          if (event.key === 'Enter') events.next(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') events.leaveSearch();
          else return;
          event.preventDefault();
        },
      },
    });
    this.steps = element('span', { class: 'steps' }, button(words.previous, glyph('up'), () => events.next(-1)), button(words.next, glyph('down'), () => events.next(1)));
    const filters = element('div', { class: 'chips', attributes: { role: 'group', 'aria-label': words.filter } });
    for (const verdict of [...VERDICTS, null]) {
      const count = element('span', { class: 'number' });
      const chip = button(`${words.filter}: ${words.verdicts[verdict ?? 'none']}`, verdictIcon(verdict), () => events.verdict(verdict), { class: 'chip' });
      chip.removeAttribute('aria-label');
      chip.append(element('span', {}, words.verdicts[verdict ?? 'none']), count);
      this.chips.set(verdict, { chip, count });
      filters.append(chip);
    }
    this.group = button(words.group, words.group, events.group, { class: 'switch', attributes: { title: words.groupHint } });
    this.links = button(words.links, words.links, events.links, { class: 'switch', attributes: { title: words.linksHint } });
    this.root = element(
      'div',
      { class: 'toolbar', attributes: { role: 'toolbar', 'aria-label': words.title } },
      element('div', { class: 'search', attributes: { role: 'search' } }, glyph('search'), this.input, this.count, this.steps),
      filters,
      element(
        'div',
        { class: 'switches' },
        this.group,
        this.links,
        button(words.fold, glyph('foldAll'), () => events.foldAll(true), { class: 'tool' }),
        button(words.unfold, glyph('unfoldAll'), () => events.foldAll(false), { class: 'tool' }),
      ),
    );
  }

  focusSearch(): void {
    this.input.focus();
    this.input.select();
  }

  show(state: ToolbarState): void {
    if (this.input.value !== state.query) this.input.value = state.query;
    const searched = state.query.trim() !== '';
    this.count.textContent = searched ? this.words.found(state.found.at, state.found.of) : '';
    this.steps.hidden = !searched || state.found.of === 0;
    for (const [verdict, { chip, count }] of this.chips) {
      const number = state.counts.get(verdict) ?? 0;
      chip.hidden = number === 0 && !state.verdicts.has(verdict);
      chip.setAttribute('aria-pressed', String(state.verdicts.has(verdict)));
      count.textContent = String(number);
    }
    this.group.setAttribute('aria-pressed', String(state.grouped));
    this.links.setAttribute('aria-pressed', String(state.links));
  }
}
