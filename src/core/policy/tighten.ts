/** The policy in force: what the person says, tightened by what the workspace says. A workspace can never loosen it. */
import { Policy, PolicyFile, type Autonomy } from '../../protocol/policy.ts';
import { ruleText } from './rule-text.ts';

/** Where a workspace may state rules, relative to it. */
export const WORKSPACE_POLICY = '.quartet/policy.json';
/** Longest policy of a workspace that is read, in characters. */
const WORKSPACE_POLICY_CHARS_MAX = 200_000;

const ORDER: readonly Autonomy[] = ['ask', 'guided', 'auto'];

/** `workspace` is the text of its file; one that cannot be read asks at every step, and is said so. */
export function policyInForce(
  person: PolicyFile & { readonly limits?: Partial<Policy> },
  workspace: string | undefined,
): Policy {
  const own = Policy.parse({ autonomy: person.autonomy, rules: person.rules, ...person.limits });
  if (workspace === undefined) return own;
  const file = readPolicyFile(workspace);
  if ('problem' in file)
    return {
      ...own,
      autonomy: 'ask',
      autonomyMax: 'ask',
      notes: [`${WORKSPACE_POLICY} cannot be read, so everything but looking asks: ${file.problem}.`],
    };
  const tightening = file.policy.rules.filter((rule) => rule.decision !== 'allow');
  const loosening = file.policy.rules.filter((rule) => rule.decision === 'allow');
  const wanted = file.policy.autonomy ?? own.autonomy;
  const lower = ORDER.indexOf(wanted) < ORDER.indexOf(own.autonomy);
  return {
    ...own,
    autonomy: lower ? wanted : own.autonomy,
    ...(file.policy.autonomy && { autonomyMax: file.policy.autonomy }),
    workspaceRules: tightening,
    notes: [
      ...loosening.map(
        (rule) => `${WORKSPACE_POLICY} cannot allow anything: "${ruleText(rule)}" does not count.`,
      ),
      ...(ORDER.indexOf(wanted) > ORDER.indexOf(own.autonomy)
        ? [`${WORKSPACE_POLICY} cannot raise the autonomy to "${wanted}": it stays "${own.autonomy}".`]
        : []),
    ],
  };
}

/** A policy as a file holds it, or what is wrong with it. */
export function readPolicyFile(text: string): { readonly policy: PolicyFile } | { readonly problem: string } {
  if (text.length > WORKSPACE_POLICY_CHARS_MAX) return { problem: 'it is too long' };
  try {
    const read = PolicyFile.safeParse(JSON.parse(text));
    if (read.success) return { policy: read.data };
    const [issue] = read.error.issues;
    return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it does not fit'}` };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
