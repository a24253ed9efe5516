/** What a model was told. Prompts are not recorded: they are made again from the record, and their digest is held against it. */
import * as z from 'zod';
import { PortError } from '../../ports.ts';
import { replayRun, type ReplayPorts } from '../keeping/replay-run.ts';

/** What a model step is given, as `team/think` hands it over. */
const Prompt = z.object({
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: z.string(),
      toolCalls: z.array(z.object({ name: z.string(), arguments: z.string() })).optional(),
    }),
  ),
  tools: z.array(z.string()),
});
export type Prompt = z.infer<typeof Prompt>;

/** Errors: `prompt.missing` where the record does not lead to it; `replay.version`; as `replayRun`. */
export async function promptOf(ports: ReplayPorts, runId: string, key: string): Promise<Prompt> {
  let found: unknown;
  const given = (each: string, input: unknown): void => {
    if (each === key) found = input;
  };
  await replayRun(ports, runId, { given });
  const prompt = Prompt.safeParse(found);
  if (prompt.success) return prompt.data;
  throw new PortError('prompt.missing', 'What this model was told cannot be made again from the record.', {
    advice: 'The run stands otherwise: its replies and tool calls are recorded in full.',
  });
}
