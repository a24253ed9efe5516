/** Ports that a working copy has for itself, told to its tests and commands in their environment. */
import type { Run } from '../run.ts';

/** This many, from one of so many places. */
const PORTS_EACH = 50;
const PORT_PLACES = 400;
const PORT_FIRST = 21_000;

/** `QUARTET_PORT_BASE` is the first of `QUARTET_PORTS`. Two working copies rarely get the same; in Linux' sandbox that does no harm. */
export function portsOf({ ports: { hasher } }: Run, root: string): Readonly<Record<string, string>> {
  const place = Number.parseInt(hasher.sha256(root).slice(0, 8), 16) % PORT_PLACES;
  return {
    QUARTET_PORT_BASE: String(PORT_FIRST + place * PORTS_EACH),
    QUARTET_PORTS: String(PORTS_EACH),
  };
}
