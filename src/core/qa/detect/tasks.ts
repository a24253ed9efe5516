/** Test commands that a project names for people: tasks of VS Code, targets of make, tox. Tried when no runner is told by its own files. */
import { instrument, setupOf } from './flags.ts';
import { runnersOf } from './script.ts';
import type { FilesView, TestSetup } from '../test-setup.ts';

/** `undefined` where there is none. Never throws for what files hold. */
export async function detectTasks(view: FilesView): Promise<TestSetup | undefined> {
  return (await fromEditorTasks(view)) ?? (await fromMake(view)) ?? (await fromTox(view));
}

async function fromEditorTasks(view: FilesView): Promise<TestSetup | undefined> {
  const text = await view.read('.vscode/tasks.json');
  const tasks = text === undefined ? [] : tasksOf(text);
  for (const task of tasks) {
    const kind: unknown =
      typeof task['group'] === 'object' && task['group'] !== null
        ? (task['group'] as Json)['kind']
        : task['group'];
    const line = kind === 'test' ? lineOf(task) : undefined;
    if (line === undefined || /\$\{/.test(line)) continue;
    const label = typeof task['label'] === 'string' ? task['label'] : line;
    const why = `.vscode/tasks.json has the test task "${label}".`;
    return setupOf(instrument(line), { label: line, why });
  }
  return undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** Comments and commas before a closing bracket are the editor's own dialect. */
function tasksOf(text: string): readonly Json[] {
  const plain = text
    .replace(
      /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
      (_all, kept: string | undefined) => kept ?? '',
    )
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[\]}])/g, (_all, kept: string | undefined) => kept ?? '');
  try {
    const tasks: unknown = (JSON.parse(plain) as { readonly tasks?: unknown }).tasks;
    const isTask = (each: unknown): each is Json => typeof each === 'object' && each !== null;
    return Array.isArray(tasks) ? (tasks as readonly unknown[]).filter(isTask) : [];
  } catch {
    return [];
  }
}

function lineOf(task: Json): string | undefined {
  const { type, command, script, args } = task;
  if (type === 'npm' && typeof script === 'string') return `npm run ${script}`;
  if (typeof command !== 'string' || command === '') return undefined;
  const words = Array.isArray(args) ? args.filter((word) => typeof word === 'string') : [];
  return [
    command,
    ...words.map((word) => (/^[\w@%+=:,./*-]+$/.test(word) ? word : `"${word.replace(/["$`\\]/g, '\\$&')}"`)),
  ].join(' ');
}

async function fromMake(view: FilesView): Promise<TestSetup | undefined> {
  for (const file of ['GNUmakefile', 'Makefile', 'makefile']) {
    const text = await view.read(file);
    const [, target, needs = '', recipe = ''] =
      /^(test|tests|check)[ \t]*:(?!=)([^\n#]*)(?:#[^\n]*)?\n((?:\t[^\n]*\n?)*)/m.exec(text ?? '') ?? [];
    if (target === undefined) continue;
    const why = `${file} has the target "${target}".`;
    const lines = recipe
      .split('\n')
      .map((line) => line.trim().replace(/^[@-]+/, ''))
      .filter((line) => line !== '' && !line.startsWith('#'));
    const inner = lines.join(' && ');
    // What make would expand or build first only make can run.
    const plain = needs.trim() === '' && !/[$\\]/.test(inner) && runnersOf(inner).length > 0;
    return setupOf(instrument(plain ? inner : `make ${target}`), { label: `make ${target}`, why });
  }
  return undefined;
}

async function fromTox(view: FilesView): Promise<TestSetup | undefined> {
  if (!(await view.exists('tox.ini'))) return undefined;
  return setupOf(instrument('tox'), { label: 'tox', why: 'There is a tox.ini.' });
}
