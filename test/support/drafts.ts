/** Drafts as a killed process leaves them. */
import { draftIn } from '../../src/node/drafts.ts';

/** A path in `folder` that a process with our id made which is gone: ours began at another time. */
export function draftOfTheDead(folder: string, of: string): string {
  return draftIn(folder, of).replace(/-[0-9a-f]{8}-(?=[0-9a-f]{12}$)/u, '-00000000-');
}
