/**
 * Whether an agent may do something: allow, ask the person, or deny (I8). Pure: the answer depends on nothing but what is given.
 * What refuses counts before what asks, and that before what allows; and nobody allows an agent what is forbidden.
 */
import { confines, type Enforced } from '../../protocol/enforced.ts';
import {
  Policy,
  type AskedDanger,
  type Autonomy,
  type DecidedBy,
  type Permission,
  type PolicyRule,
} from '../../protocol/policy.ts';
import { judgeParts, POSIX, type CommandFacts, type Judged } from './commands.ts';
import { worst, type Danger, type Judgement } from './danger.ts';
import { confine } from './paths.ts';
import { protectedPath, type ProtectedClass } from './protected.ts';
import { fits, type RuleSubject } from './rules.ts';
import { ruleText } from './rule-text.ts';

/**
 * What a deed does to the world. `tests` runs what the host chose, `code` a program of the model's, `outward` reaches beyond the
 * working copy, `browse` to a page of this machine; `talk` and `submit` touch nothing.
 */
export type Effect =
  'read' | 'edit' | 'command' | 'code' | 'outward' | 'browse' | 'tests' | 'talk' | 'submit';

export interface Deed {
  readonly tool: string;
  readonly effect: Effect;
  readonly role: string;
  /** Path it reads or changes, as the model wrote it. */
  readonly path?: string | undefined;
  /** Command line, as the model wrote it. */
  readonly command?: string | undefined;
  /** Folder of the working copy that the command runs in. */
  readonly cwd?: string | undefined;
  /** The command wants the whole network. */
  readonly network?: boolean | undefined;
  /** Host that it reaches. */
  readonly domain?: string | undefined;
  /** Why something that goes out needs leave. */
  readonly asks?: string | undefined;
}

export interface Stance {
  readonly approvals: { readonly commands: boolean };
  /** `false`: nobody can be asked. */
  readonly interactive: boolean;
  /** The project's own test command: allowed as it stands. */
  readonly testCommand?: string | undefined;
  /** Absent: the default one. */
  readonly policy?: Policy | undefined;
  /** What commands are held to, as recorded when the run began; absent: nothing is known of it. */
  readonly enforced?: Enforced | undefined;
}

/** What is known besides: recorded with the decision, as it may be otherwise the next time. */
export interface Known {
  readonly commands: CommandFacts;
  readonly permissions: readonly Permission[];
}

export interface Decision {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly why: string;
  readonly by: DecidedBy;
  /** The rule that decided, in words. */
  readonly rule?: string;
  /** What would allow it the next time: where a person may say "always". */
  readonly remember?: readonly PolicyRule[];
  /** It is allowed, or asked for, although it touches what is protected. */
  readonly guarded?: boolean;
  /** What whoever is asked is warned of. */
  readonly danger?: AskedDanger;
}

/** What would be decided about a part of a deed if a person could be asked. */
interface Opinion extends Omit<Decision, 'danger'> {
  readonly danger: Danger;
  readonly guard?: ProtectedClass | undefined;
}

const NOTHING: Known = { commands: POSIX, permissions: [] };
const DEFAULT = Policy.parse({});

export function decide(deed: Deed, stance: Stance, known: Known = NOTHING): Decision {
  const opinions = opinionsOf(deed, stance, known);
  const denied = opinions.find(({ decision }) => decision === 'deny');
  if (denied) return plain(denied);
  const asks = opinions.filter(({ decision }) => decision === 'ask');
  const guarded = opinions.some(({ danger }) => danger === 'guarded') && { guarded: true };
  if (asks.length === 0) return { ...plain(strongest(opinions)), ...guarded };
  const asked = { ...together(asks), ...guarded };
  const held = isHeld(deed, stance);
  if (!stance.interactive || !stance.approvals.commands) return alone(asks, asked, held);
  const danger = dangerOf(asks, held);
  return { ...asked, ...(danger !== undefined && { danger }) };
}

/** Whatever a command tries, the operating system keeps it in the working copy. */
const isHeld = ({ effect, network }: Deed, { enforced }: Stance): boolean =>
  effect === 'command' && network !== true && confines(enforced);

/** Nobody is asked: what stays in the working copy is allowed, if no rule asks and nothing protected is touched. */
function alone(asks: readonly Opinion[], asked: Decision, held: boolean): Decision {
  const { rule: _rule, remember: _remember, ...rest } = asked;
  const mayPass = ({ by }: Opinion): boolean => by !== 'rule' && by !== 'workspace';
  const because = asks.every((each) => mayPass(each) && staysInside(each.danger, each.guard))
    ? 'because it stays in the working copy'
    : held && asks.every((each) => mayPass(each) && each.danger !== 'guarded')
      ? 'because the sandbox holds it'
      : undefined;
  return because === undefined
    ? { ...rest, decision: 'deny', why: `${asked.why}; nobody is asked, so it is denied` }
    : { ...rest, decision: 'allow', why: `${asked.why}; allowed without asking, ${because}` };
}

const staysInside = (danger: Danger, guard: ProtectedClass | undefined): boolean =>
  danger === 'reading' ||
  danger === 'usual' ||
  danger === 'inside' ||
  (danger === 'guarded' && guard === 'lock');

function plain({ decision, why, by, rule }: Opinion): Decision {
  return { decision, why, by, ...(rule !== undefined && { rule }) };
}

/** All that asks, in one question. It can be remembered where each part can. */
function together(asks: readonly Opinion[]): Decision {
  const why = [...new Set(asks.map((each) => each.why))].join('; ');
  const [first] = asks;
  const remember = asks.flatMap((each) => each.remember ?? []);
  return {
    decision: 'ask',
    why,
    by: first?.by ?? 'default',
    ...(first?.rule !== undefined && { rule: first.rule }),
    ...(asks.every((each) => each.remember) && { remember }),
  };
}

/** What the sandbox holds reaches nowhere. */
function dangerOf(asks: readonly Opinion[], held: boolean): AskedDanger | undefined {
  const grave = asks.filter(({ danger, guard }) => !staysInside(danger, guard));
  if (!held && grave.some(({ danger }) => danger === 'outward')) return 'outward';
  return grave.some(({ danger }) => danger === 'guarded') ? 'guarded' : undefined;
}

/** Of opinions that all allow: the one that says most. */
const strongest = (opinions: readonly Opinion[]): Opinion =>
  opinions.find(({ by }) => by === 'remembered' || by === 'rule') ??
  opinions.find(({ by }) => by === 'autonomy') ??
  opinions[0] ??
  allowed('touches nothing');

const allowed = (why: string): Opinion => ({ decision: 'allow', why, by: 'default', danger: 'reading' });
const refused = (why: string): Opinion => ({ decision: 'deny', why, by: 'default', danger: 'forbidden' });

function opinionsOf(deed: Deed, stance: Stance, known: Known): readonly Opinion[] {
  const subject = { role: deed.role, tool: deed.tool };
  switch (deed.effect) {
    case 'submit':
    case 'talk':
      return [allowed('touches nothing')];
    case 'tests':
      return [ruled({ danger: 'reading', why: 'runs the tests of the project' }, subject, { stance, known })];
    case 'read':
    case 'edit':
      return [
        deed.path === undefined
          ? ruled({ danger: 'reading', why: 'stays in the working copy' }, subject, { stance, known })
          : onPath(deed, deed.path, { stance, known }),
      ];
    case 'outward': {
      const why = deed.asks ?? 'reads from a place that you listed';
      const judgement = { danger: deed.asks === undefined ? 'reading' : 'outward', why } as const;
      return [ruled(judgement, { ...subject, domain: deed.domain }, { stance, known })];
    }
    case 'browse':
      return [ruled(BROWSING, { ...subject, domain: deed.domain }, { stance, known })];
    case 'command':
      return onCommand(deed, { stance, known });
    case 'code':
      return [ruled(codeJudgement(stance), subject, { stance, known })];
  }
}

const BROWSING: Judgement = { danger: 'usual', why: 'opens a page of this machine' };

interface Circumstances {
  readonly stance: Stance;
  readonly known: Known;
}

function onPath(deed: Deed, path: string, circumstances: Circumstances): Opinion {
  const confined = confine(path);
  if (!confined.ok) return refused(confined.why);
  const subject = { role: deed.role, tool: deed.tool, path: confined.path };
  const guarded = protectedPath(confined.path);
  if (guarded?.decision === 'deny') return refused(`${confined.path}: ${guarded.why}`);
  const asks = guarded && (deed.effect === 'edit' || guarded.class === 'secret');
  const judgement: Judgement = asks
    ? { danger: 'guarded', why: `${confined.path}: ${guarded.why}`, guard: guarded.class }
    : { danger: 'reading', why: 'inside the working copy' };
  return ruled(judgement, subject, circumstances);
}

function onCommand(deed: Deed, circumstances: Circumstances): readonly Opinion[] {
  const command = deed.command ?? '';
  const { stance, known } = circumstances;
  if (command.trim() === '') return [refused('there is no command')];
  const cwd = confine(deed.cwd ?? '');
  if (!cwd.ok) return [refused(`cwd: ${cwd.why}`)];
  const subject = { role: deed.role, tool: deed.tool };
  const parts = judgeParts(command, cwd.path, known.commands);
  const outward: Judgement = { danger: 'outward', why: 'it wants the network' };
  const network = deed.network === true ? [ruled(outward, subject, circumstances)] : [];
  if (
    network.length === 0 &&
    command.trim() === stance.testCommand?.trim() &&
    parts.every((part) => part.judgement.danger !== 'forbidden')
  )
    return [
      ruled(
        { danger: 'reading', why: 'the test command of the project' },
        { ...subject, command },
        circumstances,
      ),
    ];
  return [...parts.flatMap((part) => onPart(part, subject, circumstances)), ...network];
}

/** A program of the model's is not judged by its text: either the sandbox holds it or a person reads it. */
const codeJudgement = ({ enforced }: Stance): Judgement =>
  confines(enforced)
    ? { danger: 'usual', why: 'runs in the sandbox, and what it writes is put back' }
    : { danger: 'outward', why: 'it is a program that no sandbox holds' };

/** A rule can allow a program and its words; where the line writes and what it sets is judged by itself. */
function onPart(part: Judged, subject: RuleSubject, circumstances: Circumstances): readonly Opinion[] {
  const { text } = part;
  if (text === undefined) return [ruled(worst([part.judgement, part.around]), subject, circumstances)];
  const own = ruled(part.judgement, { ...subject, command: text }, circumstances);
  if (part.around.danger === 'reading') return [own];
  const { remember: _remember, ...around } = ruled(part.around, subject, circumstances);
  return around.decision === 'allow' && around.by === 'default' && own.decision === 'allow'
    ? [own]
    : [own, around];
}

/** The opinion on one judged thing: forbidden, then rules, then what is remembered, then how much is done without asking. */
function ruled(judgement: Judgement, subject: RuleSubject, { stance, known }: Circumstances): Opinion {
  const policy = stance.policy ?? DEFAULT;
  const { danger, why, guard } = judgement;
  if (danger === 'forbidden') return refused(why);
  const common = { danger, guard };
  const rule = (decision: PolicyRule['decision']): Opinion | undefined =>
    byRule(decision, policy, subject, judgement);
  const strict = rule('deny') ?? rule('ask');
  if (strict?.decision === 'deny') return strict;
  const remembered = isExact(subject)
    ? known.permissions.find((each) => each.rule.exact === true && fits(each.rule, subject))
    : undefined;
  if (remembered && strict?.by !== 'workspace')
    return {
      ...common,
      decision: 'allow',
      by: 'remembered',
      rule: ruleText(remembered.rule),
      why: `${why}; you allowed it for good`,
    };
  if (strict) return strict.by === 'rule' ? { ...strict, ...rememberable(subject) } : strict;
  const allows = rule('allow');
  if (allows) return allows;
  if (!asksFor(danger, policy, stance)) {
    const usually = danger === 'inside' ? 'autonomy' : 'default';
    return { ...common, decision: 'allow', by: usually, why };
  }
  return { ...common, decision: 'ask', by: 'default', why, ...rememberable(subject) };
}

function byRule(
  decision: PolicyRule['decision'],
  policy: Policy,
  subject: RuleSubject,
  { danger, why, guard }: Judgement,
): Opinion | undefined {
  // A wide rule over commands was not made with protected files in mind.
  const covers = (rule: PolicyRule): boolean =>
    decision !== 'allow' || danger !== 'guarded' || rule.exact === true || rule.path !== undefined;
  const own = policy.rules.find((rule) => rule.decision === decision && fits(rule, subject) && covers(rule));
  const theirs =
    decision === 'allow'
      ? undefined
      : policy.workspaceRules.find((rule) => rule.decision === decision && fits(rule, subject));
  const rule = theirs ?? own;
  if (!rule) return undefined;
  const by = theirs ? 'workspace' : 'rule';
  const said = rule.why ?? `${by === 'rule' ? 'your rule' : 'a rule of the workspace'} "${ruleText(rule)}"`;
  return {
    decision,
    by,
    rule: ruleText(rule),
    why: decision === 'allow' ? `${why}; ${said}` : said,
    danger,
    guard,
  };
}

/** Which degrees of danger ask, by how much is done without asking. */
const ASKING: Readonly<Record<Autonomy, readonly Danger[]>> = {
  ask: ['usual', 'inside', 'guarded', 'outward'],
  guided: ['inside', 'guarded', 'outward'],
  auto: ['guarded', 'outward'],
};

/** Where nothing holds a command, the most that can be set is a little less. */
function asksFor(danger: Danger, { autonomy, contained }: Policy, { enforced }: Stance): boolean {
  const isFree = contained === false || enforced?.by === 'none';
  const level = autonomy === 'auto' && isFree ? 'guided' : autonomy;
  return ASKING[level].includes(danger);
}

/** What stands for a value that is only known when it runs does not name one command. */
const isExact = ({ command = '' }: Pick<RuleSubject, 'command'>): boolean => !/(^| )\$\?( |$)/u.test(command);

/** What a person may allow for good: just this, by this tool. */
function rememberable({ tool, path, command }: RuleSubject): { readonly remember?: readonly PolicyRule[] } {
  if (!isExact({ command })) return {};
  if (command !== undefined) return { remember: [{ decision: 'allow', tool, command, exact: true }] };
  return path === undefined ? {} : { remember: [{ decision: 'allow', tool, path, exact: true }] };
}
