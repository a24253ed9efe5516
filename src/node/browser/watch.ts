/**
 * Watches a page while it loads: what it says, what goes wrong, what it asks for. Requests that lead away from this machine are refused
 * here, where they can be named; that none gets through elsewhere is the business of how the browser was started (`flags.ts`).
 */
import * as z from 'zod';
import { staysLocal } from '../../core/policy/local-urls.ts';
import type { Devtools } from './devtools.ts';

const ENTRIES_MAX = 50;
const ENTRY_CHARS = 500;
const SESSIONS_MAX = 100;

export interface Watched {
  readonly console: readonly string[];
  readonly errors: readonly string[];
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  /** Of the page itself, once it has answered. */
  status(): number | undefined;
  loaded(): boolean;
  /** Requests under way. */
  busy(): number;
}

/** A list that is full says so once. */
function createList(): { readonly lines: readonly string[]; add(line: string): void } {
  const lines: string[] = [];
  return {
    lines,
    add(line) {
      if (lines.length === ENTRIES_MAX) lines.push('… and more');
      const short = line.replaceAll(/\s*\n\s*/gu, ' | ').slice(0, ENTRY_CHARS);
      if (lines.length < ENTRIES_MAX && !lines.includes(short)) lines.push(short);
    },
  };
}

const Property = z.object({ name: z.string(), value: z.string().optional() });
const Remote = z.object({
  value: z.unknown().optional(),
  description: z.string().optional(),
  preview: z.object({ properties: z.array(Property) }).optional(),
});

function textOf({ value, description, preview }: z.infer<typeof Remote>): string {
  const properties = preview?.properties.map(({ name, value: of = '…' }) => `${name}: ${of}`) ?? [];
  if (properties.length > 0) return `${description ?? ''} { ${properties.join(', ')} }`;
  return (
    description ??
    (typeof value === 'string' ? value : value === undefined ? 'undefined' : JSON.stringify(value))
  );
}

const Console = z.object({ type: z.string(), args: z.array(Remote) });
const Thrown = z.object({
  exceptionDetails: z.object({ text: z.string(), exception: Remote.optional() }),
});
const Logged = z.object({ entry: z.object({ source: z.string(), level: z.string(), text: z.string() }) });
const Asked = z.object({ requestId: z.string(), request: z.object({ url: z.string(), method: z.string() }) });
const Answered = z.object({
  requestId: z.string(),
  type: z.string(),
  frameId: z.string().optional(),
  response: z.object({ url: z.string(), status: z.number() }),
});
const Failed = z.object({ requestId: z.string(), errorText: z.string(), canceled: z.boolean().optional() });
const Finished = z.object({ requestId: z.string() });
const Socket = z.object({ url: z.string() });
const Dialog = z.object({ type: z.string(), message: z.string() });
const Attached = z.object({ sessionId: z.string() });

type Handlers = Readonly<Record<string, (params: unknown, session: string | undefined) => void>>;
type List = ReturnType<typeof createList>;

/** Begins to watch a page whose session is attached. Resolves once nothing of it goes unseen. */
export async function watchPage(devtools: Devtools, session: string, frame: string): Promise<Watched> {
  const said = { console: createList(), errors: createList() };
  const asked = createRequests(devtools, frame);
  let loaded = false;
  const handlers: Handlers = {
    ...voices(said),
    ...asked.handlers,
    ...arrivals(devtools),
    'Page.loadEventFired': (_params, of) => {
      if (of === session) loaded = true;
    },
    'Page.javascriptDialogOpening': (params, of) => {
      const { type, message } = Dialog.parse(params);
      said.console.add(`[${type}] ${message}`);
      void devtools.send('Page.handleJavaScriptDialog', { accept: false }, of);
    },
  };
  devtools.onEvent(({ method, params, session: of }) => handlers[method]?.(params, of));
  await attend(devtools, session);
  return {
    console: said.console.lines,
    errors: said.errors.lines,
    ...asked.seen,
    loaded: () => loaded,
  };
}

/** What a page says, and what it throws. */
function voices({ console, errors }: { readonly console: List; readonly errors: List }): Handlers {
  return {
    'Runtime.consoleAPICalled': (params) => {
      const { type, args } = Console.parse(params);
      console.add(`[${type}] ${args.map(textOf).join(' ')}`);
    },
    'Runtime.exceptionThrown': (params) => {
      const { text, exception } = Thrown.parse(params).exceptionDetails;
      errors.add(exception ? textOf({ ...exception, preview: undefined }) : text);
    },
    'Log.entryAdded': (params) => {
      const { source, level, text } = Logged.parse(params).entry;
      // Requests are listed by what became of them.
      if (source !== 'network') console.add(`[${level}] ${text}`);
    },
  };
}

/** What a page asks for. */
function createRequests(devtools: Devtools, frame: string) {
  const [failed, blocked] = [createList(), createList()];
  const under = new Map<string, string>();
  let status: number | undefined;
  const handlers: Handlers = {
    'Fetch.requestPaused': (params, of) => {
      const { requestId, request } = Asked.parse(params);
      const local = staysLocal(request.url);
      if (!local) blocked.add(`${request.method} ${request.url}`);
      if (local) void devtools.send('Fetch.continueRequest', { requestId }, of);
      else void devtools.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }, of);
    },
    'Network.requestWillBeSent': (params) => {
      const { requestId, request } = Asked.parse(params);
      under.set(requestId, `${request.method} ${request.url}`);
    },
    'Network.responseReceived': (params) => {
      const { requestId, type, frameId, response } = Answered.parse(params);
      if (type === 'Document' && frameId === frame) status = response.status;
      else if (response.status >= 400)
        failed.add(`${under.get(requestId) ?? response.url}: ${response.status}`);
    },
    'Network.loadingFailed': (params) => {
      const { requestId, errorText, canceled } = Failed.parse(params);
      const what = under.get(requestId);
      under.delete(requestId);
      if (what === undefined || canceled === true || errorText.includes('BLOCKED_BY_CLIENT')) return;
      failed.add(`${what}: ${errorText}`);
    },
    'Network.loadingFinished': (params) => {
      under.delete(Finished.parse(params).requestId);
    },
    'Network.webSocketCreated': (params) => {
      const { url } = Socket.parse(params);
      if (!staysLocal(url)) blocked.add(`WebSocket ${url}`);
    },
  };
  const seen = {
    failed: failed.lines,
    blocked: blocked.lines,
    status: () => status,
    busy: () => under.size,
  };
  return { handlers, seen };
}

/** Frames and workers that come: what is not let go stays as it was born, without a request. */
function arrivals(devtools: Devtools): Handlers {
  let came = 0;
  return {
    'Target.attachedToTarget': (params) => {
      came += 1;
      if (came <= SESSIONS_MAX) void attend(devtools, Attached.parse(params).sessionId);
    },
  };
}

/** Listens to a page, frame or worker, and lets it go. Workers lack some of this, which is no harm. */
async function attend(devtools: Devtools, session: string): Promise<void> {
  const send = (method: string, params = {}) => devtools.send(method, params, session).catch(() => undefined);
  await Promise.all([
    send('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Request' }] }),
    send('Network.enable'),
    send('Runtime.enable'),
    send('Log.enable'),
    send('Page.enable'),
    send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
  ]);
  await send('Runtime.runIfWaitingForDebugger');
}
