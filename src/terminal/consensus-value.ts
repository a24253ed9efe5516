/** `--consensus`: when several review, how they decide, how many. */
import type * as z from 'zod';
import { ConsensusSettings } from '../protocol/consensus.ts';
import { choiceOf } from './leave-values.ts';
import { numberOf } from './limits.ts';
import { UsageError } from './usage-error.ts';

export type ConsensusWish = z.input<typeof ConsensusSettings>;

/** Such as `risky`, or `always:judged:5`. */
export function consensusOf(text: string | undefined): ConsensusWish | undefined {
  if (text === undefined) return undefined;
  const [when, how, voters] = text.split(':');
  const { when: times, how: ways } = ConsensusSettings.shape;
  const settings = {
    when: choiceOf('--consensus', when, times.unwrap().options),
    how: choiceOf('--consensus', how, ways.unwrap().options),
    voters: numberOf('--consensus', voters, { whole: true }),
  };
  if (ConsensusSettings.safeParse(settings).success) return settings;
  throw new UsageError(`--consensus takes 2 to 7 reviewers, not ${String(voters)}.`);
}
