/**
 * The model server from the command line:
 * `node test/support/model-server/main.ts --script FILE [--port N] [--faults FILE] [--key KEY] [--model NAME]... [--piece-ms N] [--requests FILE]`
 * prints its base URL on stdout and serves until it is ended. `--requests` gets one line of JSON for each request.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { findReply, parseScript } from '../../../src/core/models/script.ts';
import { FaultPlan } from './faults.ts';
import { askerOfSeen, type SeenRequest } from './seen.ts';
import { startModelServer } from './server.ts';

const { values } = parseArgs({
  options: {
    script: { type: 'string' },
    port: { type: 'string', default: '0' },
    faults: { type: 'string' },
    key: { type: 'string' },
    model: { type: 'string', multiple: true },
    'piece-ms': { type: 'string', default: '0' },
    requests: { type: 'string' },
  },
});

if (values.script === undefined) {
  console.error('Say which script to play: --script FILE');
  process.exit(2);
}
const script = parseScript(readFileSync(values.script, 'utf8'));
const faults =
  values.faults === undefined ? [] : FaultPlan.parse(JSON.parse(readFileSync(values.faults, 'utf8')));

const note = ({ number, role, task, attempt, turn, body }: SeenRequest): void => {
  if (values.requests === undefined) return;
  appendFileSync(values.requests, `${JSON.stringify({ number, role, task, attempt, turn, body })}\n`);
};

const server = await startModelServer({
  answers: (request) => {
    note(request);
    return findReply(script, askerOfSeen(request));
  },
  faults,
  port: z.coerce.number().int().min(0).parse(values.port),
  pieceMs: z.coerce.number().min(0).parse(values['piece-ms']),
  ...(values.key !== undefined && { key: values.key }),
  ...(values.model !== undefined && { models: values.model }),
});
console.log(server.url);

const end = (): void => {
  void server.close().then(() => process.exit(0));
};
process.once('SIGINT', end);
process.once('SIGTERM', end);
