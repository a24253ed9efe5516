/** Who takes part in a simulated run: models of good and bad will, and a person. What each does follows from a seed alone. */
import { PortError } from '../../../src/core/ports.ts';
import type { ModelReply, ModelRequest, Models, ToolCall } from '../../../src/core/models/contract.ts';
import { estimateUsage } from '../../../src/core/models/tokens.ts';
import type { RawLine } from './checker.ts';
import { randomFor, type Random } from './random.ts';
import type { SimulatedPlan } from './plans.ts';

/** How much trouble models make, in one of so many replies; 0: none. */
export interface Temper {
  /** A call that fails. */
  readonly failsOneIn: number;
  /** A reply that makes no sense. */
  readonly nonsenseOneIn: number;
  /** Work that turns tests red, and reviews that find fault. */
  readonly badOneIn: number;
}

type Call = readonly [tool: string, args: unknown];

/** Turns after which everybody hands over. */
const TURNS_MAX = 4;

export function createActors(seed: string, plan: SimulatedPlan, temper: Temper): Models {
  const times = new Map<string, number>();
  return {
    async complete(request, { signal }): Promise<ModelReply> {
      signal.throwIfAborted();
      const call = `${request.role}/${request.task ?? ''}/${request.attempt}/${request.turn}`;
      const time = (times.get(call) ?? 0) + 1;
      times.set(call, time);
      const random = randomFor(`${seed} ${call} ${time}`);
      // A second try succeeds: faults stop.
      if (time === 1 && happens(random, temper.failsOneIn))
        throw new PortError('endpoint.failed', 'The model failed.', { advice: 'Try again.' });
      const calls = callsOf(request, { plan, temper, random });
      return replyOf(request, calls, random.oneIn(3) ? 'I say something.' : '');
    },
  };
}

const happens = (random: Random, oneIn: number): boolean => oneIn > 0 && random.oneIn(oneIn);

function replyOf(request: ModelRequest, calls: readonly Call[], content: string): ModelReply {
  const toolCalls: ToolCall[] = calls.map(([name, args], index) => ({
    id: `call_${request.turn}_${index}`,
    name,
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  }));
  const usage = estimateUsage(request, { content, toolCalls });
  const endpoint = request.endpoints[0]?.id ?? '';
  const finish = calls.length > 0 ? 'tool_calls' : 'stop';
  const tries = [{ endpoint, ok: true, usage }];
  return { content, toolCalls, finish, usage, endpoint, model: 'simulated', tries };
}

interface Mind {
  readonly plan: SimulatedPlan;
  readonly temper: Temper;
  readonly random: Random;
}

function callsOf(request: ModelRequest, mind: Mind): readonly Call[] {
  if (request.turn <= TURNS_MAX && happens(mind.random, mind.temper.nonsenseOneIn))
    return nonsense(mind.random);
  switch (request.role) {
    case 'planner':
      return request.turn === 1 && mind.plan.badFirst
        ? [['submit_plan', { summary: 'In a circle.', tasks: circle(mind.plan.tasks[0]) }]]
        : [['submit_plan', { summary: 'The plan.', tasks: mind.plan.tasks }]];
    case 'qa':
      return [['submit_diagnosis', { summary: 'Something is gone.', causes: [] }]];
    case 'reviewer':
      return [['submit_review', reviewOf(request, mind)]];
    case 'researcher':
      return [
        ['list_files', {}],
        ['submit_findings', { summary: 'Found.', sources: [] }],
      ];
    case 'synthesizer':
      return [['submit_summary', { title: 'Done', body: 'All of it.' }]];
    default:
      return work(request, mind);
  }
}

function circle(task: SimulatedPlan['tasks'][number] | undefined): readonly unknown[] {
  return task ? [{ ...task, depends_on: [task.id] }] : [];
}

function nonsense(random: Random): readonly Call[] {
  return random.pick<readonly Call[]>([
    [],
    [['no_such_tool', {}]],
    [['read_file', '{"path": ']],
    [['write_file', { path: '../outside.txt', content: 'x' }]],
    [['write_file', { path: 'test/all.spec', content: '' }]],
    [
      ['read_file', { path: 'no/such/file' }],
      ['search_text', { query: '(', regex: true }],
    ],
    [['submit_result', {}]],
  ]);
}

function reviewOf(request: ModelRequest, { temper, random, plan }: Mind): object {
  const path = plan.filesOf(request.task)[0];
  if (path === undefined || !happens(random, temper.badOneIn)) return { verdict: 'approve' };
  return {
    verdict: 'request_changes',
    comments: [{ path, line: 1, severity: 'blocking', body: 'Say it otherwise.' }],
  };
}

/** Whoever changes files: sometimes looks or asks first, sometimes breaks something, hands over in the end. */
function work(request: ModelRequest, { plan, temper, random }: Mind): readonly Call[] {
  const files = plan.filesOf(request.task);
  const bad = happens(random, temper.badOneIn);
  const writes = files.map((path): Call => {
    const content = bad ? plan.badText(path) : `${plan.goodText(path)}by ${request.turn}\n`;
    return ['write_file', { path, content }];
  });
  const before: readonly Call[] = random.pick<readonly Call[]>([
    [],
    [],
    files.map((path): Call => ['read_file', { path }]),
    [
      ['list_files', {}],
      ['search_text', { query: 'keep' }],
    ],
    [['ask_user', { question: 'How?', options: ['So', 'Not so'] }]],
    [['post_message', { to: 'team', text: 'I am at it.' }]],
    [['run_tests', {}]],
    [['run_command', { command: 'play-tests' }]],
  ]);
  const handsOver = request.turn >= TURNS_MAX || !random.oneIn(3);
  return [...before, ...writes, ...(handsOver ? [['submit_result', { summary: 'Done.' }] as const] : [])];
}

/** What the person answers when they come to it. They may say no, but in the end they let the run go on. */
export function answerOf(
  seed: string,
  files: readonly string[],
): (name: string, ask: RawLine['data']) => unknown {
  return (name, ask) => {
    const random = randomFor(`${seed} person ${name}`);
    switch (ask['kind']) {
      case 'plan':
        return random.oneIn(6) && !/\/[3-9]/.test(name)
          ? { decision: 'revise', reason: 'Better, please.' }
          : { decision: random.oneIn(40) ? 'end' : 'approve' };
      case 'permission':
        return { allow: !random.oneIn(4) };
      case 'question':
        return { text: 'So.' };
      case 'review':
        return reviewAnswer(random, name, files);
      default:
        return { apply: !random.oneIn(4) };
    }
  };
}

function reviewAnswer(random: Random, name: string, files: readonly string[]): object {
  const rejected = files.filter(() => random.oneIn(8)).map((path) => ({ path, reason: 'Not this.' }));
  const accepted = files.filter((path) => !rejected.some((each) => each.path === path));
  const again = rejected.length > 0 && name === 'review/1' && random.oneIn(2);
  const decision = again ? 'revise' : random.oneIn(15) ? 'discard' : 'apply';
  return { decision, accepted, rejected };
}
