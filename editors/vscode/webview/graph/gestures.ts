// Mouse, trackpad and fingers: drag and wheel move, pinch and Ctrl+wheel zoom, a press without a move is a press.

interface Point {
  x: number;
  y: number;
}
interface Done {
  pan(dx: number, dy: number): void;
  zoom(point: Point, factor: number): void;
  press(target: EventTarget | null): void;
}

/** How far a pointer may move, in points, and still press. */
const SLACK = 4;
const LINE = 16;

export class Gestures {
  private readonly pointers = new Map<number, Point>();
  private began: { target: EventTarget | null; at: Point } | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly done: Done,
  ) {
    root.addEventListener('pointerdown', (event) => this.down(event));
    root.addEventListener('pointermove', (event) => this.move(event));
    root.addEventListener('pointerup', (event) => this.up(event));
    root.addEventListener('pointercancel', (event) => this.forget(event));
    root.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
  }

  private down(event: PointerEvent): void {
    if (event.button > 1) return;
    // The page must not scroll with the middle button, nor begin to select text.
    if (event.button === 1) event.preventDefault();
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.began = this.pointers.size === 1 && event.button === 0 ? { target: event.target, at: { x: event.clientX, y: event.clientY } } : undefined;
  }

  private move(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    if (this.began && distance(this.began.at, now) < SLACK) return;
    if (this.began) {
      // From here on it is a drag: what is under the pointer meanwhile does not matter.
      this.began = undefined;
      this.root.classList.add('dragging');
    }
    if (!this.root.hasPointerCapture(event.pointerId)) this.root.setPointerCapture(event.pointerId);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (!other) return this.done.pan(now.x - before.x, now.y - before.y);
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    this.done.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    this.done.zoom(this.inside(middle), distance(now, other) / Math.max(1, distance(before, other)));
  }

  private up(event: PointerEvent): void {
    const { began } = this;
    this.forget(event);
    if (began) this.done.press(began.target);
  }

  private forget(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
    this.began = undefined;
    if (this.pointers.size === 0) this.root.classList.remove('dragging');
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : this.root.clientHeight;
    // A pinch on a trackpad comes as a wheel with Ctrl, and with small steps.
    if (event.ctrlKey || event.metaKey) return this.done.zoom(this.inside({ x: event.clientX, y: event.clientY }), Math.exp(-Math.max(-60, Math.min(60, event.deltaY * unit)) / 150));
    const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    this.done.pan(-dx * unit, -dy * unit);
  }

  private inside(point: Point): Point {
    const { left, top } = this.root.getBoundingClientRect();
    return { x: point.x - left, y: point.y - top };
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
