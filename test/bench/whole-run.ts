/** A whole run on a disk: the planner plans, researchers answer, each as agents of the product do; only the models' words are scripted. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Models } from '../../src/core/models/contract.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import { Script } from '../../src/core/models/script.ts';
import { createScriptedModel } from '../../src/core/models/scripted.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { nodeClock } from '../../src/node/clock.ts';
import { createNodePorts } from '../../src/node/ports.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import { commitAll } from '../support/sample.mjs';
import { timed } from './figures.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: console.error };

/** As much as a researcher has to say. */
const FINDING = 'The total is computed in src/total.js, line 12, and nowhere else. '.repeat(12);

const scriptFor = (tasks: number): Script =>
  Script.parse({
    title: 'bench',
    agents: [
      {
        role: 'planner',
        replies: [
          {
            content: '',
            calls: [
              {
                tool: 'submit_plan',
                args: {
                  summary: 'bench',
                  tasks: Array.from({ length: tasks }, (_, n) => ({
                    ...{ id: `t${n}`, title: `Question ${n}`, description: `Answer question ${n}.` },
                    role: 'researcher',
                  })),
                },
              },
            ],
          },
        ],
      },
      {
        role: 'researcher',
        replies: [
          { content: '', calls: [{ tool: 'submit_findings', args: { summary: FINDING, sources: [] } }] },
        ],
      },
      {
        role: 'synthesizer',
        replies: [
          { content: '', calls: [{ tool: 'submit_summary', args: { title: 'All', body: 'Answered.' } }] },
        ],
      },
    ],
  });

export interface WholeRun {
  /** Milliseconds from the goal to the end. */
  readonly ms: number;
  /** Bytes of the heap, once nearly all tasks are finished, over what it had before the run. */
  readonly held: number;
}

/** @param models what lies between the run and its script, such as a model that takes its time */
export async function wholeRun(
  tasks: number,
  concurrency: number,
  between: (scripted: Models) => Models = (scripted) => scripted,
): Promise<WholeRun> {
  const room = await fs.mkdtemp(join(tmpdir(), 'quartet-whole-'));
  const [workspaceRoot, storage] = [join(room, 'project'), join(room, 'storage')];
  try {
    await fs.mkdir(join(workspaceRoot, 'src'), { recursive: true });
    await fs.mkdir(storage);
    await fs.writeFile(join(workspaceRoot, 'src', 'total.js'), 'export const total = 12;\n');
    await commitAll(workspaceRoot);
    const ports = createNodePorts({ workspaceRoot, storage, log: QUIET });
    const scripted = createScriptedModel(scriptFor(tasks), { clock: nodeClock });
    const before = heapNow();
    let [answered, held] = [0, 0];
    const counted: Models = {
      async complete(request, context) {
        if (request.role === 'researcher' && (answered += 1) === tasks - 1) held = heapNow() - before;
        return await between(scripted).complete(request, context);
      },
    };
    const engine = createEngine(
      { ...ports, models: createRouter({ scripted: counted, openai: undefined, editor: undefined }) },
      { whenWaiting: 'pause' },
    );
    const settings = RunSettings.parse({
      endpoints: [
        { id: 'script', kind: 'scripted', model: 'script', inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
      ],
      routes: { default: ['script'] },
      interactive: false,
      limits: { concurrency, tasks: 200 },
    });
    const ms = await timed(async () => {
      const run = await engine.start({ goal: 'Answer all questions', mode: 'team', settings, demo: true });
      const end = await run.ended;
      if (end.kind !== 'finished') throw new Error(`The run ended otherwise: ${JSON.stringify(end)}`);
    });
    return { ms, held };
  } finally {
    await fs.rm(room, { recursive: true, force: true });
  }
}

function heapNow(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
