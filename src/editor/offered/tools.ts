/** What other assistants of the editor may use of us: start a team run, run the tests, read how runs stand and what they found. */
import * as vscode from 'vscode';
import * as z from 'zod';
import type { RunMode } from '../../protocol/settings.ts';
import type { RunView } from '../../protocol/view.ts';
import { accompany } from '../accompany.ts';
import type { Desk } from '../desk.ts';
import type { Obstacle } from '../obstacle.ts';
import { t } from '../told.ts';
import type { Offered, ToolName } from './provide.ts';
import { findingsText, goalAsSeen, listText, statusText } from './report.ts';

interface Needs {
  readonly desk: Desk;
  readonly obstacle: () => Promise<Obstacle | undefined>;
}

const RunInput = z.object({
  goal: z.string().max(20_000).transform(goalAsSeen).pipe(z.string().min(1)),
  mode: z.enum(['team', 'quick', 'ask']).default('team'),
});
const OnRun = z.object({ run: z.string().max(200).optional() });

const say = (text: string) => new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);

interface Tool<T> {
  readonly schema: z.ZodType<T>;
  readonly confirm?: (input: T) => { readonly title: string; readonly message: string };
  readonly doing: string;
  readonly run: (input: T, token: vscode.CancellationToken) => Promise<string>;
}

function offer<T>(needs: Needs, { schema, confirm, doing, run }: Tool<T>): Offered {
  return {
    prepare(input) {
      const read = schema.safeParse(input ?? {});
      if (!read.success || !confirm) return { invocationMessage: doing };
      const { title, message } = confirm(read.data);
      return { invocationMessage: doing, confirmationMessages: { title, message: plain(message) } };
    },
    async invoke(input, token) {
      const obstacle = await needs.obstacle();
      if (obstacle !== undefined) return say(`Nothing was done. ${obstacle.text}`);
      const read = schema.safeParse(input ?? {});
      if (!read.success)
        return say(`Nothing was done. The input is not valid: ${z.prettifyError(read.error)}`);
      return say(await run(read.data, token));
    },
  };
}

/** What a model wrote is shown as it is: no link, image or command in it. */
const plain = (text: string): vscode.MarkdownString => new vscode.MarkdownString().appendText(text);

async function startAndWait(
  desk: Desk,
  goal: string,
  mode: RunMode,
  token: vscode.CancellationToken,
): Promise<string> {
  const run = await desk.start({ goal, mode, demo: false });
  return findingsText(await accompany(desk, run, token));
}

/** The run that is named, or the newest. */
async function viewOf(desk: Desk, run: string | undefined): Promise<RunView | undefined> {
  const { views } = await desk.connect();
  const id = run ?? (await views.list())[0]?.id;
  return id === undefined ? undefined : await views.view(id);
}

const onRun = (desk: Desk, tell: (view: RunView) => string) => async (input: z.infer<typeof OnRun>) => {
  const known = (await (await desk.connect()).views.list()).map(({ id }) => id);
  if (input.run !== undefined && !known.includes(input.run))
    return `There is no run "${input.run.slice(0, 100)}" in this workspace.`;
  const view = await viewOf(desk, input.run);
  return view ? tell(view) : listText([]);
};

export function toolsOffered(needs: Needs): Readonly<Record<ToolName, Offered>> {
  const { desk } = needs;
  return {
    quartet_run: offer(needs, {
      schema: RunInput,
      doing: t('The team works on it'),
      confirm: ({ goal, mode }) => ({
        title: mode === 'ask' ? t('Ask the Quartet team?') : t('Start a run of the Quartet team?'),
        message:
          mode === 'ask'
            ? goal
            : t(
                '{0}\n\nIt spends model calls and runs this project’s tests in private copies. Your files change only by what you accept in its panel.',
                goal,
              ),
      }),
      run: ({ goal, mode }, token) => startAndWait(desk, goal, mode, token),
    }),
    quartet_test: offer(needs, {
      schema: z.object({}),
      doing: t('Runs the tests'),
      confirm: () => ({
        title: t('Run the tests with Quartet?'),
        message: t(
          'Runs this project’s tests in a private copy; what fails is explained, which may spend model calls.',
        ),
      }),
      run: (_input, token) => startAndWait(desk, t('Run the tests and explain what fails.'), 'qa', token),
    }),
    quartet_status: offer(needs, {
      schema: OnRun,
      doing: t('Looks how runs stand'),
      run: async (input) =>
        input.run === undefined
          ? `${listText(await (await desk.connect()).views.list())}\n\n${await onRun(desk, statusText)(input)}`
          : await onRun(desk, statusText)(input),
    }),
    quartet_findings: offer(needs, {
      schema: OnRun,
      doing: t('Reads what a run found'),
      run: onRun(desk, findingsText),
    }),
  };
}
