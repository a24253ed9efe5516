/** Random projects and plans for simulated runs. */
import type { Random } from './random.ts';

export interface SimulatedTask {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly role: string;
  readonly depends_on: readonly string[];
  readonly files?: readonly string[];
  readonly priority: number;
  readonly gate?: { readonly with: string };
  readonly when?: { readonly task: string; readonly is: 'done' | 'failed' | 'skipped' };
}

export interface SimulatedPlan {
  readonly tasks: readonly SimulatedTask[];
  /** The person's files. */
  readonly files: Readonly<Record<string, string>>;
  /** The planner hands over a plan that does not hold first. */
  readonly badFirst: boolean;
  /** Paths that a task may write. */
  filesOf(task: string | undefined): readonly string[];
  goodText(path: string): string;
  badText(path: string): string;
}

const FILES_MAX = 5;
const TASKS_MAX = 8;

export function randomPlan(random: Random): SimulatedPlan {
  const paths = Array.from({ length: 1 + random.int(FILES_MAX) }, (_, index) => `src/f${index}.txt`);
  const nameOf = (path: string): string => path.replace(/\W/g, '_');
  // Most plans are small; a few are as large as it gets.
  const count = random.oneIn(6) ? 1 + random.int(TASKS_MAX) : 1 + random.int(3);
  const tasks: SimulatedTask[] = [];
  for (let index = 0; index < count; index++) tasks.push(randomTask(random, paths, tasks));
  const spec = paths.flatMap((path) => [
    `${nameOf(path)} is done: ${path} has done ${nameOf(path)}`,
    `${nameOf(path)} keeps: ${path} has keep ${nameOf(path)}`,
  ]);
  const start = paths.map((path) => [path, `todo\nkeep ${nameOf(path)}\n`] as const);
  return {
    tasks,
    files: { ...Object.fromEntries(start), 'test/all.spec': `${spec.join('\n')}\n` },
    badFirst: random.oneIn(10),
    filesOf: (task) => tasks.find(({ id }) => id === task)?.files ?? paths.slice(0, 1),
    goodText: (path) => `done ${nameOf(path)}\nkeep ${nameOf(path)}\n`,
    badText: (path) => `done ${nameOf(path)}\n`,
  };
}

function randomTask(
  random: Random,
  paths: readonly string[],
  former: readonly SimulatedTask[],
): SimulatedTask {
  const id = `t${former.length}`;
  const role = random.oneIn(8) ? random.pick(['researcher', 'documenter']) : 'coder';
  const depends_on = former.filter(() => random.oneIn(3)).map((task) => task.id);
  const partner = former.length > 0 && random.oneIn(8) ? random.pick(former) : undefined;
  const watched = former.length > 0 && random.oneIn(10) ? random.pick(former) : undefined;
  const files = filesFor(random, paths, partner);
  return {
    id,
    role,
    title: `Task ${id}`,
    description: 'Do it.',
    depends_on,
    priority: random.int(3),
    ...(role !== 'researcher' && files.length > 0 && { files }),
    ...(role === 'coder' && partner?.role === 'coder' && { gate: { with: partner.id } }),
    ...(watched && { when: { task: watched.id, is: random.pick(['done', 'failed', 'skipped'] as const) } }),
  };
}

/** Tasks that are gated together share no file: the checker takes two that work on one for a fault. */
function filesFor(
  random: Random,
  paths: readonly string[],
  partner: SimulatedTask | undefined,
): readonly string[] {
  if (random.oneIn(12)) return [];
  const free = paths.filter((path) => partner?.files?.includes(path) !== true);
  return random.shuffle(free).slice(0, 1 + random.int(2));
}
