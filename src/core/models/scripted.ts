/** A model that plays a script. It keeps no state: the same request gets the same reply, in any order and after any restart. */
import type { Endpoint } from '../../protocol/settings.ts';
import { PortError, type Clock } from '../ports.ts';
import type { ModelContext, ModelReply, ModelRequest, Models } from './contract.ts';
import { askerOf, callsOf, findReply, finishOf, piecesOf, type Script } from './script.ts';
import { estimateUsage } from './tokens.ts';

/** A script, or how to find the one that an endpoint names. */
export type ScriptSource = Script | ((endpoint: Endpoint) => Promise<Script>);

interface ScriptedOptions {
  /** Needed to keep the script's pace; without it everything is said at once. */
  readonly clock?: Clock;
}

/** Errors: `endpoint.failed` when the script has no reply for the asker. Its price is what its endpoint says. */
export function createScriptedModel(source: ScriptSource, options: ScriptedOptions = {}): Models {
  return {
    complete: async (request, context) => {
      context.signal.throwIfAborted();
      const endpoint = firstOf(request);
      const script = typeof source === 'function' ? await source(endpoint) : source;
      const reply = findReply(script, askerOf(request));
      await say(reply.content, context, { pace: script.pace, clock: options.clock });
      const output: Pick<ModelReply, 'content' | 'reasoning' | 'toolCalls'> = {
        content: reply.content,
        toolCalls: callsOf(reply, request.turn),
        ...(reply.reasoning !== undefined && { reasoning: reply.reasoning }),
      };
      const usage = estimateUsage(request, output);
      return {
        ...output,
        finish: finishOf(reply),
        usage,
        endpoint: endpoint.id,
        model: endpoint.model,
        tries: [{ endpoint: endpoint.id, ok: true, usage }],
      };
    },
  };
}

async function say(
  text: string,
  { signal, onText }: ModelContext,
  { pace, clock }: { readonly pace: Script['pace']; readonly clock: Clock | undefined },
): Promise<void> {
  const wait = async (ms: number | undefined) => {
    if (clock !== undefined && ms !== undefined && ms > 0) await clock.sleep(ms, signal);
    signal.throwIfAborted();
  };
  await wait(pace?.thinkMs);
  for (const piece of piecesOf(text)) {
    onText(piece);
    await wait(pace?.pieceMs);
  }
}

function firstOf(request: ModelRequest): Endpoint {
  const endpoint = request.endpoints[0];
  if (endpoint !== undefined) return endpoint;
  throw new PortError('endpoint.missing', `No endpoint is configured for ${request.role}.`);
}
