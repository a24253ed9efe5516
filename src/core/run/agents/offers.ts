/** Questions to the person about roles that nobody has approved. They belong to the run, not to whoever wants one. */
import type { Steps } from '../../ports.ts';

/** Asks about the role file of that digest, once. */
export type Offers = (digest: string, ask: (steps: Steps) => Promise<boolean>) => Promise<boolean>;

export function createOffers(steps: Steps): Offers {
  const offered = new Map<string, Promise<boolean>>();
  return (digest, ask) => {
    const answer = offered.get(digest) ?? ask(steps);
    offered.set(digest, answer);
    return answer;
  };
}
