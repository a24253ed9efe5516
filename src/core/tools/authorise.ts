/**
 * May this call be made? Policy decides, and where it asks, the person. A decision that rests on what may change (what was allowed for
 * good, the language of the shell, the scripts of a package) is taken in a step, so that a replay goes the way it went.
 */
import * as z from 'zod';
import { confines } from '../../protocol/enforced.ts';
import { PermissionAnswer } from '../../protocol/answers.ts';
import { permissionDetail } from '../../protocol/permission-detail.ts';
import type { Permission, PolicyRule } from '../../protocol/policy.ts';
import { decide, type Decision, type Deed, type Effect } from '../policy/decide.ts';
import { confine } from '../policy/paths.ts';
import { ruleText } from '../policy/rule-text.ts';
import { plainText } from '../policy/terminal-text.ts';
import { clip, denied, type Observation, type Subject, type Tool } from './contract.ts';
import { judgeReach, letThrough, touched, type Reach } from './outward.ts';
import { mayWrite } from './scope.ts';
import { readText } from './text-files.ts';
import type { ToolUse } from './use.ts';

/** A call that may be made, or what its agent is told instead. */
export type Authorised =
  | { readonly ok: true; /** It may touch what is protected. */ readonly guarded: boolean }
  | { readonly ok: false; readonly refusal: Observation };

/** How much of a command or of paths a decision keeps, in characters. */
const SUBJECT_CHARS = 4000;
const PATHS_KEPT = 50;
/** Longest package file whose scripts are read, in characters. */
const PACKAGE_CHARS_MAX = 500_000;

const refused = (refusal: Observation): Authorised => ({ ok: false, refusal });

export async function authorise(key: string, tool: Tool, args: unknown, use: ToolUse): Promise<Authorised> {
  const subject = tool.subject(args);
  const outside = tool.effect === 'edit' ? outOfScope(subject, use) : undefined;
  if (outside) return refused(outside);
  const decision = await decideOn(key, tool, subject, use);
  const { ledger } = use;
  if (decision.decision === 'allow') return { ok: true, guarded: decision.guarded === true };
  if (decision.decision === 'deny') {
    ledger.denied(key, use.who, decision.why);
    return refused(denied(`Not allowed: ${decision.why}.`));
  }
  return askPermission(key, { title: tool.title(args), tool, subject, decision }, use);
}

function outOfScope(subject: Subject, use: ToolUse): Observation | undefined {
  for (const path of subject.paths ?? []) {
    const confined = confine(path);
    if (!confined.ok) return denied(`Not allowed: ${confined.why}.`);
    if (confined.path !== path.replace(/^\.\//, ''))
      return denied(`Write the path ${path} as ${confined.path}.`);
    if (!mayWrite(confined.path, use.world.place.scope)) {
      return denied(
        `${confined.path} is outside the file scope of this task (${use.world.place.scope.join(', ') || 'read only'}).`,
      );
    }
  }
  return undefined;
}

async function decideOn(key: string, tool: Tool, subject: Subject, use: ToolUse): Promise<Decision> {
  const within = { domains: use.world.web?.settings.domains ?? [], held: confines(use.stance.enforced) };
  const reach = judgeReach(tool, subject, use.taint, within);
  const decision =
    reach.decision === 'deny'
      ? { decision: 'deny' as const, by: 'default' as const, why: reach.why }
      : withTaint(await decideDeeds(key, deedsOf(tool, subject, use), use), reach, use);
  if (decision.decision !== 'allow' || tool.effect !== 'read') record(key, tool, subject, { use, decision });
  return decision;
}

/** Whatever was allowed before, by a rule or for good: a tainted agent asks, and where nobody can be asked it does not. */
function withTaint(decision: Decision, reach: Reach, { stance }: ToolUse): Decision {
  if (reach.decision === 'allow' || decision.decision === 'deny') return decision;
  const { remember: _remember, ...rest } = decision;
  const why = decision.decision === 'ask' ? `${decision.why}; ${reach.why}` : reach.why;
  const asks = stance.interactive && stance.approvals.commands;
  return asks
    ? {
        ...rest,
        decision: 'ask',
        why,
        danger: rest.danger ?? (rest.guarded === true ? 'guarded' : 'outward'),
      }
    : { decision: 'deny', by: 'default', why: `${why}; nobody is asked, so it is denied` };
}

async function decideDeeds(key: string, deeds: readonly Deed[], use: ToolUse): Promise<Decision> {
  const sure = deeds.map((deed) => (deed.effect === 'command' ? undefined : decide(deed, use.stance)));
  const settled = sure.every((each) => each !== undefined && each.decision !== 'ask');
  return settled ? together(sure.flatMap((each) => each ?? [])) : decideInStep(key, deeds, use);
}

/** The strictest of the decisions about the parts of a call, with the reasons of all that are as strict. */
function together(decisions: readonly Decision[]): Decision {
  const of = (kind: Decision['decision']): readonly Decision[] =>
    decisions.filter(({ decision }) => decision === kind);
  const [strictest = []] = [of('deny'), of('ask'), of('allow')].filter((some) => some.length > 0);
  const [first] = strictest;
  if (!first) return { decision: 'allow', by: 'default', why: 'touches nothing' };
  const remember = strictest.flatMap((each) => each.remember ?? []);
  const dangers = strictest.flatMap(({ danger }) => danger ?? []);
  const { remember: _remember, ...rest } = first;
  return {
    ...rest,
    ...(dangers.length > 0 && { danger: dangers.includes('outward') ? 'outward' : 'guarded' }),
    why: [...new Set(strictest.map(({ why }) => why))].join('; '),
    ...(decisions.some((each) => each.guarded) && { guarded: true }),
    ...(strictest.every((each) => each.remember) && { remember }),
  };
}

function decideInStep(key: string, deeds: readonly Deed[], use: ToolUse): Promise<Decision> {
  const spec = {
    kind: 'policy' as const,
    title: 'Look at what it may do',
    who: use.who,
    input: deeds,
    brief: (decision: Decision) => `${decision.decision}: ${decision.why}`,
  };
  return use.steps.step<Decision>(`${key}/policy`, spec, async () => {
    const { shell, permissions } = use.permits;
    const hasCommand = deeds.some((deed) => deed.effect === 'command');
    const scripts = hasCommand ? await scriptsOf(deeds, use) : new Map<string, Record<string, string>>();
    const known = {
      commands: {
        dialect: shell.dialect,
        scripts: (folder: string) => scripts.get(folder),
      },
      permissions: await permissions.list(),
    };
    return together(deeds.map((deed) => decide(deed, use.stance, known)));
  });
}

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

/** Scripts of the packages that a command names: of the folder it runs in, and of those it may change to. */
async function scriptsOf(
  deeds: readonly Deed[],
  use: ToolUse,
): Promise<ReadonlyMap<string, Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  const { place, files } = use.world;
  const named = deeds.flatMap(({ command = '', cwd = '' }) => [
    cwd,
    ...[...command.matchAll(/\bcd\s+([\w./@-]+)/gu)].map(([, folder]) =>
      `${cwd}/${folder ?? ''}`.replace(/^\//u, ''),
    ),
  ]);
  if (!deeds.some(({ command = '' }) => /\b(npm|pnpm|yarn|bun)\b/u.test(command))) return found;
  await place.ready();
  for (const folder of named.slice(0, 8)) {
    const confined = confine(folder);
    if (!confined.ok) continue;
    const path = confined.path === '' ? 'package.json' : `${confined.path}/package.json`;
    const read = await readText(files, place.root, path).catch(() => undefined);
    if (read?.kind !== 'text' || read.text.length > PACKAGE_CHARS_MAX) continue;
    const parsed = Package.safeParse(json(read.text));
    if (parsed.success) found.set(confined.path, parsed.data.scripts);
  }
  return found;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function deedsOf(tool: Tool, subject: Subject, use: ToolUse): readonly Deed[] {
  const common = { tool: tool.name, role: use.who.role };
  const effect = effectOf(tool);
  if (subject.command !== undefined) {
    const { command, network } = subject;
    const cwd = subject.paths?.[0];
    return [{ ...common, effect, command, network, ...(cwd !== undefined && { cwd }) }];
  }
  if (subject.code) return [{ ...common, effect: 'code' }];
  if (effect === 'browse') return [{ ...common, effect, domain: hostsOf(subject)[0] }];
  if (effect === 'outward') {
    const dangers = [
      ...(subject.changes === true ? ['it may change something where it goes'] : []),
      subject.asks ?? [],
    ].flat();
    const reaches = { ...common, effect, ...(dangers.length > 0 && { asks: dangers.join('; ') }) };
    const hosts = hostsOf(subject);
    return hosts.length === 0 ? [reaches] : hosts.map((domain) => ({ ...reaches, domain }));
  }
  const paths = subject.paths ?? [];
  return paths.length === 0 ? [{ ...common, effect }] : paths.map((path) => ({ ...common, effect, path }));
}

const hostsOf = ({ urls = [] }: Subject): readonly string[] =>
  urls.flatMap((url) => URL.parse(url)?.hostname ?? []);

function effectOf(tool: Tool): Effect {
  if (tool.name === 'run_tests') return 'tests';
  const { effect } = tool;
  return effect === 'edit' || effect === 'command' || effect === 'outward' || effect === 'browse'
    ? effect
    : 'read';
}

interface Deciding {
  readonly use: ToolUse;
  readonly decision: Decision;
}

function record(key: string, tool: Tool, subject: Subject, { use, decision }: Deciding): void {
  const { by, why, rule } = decision;
  const ran = subject.command ?? subject.code?.text;
  use.steps.record({
    type: 'policy.decided',
    key,
    data: {
      tool: tool.name,
      who: use.who,
      decision: decision.decision,
      by,
      why: use.redactor.redact(clip(plainText(why), SUBJECT_CHARS)),
      ...(rule !== undefined && { rule }),
      ...(ran !== undefined && { command: shown(ran, use) }),
      ...(subject.paths && { paths: subject.paths.slice(0, PATHS_KEPT).map((path) => shown(path, use)) }),
      ...(subject.urls && { urls: subject.urls.slice(0, PATHS_KEPT).map((url) => shown(url, use)) }),
    },
  });
}

const shown = (text: string, use: ToolUse): string =>
  use.redactor.redact(clip(plainText(text), SUBJECT_CHARS));

interface PermissionAsk {
  readonly title: string;
  readonly tool: Tool;
  readonly subject: Subject;
  readonly decision: Decision;
}

async function askPermission(key: string, ask: PermissionAsk, use: ToolUse): Promise<Authorised> {
  const what = touched(ask.subject);
  const subject = `${ask.tool.name} ${what}`;
  const { ledger } = use;
  const closed = ledger.mayAsk(key, use.who, subject);
  if (closed !== undefined) {
    const data = {
      tool: ask.tool.name,
      who: use.who,
      decision: 'deny' as const,
      by: 'limit' as const,
      why: closed,
    };
    use.steps.record({ type: 'policy.decided', key: `${key}/limit`, data });
    ledger.denied(key, use.who, closed);
    return refused(denied(closed));
  }
  const { remember, danger } = ask.decision;
  const value = await use.steps.signal(`permission/${key}`, {
    kind: 'permission',
    title: plainText(ask.title),
    detail: plainText(permissionDetail(what, ask.decision.why)),
    options: ['Allow', 'Deny'],
    who: use.who,
    ...(danger !== undefined && { danger }),
    ...(remember && { always: remember.map((rule) => plainText(ruleText(rule))) }),
  });
  const answer = PermissionAnswer.parse(value);
  ledger.answered(use.who, subject, answer.allow);
  if (!answer.allow) {
    ledger.denied(key, use.who, 'the person said no');
    return refused(denied(`The person did not allow this${answer.reason ? `: ${answer.reason}` : '.'}`));
  }
  letThrough(ask.subject, use.taint);
  if (answer.always && remember) await keep(key, remember, use);
  return { ok: true, guarded: ask.decision.guarded === true };
}

/** Remembers for this workspace what the person allows for good. */
async function keep(key: string, rules: readonly PolicyRule[], use: ToolUse): Promise<void> {
  const title = 'Remember what you allow';
  const spec = { kind: 'policy' as const, title, who: use.who, input: rules };
  await use.steps.step<null>(`${key}/remember`, spec, async () => {
    const { permissions, clock, hasher, run } = use.permits;
    const kept = await permissions.list();
    for (const rule of rules) {
      const id = hasher.sha256(JSON.stringify(rule)).slice(0, 12);
      const permission: Permission = { id, at: clock.now(), run, rule };
      if (!kept.some((each) => each.id === id)) await permissions.add(permission);
    }
    return null;
  });
}
