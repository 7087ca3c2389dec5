// From the world of the layout to the window and back. Pure.

import type { Box } from './layout';

/** What is seen: a point of the world stands at `x + scale * itsX`, and so for y. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}
export interface Size {
  width: number;
  height: number;
}

export const SMALLEST = 0.04;
export const LARGEST = 2.5;
/** Below this an unread card is of no use: a first look shows the top instead of everything. */
const READABLE = 0.75;
const MARGIN = 20;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Zooms so that what is at a point of the window stays there. */
export function zoomAt(camera: Camera, point: { x: number; y: number }, factor: number): Camera {
  const scale = clamp(camera.scale * factor, SMALLEST, LARGEST);
  const grown = scale / camera.scale;
  return { x: point.x - (point.x - camera.x) * grown, y: point.y - (point.y - camera.y) * grown, scale };
}

/** All of the world, in the middle. */
export function fit(world: Size, window: Size): Camera {
  const scale = clamp(Math.min((window.width - 2 * MARGIN) / Math.max(1, world.width), (window.height - 2 * MARGIN) / Math.max(1, world.height)), SMALLEST, 1);
  return { x: (window.width - world.width * scale) / 2, y: (window.height - world.height * scale) / 2, scale };
}

/** What is shown first: the whole breadth from the top, as long as that can be read. */
export function start(world: Size, window: Size): Camera {
  const whole = fit(world, window);
  if (whole.scale >= READABLE) return { ...whole, y: Math.min(whole.y, 60) };
  const scale = clamp((window.width - 2 * MARGIN) / Math.max(1, world.width), READABLE, 1);
  return { x: Math.max(MARGIN, (window.width - world.width * scale) / 2), y: MARGIN, scale };
}

/** The window, as a box of the world. */
export function seen(camera: Camera, window: Size): Box {
  return { x: -camera.x / camera.scale, y: -camera.y / camera.scale, width: window.width / camera.scale, height: window.height / camera.scale };
}

/** Moves no further than needed to have a box in the window, with a margin. */
export function reveal(camera: Camera, box: Box, window: Size): Camera {
  const near = (offset: number, from: number, length: number, size: number): number => {
    const [low, high] = [offset + from * camera.scale, offset + (from + length) * camera.scale];
    const room = Math.min(60, size / 4);
    if (high - low > size - 2 * room) return offset + room - low;
    if (low < room) return offset + room - low;
    return high > size - room ? offset + size - room - high : offset;
  };
  return { ...camera, x: near(camera.x, box.x, box.width, window.width), y: near(camera.y, box.y, box.height, window.height) };
}

/** Keeps some of the world in the window, so that nobody gets lost. */
export function hold(camera: Camera, world: Size, window: Size): Camera {
  const keep = (offset: number, length: number, size: number): number => {
    const rest = Math.min(120, size / 3);
    return clamp(offset, rest - length * camera.scale, size - rest);
  };
  return { ...camera, x: keep(camera.x, world.width, window.width), y: keep(camera.y, world.height, window.height) };
}

/** How much of a card is shown at a scale. */
export function detail(scale: number): 'near' | 'middle' | 'far' {
  return scale >= 0.7 ? 'near' : scale >= 0.4 ? 'middle' : 'far';
}
