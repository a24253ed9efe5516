/** The text files of a goal: checked when a run starts, recorded with it, told to whoever works on it. */
import { ATTACHED_BYTES_MAX, ATTACHED_MAX } from '../../protocol/attached-text.ts';
import { GoalFile, type AttachedFile } from '../../protocol/attached.ts';
import type { Policy } from '../../protocol/policy.ts';
import type { TextClass } from '../../protocol/settings.ts';
import { decide } from '../policy/decide.ts';
import { protectedPath } from '../policy/protected.ts';
import { createRedactor, withheldIn, type KnownSecrets } from '../policy/redact.ts';
import { plainText } from '../policy/terminal-text.ts';
import { PortError } from '../ports.ts';
import type { Run } from './run.ts';

interface Keeping {
  readonly policy: Policy | undefined;
  readonly known: KnownSecrets | undefined;
}

/** Why a file of that name is not told to models without more ado; `undefined`: it may be. */
export function whyAsked(
  name: string,
  policy: Policy | undefined,
): { readonly why: string; readonly isForbidden: boolean } | undefined {
  const deed = { tool: 'read_file', effect: 'read', role: 'person', path: name } as const;
  const { decision, why } = decide(deed, { approvals: { commands: true }, interactive: true, policy });
  return decision === 'allow' ? undefined : { why, isForbidden: decision === 'deny' };
}

/** What to record of the files: no secret of the person's that is known by its shape. Errors: `attached.invalid`, `attached.asks`. */
export function keepAttached(
  files: readonly GoalFile[],
  { policy, known }: Keeping,
): readonly AttachedFile[] {
  if (files.length > ATTACHED_MAX)
    throw invalid(`A goal takes at most ${ATTACHED_MAX} files, and these are ${files.length}.`);
  return files.map((file) => {
    const { name, text, allowed } = checked(file);
    const asked = whyAsked(name, policy);
    if (asked && (asked.isForbidden || allowed !== true)) throw notTold(asked);
    const redactor = createRedactor(known);
    const told = withheldIn(plainText(text), redactor);
    return {
      name,
      text: told,
      ...(redactor.size > 0 && { withheld: redactor.size }),
      ...(protectedPath(name)?.class === 'secret' && { class: 'secret' as const }),
    };
  });
}

function checked(file: GoalFile): GoalFile {
  if (file.text.length > ATTACHED_BYTES_MAX)
    throw invalid(
      `${file.name} is larger than ${ATTACHED_BYTES_MAX / 1000} KB.`,
      'Put it into the project and name it in the goal, or attach what matters of it.',
    );
  const read = GoalFile.safeParse(file);
  if (read.success) return read.data;
  throw invalid(`${file.name} cannot be attached: ${read.error.issues[0]?.message ?? 'it does not fit'}.`);
}

const invalid = (message: string, advice = 'Give other files, or none.'): PortError =>
  new PortError('attached.invalid', message, { advice });

const notTold = ({ why, isForbidden }: { readonly why: string; readonly isForbidden: boolean }): PortError =>
  new PortError('attached.asks', `Not attached: ${why}.`, {
    advice: isForbidden
      ? 'A rule of your policy says so.'
      : 'It is attached only where you say so when you are asked.',
  });

/** The widest class of what every agent of the run is told with the goal. */
export const classOfAttached = (attached: readonly AttachedFile[]): TextClass =>
  attached.some((file) => file.class === 'secret') ? 'secret' : 'internal';

/** The goal, and what the person gave with it in fences: they did not write that. */
export function goalText({ goal, attached, fence }: Pick<Run, 'goal' | 'attached' | 'fence'>): string {
  if (attached.length === 0) return goal;
  const texts = attached.map(({ name, text }) => fence(name, text));
  return `${goal}\n\nThe person attached ${attached.map(({ name }) => name).join(', ')}:\n${texts.join('\n')}`;
}
