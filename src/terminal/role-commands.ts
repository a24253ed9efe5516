/** Commands about the person's own roles: what there is, what is wrong with it, a new one, and whether a project's may be used. */
import { plainText } from '../core/policy/terminal-text.ts';
import { readRoleFile } from '../core/team/role-file.ts';
import { judgeRoles, type JudgedRole } from '../core/team/role-files.ts';
import { roleFileText, USUAL_TOOLS } from '../core/team/new-role.ts';
import type { Command } from './arguments.ts';
import type { Desk } from './run-commands.ts';
import { UsageError } from './usage-error.ts';

/** Exit code 1 where a file cannot be used as it is. */
export async function roles(desk: Desk, { act }: Command & { name: 'roles' }): Promise<number> {
  const files = desk.house.ports.roles;
  const listed = judgeRoles((await files?.list()) ?? []);
  if (act?.do === 'new') return add(desk, act.role);
  if (act?.do === 'approve') return approve(desk, listed, act.role);
  return list(desk, listed);
}

function list({ console, options }: Desk, listed: readonly JudgedRole[]): number {
  const wrong = listed.some(({ problems }) => problems.some(({ severity }) => severity === 'error'));
  if (options.json) for (const { text: _text, ...each } of listed) console.line(JSON.stringify(each));
  else if (listed.length === 0)
    console.say('You have no roles of your own. "quartet roles new NAME" makes one.');
  else for (const each of listed) console.say(plainText(toldOf(each)));
  return wrong ? 1 : 0;
}

function toldOf({ path, role, approved, problems }: JudgedRole): string {
  const head =
    role === undefined ? `${path}: cannot be used` : `${role.name}: ${role.description}\n  ${path}`;
  const tools = role === undefined ? [] : [`  tools: ${role.tools.join(', ') || 'none'}`];
  const waits =
    role === undefined || approved
      ? []
      : [`  Not approved as it reads now. Look at the file, then: quartet roles approve ${role.name}`];
  const wrong = problems.map(({ line, severity, message }) => `  ${severity} in line ${line}: ${message}`);
  return [head, ...tools, ...waits, ...wrong].join('\n');
}

async function approve(
  { house, console }: Desk,
  listed: readonly JudgedRole[],
  name: string,
): Promise<number> {
  const named = listed.filter((file) => file.from === 'workspace' && file.name === name);
  const [found] = named;
  if (!found) throw new UsageError(`The workspace has no role "${name}" that can be used.`);
  const hidden = named.find(({ behind }) => behind !== undefined);
  if (hidden)
    throw new UsageError(
      `Nothing is approved: ${hidden.behind ?? ''} and ${hidden.path} have the name "${name}". Give one of them another name.`,
    );
  console.say(plainText(`${found.path}\n\n${found.text}`));
  await house.ports.roles?.approve(house.ports.hasher.sha256(found.text));
  console.say(`Approved as it reads above. If the file changes, you are asked again.`);
  return 0;
}

async function add({ house, console, options }: Desk, name: string): Promise<number> {
  const text = roleFileText({ name, description: 'Says in a line what it does', tools: USUAL_TOOLS });
  const to = options.inWorkspace ? 'workspace' : 'person';
  const [problem] = readRoleFile(text, { from: to, path: name }).problems;
  if (problem) throw new UsageError(problem.message);
  console.say(
    `Written: ${(await house.ports.roles?.add(to, name, text)) ?? ''}. Say there what the role does.`,
  );
  return 0;
}
