// What belongs to a card: the wires and cards on the ways through it. Pure.

import type { Location, Model, Route } from './model';
import type { Card, Scene, Wire } from './scene';

export interface Related {
  cards: Set<string>;
  wires: Set<Wire>;
}

export function related(model: Model, scene: Scene, key: string): Related {
  const found: Related = { cards: new Set([key]), wires: new Set() };
  const card = scene.cards.get(key);
  if (!card) return found;
  if (card.kind === 'server') {
    for (const wire of scene.wires) if (wire.kind === 'back' && wire.to === key) add(found, wire);
    return found;
  }
  const pairs = ways(model, card);
  for (const wire of scene.wires) {
    if (wire.kind !== 'flow') {
      if (wire.from === key || wire.to === key) add(found, wire);
      continue;
    }
    const direct = wire.from === key || wire.to === key;
    // Beyond a backend only what requests of this location get to, and only who gets to this route.
    if (direct || pairs(wire, scene)) add(found, wire);
  }
  if (card.kind === 'location' || card.kind === 'alike') {
    for (const route of routesOf(model, card)) {
      const at = scene.standsFor.get(route.item.key);
      if (at !== undefined) found.cards.add(at);
    }
  }
  return found;
}

function add(found: Related, wire: Wire): void {
  found.wires.add(wire);
  found.cards.add(wire.from).add(wire.to);
}

/** Which wires further away lie on a way through a card. */
function ways(model: Model, card: Card): (wire: Wire, scene: Scene) => boolean {
  if (card.kind === 'location' || card.kind === 'alike') {
    const ends = new Set(routesOf(model, card).map((route) => route.item.key));
    return (wire, scene) => {
      const to = scene.cards.get(wire.to);
      return (to?.kind === 'route' || to?.kind === 'routes') && to.members.some((member) => ends.has(member.key));
    };
  }
  if (card.kind === 'route' || card.kind === 'routes') {
    const users = new Set<string>();
    const targets = new Set<string>();
    for (const member of card.members) {
      const route = model.routeOf.get(member.key);
      if (!route) continue;
      targets.add(route.target.item.key);
      for (const user of route.users) users.add(user.item.key);
    }
    return (wire, scene) => {
      const from = scene.cards.get(wire.from);
      if (targets.has(wire.from)) return card.kind === 'route' && wire.to.startsWith(wire.from) && scene.cards.get(wire.to)?.kind === 'routes';
      return targets.has(wire.to) && (from?.members.some((member) => users.has(member.key)) ?? false);
    };
  }
  return () => false;
}

export function locationsOf(model: Model, card: Card): Location[] {
  return card.members.flatMap((member) => model.locationOf.get(member.key) ?? []);
}

function routesOf(model: Model, card: Card): Route[] {
  return locationsOf(model, card).flatMap((location) => [...location.routes]);
}
