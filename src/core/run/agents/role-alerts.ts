/** What the person is told of role files that are not used, or not as they read now. */
import type { FoundRole, OwnRole, RoleProblem } from '../../team/role-file.ts';
import type { Run } from '../run.ts';

export function sayProblems(
  run: Run,
  { path, digest, problems }: { path: string; digest: string; problems: readonly RoleProblem[] },
): void {
  const unusable = problems.some(({ severity }) => severity === 'error');
  const lines = problems.map(({ line, message }) => `line ${line}: ${message}`).join(' ');
  run.steps.record({
    type: 'alert.raised',
    key: `roles/problem/${digest.slice(0, 16)}`,
    data: {
      code: 'role.invalid',
      message: `${path} ${unusable ? 'is not used' : 'is used in part'}: ${lines}`,
    },
  });
}

export function sayUnapproved(run: Run, { role, digest }: FoundRole): void {
  run.steps.record({
    type: 'alert.raised',
    key: `roles/unapproved/${digest.slice(0, 16)}`,
    data: {
      code: 'role.unapproved',
      message: `The role "${role.name}" of the workspace (${role.path}) is not used: you have not approved it as it reads now. ${howToApprove(role)}`,
    },
  });
}

/** A role that the run goes on with as it was; `now`: what there is of that name now. */
export function sayKept(run: Run, { role, digest }: FoundRole, now: FoundRole | 'unusable' | 'gone'): void {
  const isRole = typeof now === 'object';
  const since = isRole ? 'was changed since you approved it' : SINCE[now];
  const how = isRole ? ` ${howToApprove(role)}` : '';
  run.steps.record({
    type: 'alert.raised',
    key: `roles/kept/${isRole ? now.digest.slice(0, 16) : `${now}/${digest.slice(0, 16)}`}`,
    data: {
      code: 'role.kept',
      message: `The role "${role.name}" (${role.path}) ${since}. This run goes on with it as it was.${how}`,
    },
  });
}

const SINCE = { unusable: 'cannot be used as it reads now', gone: 'is not there any more' };

const howToApprove = ({ name }: OwnRole): string =>
  `Approve it above its file in the editor, or with "quartet roles approve ${name}".`;
