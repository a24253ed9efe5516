/** SHA-256 by Node. */
import { hash } from 'node:crypto';
import type { Hasher } from '../core/ports.ts';

export const nodeHasher: Hasher = { sha256: (text) => hash('sha256', text, 'hex') };
