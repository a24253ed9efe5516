/**
 * One process of a run on real files and git, which may be killed at any time: `node kill-driver.mjs '<job as JSON>'`. It starts
 * the run or goes on with it, answers what it asks, and prints how it ended.
 */
import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Models } from '../../../src/core/models/contract.ts';
import { createRouter } from '../../../src/core/models/routing.ts';
import { createScriptedModel } from '../../../src/core/models/scripted.ts';
import { createEngine } from '../../../src/core/run/engine.ts';
import { createRunViews } from '../../../src/core/run/views/views.ts';
import { unfinishedRuns } from '../../../src/core/run/keeping/retention.ts';
import { createNodePorts } from '../../../src/node/ports.ts';
import { sweepLeftovers } from '../../../src/node/retention/sweep.ts';
import { RunSettings } from '../../../src/protocol/settings.ts';
import { answerAll } from '../answering.ts';
import type { Job } from './kill.ts';
import { RICH } from '../rich.ts';

const job = JSON.parse(process.argv[2] ?? '') as Job;
const quiet = { info: () => undefined, warn: () => undefined, error: console.error };
const node = createNodePorts({ workspaceRoot: job.workspace, storage: job.storage, log: quiet });
const views = createRunViews(node.store, node.hasher);
// As a door does when it opens.
const unfinished = () => unfinishedRuns(node.store, views);
await sweepLeftovers({ storage: job.storage, log: quiet, unfinished });
const scripted = createScriptedModel({ ...RICH.script, pace: { thinkMs: 4, pieceMs: 0 } }, node);
const counted: Models = {
  complete(request, context) {
    const { role, task = '', attempt, turn } = request;
    appendFileSync(job.requests, `${role}/${task}/${attempt}/${turn}\n`);
    return scripted.complete(request, context);
  },
};
const models = createRouter({ scripted: counted, openai: undefined, editor: undefined });
const engine = createEngine({ ...node, models }, { whenWaiting: 'stay' });
const settings = RunSettings.parse({
  endpoints: [
    { id: 'script', kind: 'scripted', model: 'script', inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
  ],
  routes: { default: ['script'] },
  // The file that makes the tests wait lies beside the project.
  sandbox: { mode: job.sandbox, readable: [dirname(job.workspace)] },
  testCommand: `"${process.execPath}" test/run.mjs`,
  ...RICH.settings,
});
const run =
  job.run === undefined
    ? await engine.start({ goal: RICH.goal ?? '', mode: 'team', settings, demo: true })
    : await engine.resume(job.run);
const answering = answerAll({
  engine,
  views,
  run: run.id,
  answers: RICH.answers ?? {},
});
const end = await run.ended;
answering.dispose();
process.stdout.write(JSON.stringify(end));
