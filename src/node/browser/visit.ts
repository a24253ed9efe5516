/** One look at one page: open it, wait until it is there, read it, take its picture. */
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { staysLocal } from '../../core/policy/local-urls.ts';
import type { PageRequest, PageSeen } from '../../core/ports.ts';
import type { Devtools } from './devtools.ts';
import { watchPage, type Watched } from './watch.ts';

/** What is left of the time for reading the page once it had its time to load, in milliseconds. */
const READING_MS = 12_000;
/** How long a page is waited for that goes on loading after it was loaded, and the silence that ends it. */
const SETTLE_MS_MAX = 5_000;
const QUIET_MS = 400;
const LOOK_MS = 50;
/** One answer of a page that may hang. */
const ANSWER_MS_MAX = 4_000;
/** Longest screenshot as base64, in characters, and how good a picture is tried. */
const PICTURE_CHARS_MAX = 1_500_000;
const QUALITIES = [70, 30] as const;

const Target = z.object({ targetId: z.string() });
const Session = z.object({ sessionId: z.string() });
const Navigated = z.object({ frameId: z.string(), errorText: z.string().optional() });
const Evaluated = z.object({ result: z.object({ value: z.unknown() }) });
const Page = z.tuple([z.string(), z.string(), z.string(), z.number()]);
const Picture = z.object({ data: z.base64() });

interface Visit {
  readonly devtools: Devtools;
  readonly session: string;
  readonly watched: Watched;
  readonly request: PageRequest;
  readonly signal: AbortSignal;
}

export async function visit(
  devtools: Devtools,
  request: PageRequest,
  signal: AbortSignal,
): Promise<Omit<PageSeen, 'enforced'>> {
  const startedAt = Date.now();
  const { targetId } = Target.parse(await devtools.send('Target.createTarget', { url: 'about:blank' }));
  const { sessionId: session } = Session.parse(
    await devtools.send('Target.attachToTarget', { targetId, flatten: true }),
  );
  await devtools.send('Browser.setDownloadBehavior', { behavior: 'deny' }).catch(() => undefined);
  // The frame of a page has the page's own id.
  const watched = await watchPage(devtools, session, targetId);
  const looking: Visit = { devtools, session, watched, request, signal };
  const loading = startedAt + request.timeoutMs - READING_MS;
  const problem = (await open(looking, loading)) ?? (await settled(looking, loading));
  const page = await read(looking);
  const screenshot = page === undefined ? undefined : await picture(looking);
  const status = watched.status();
  const [url = '', title = '', text = ''] = page ?? [];
  const led = page !== undefined && !staysLocal(url);
  const why =
    problem ?? (page === undefined ? 'The page does not answer: its own code keeps it busy.' : undefined);
  const lost =
    led && why === undefined ? 'It went to a page that is not of this machine, or that failed.' : why;
  return {
    url: led ? '' : url,
    title: led ? '' : title,
    text: led ? '' : text,
    ...(status !== undefined && { status }),
    ...{ console: watched.console, errors: watched.errors, failed: watched.failed, blocked: watched.blocked },
    ...(screenshot !== undefined && !led && { screenshot }),
    ...(lost !== undefined && { problem: lost }),
  };
}

/** Why the page could not be opened; undefined where it could. */
async function open(
  { devtools, session, watched, request }: Visit,
  until: number,
): Promise<string | undefined> {
  const opening = devtools.send('Page.navigate', { url: request.url }, session);
  const answer = await Promise.race([
    opening,
    wait(Math.max(0, until - Date.now()), undefined, { ref: false }),
  ]);
  if (answer === undefined) return 'The server did not answer in time.';
  const { errorText } = Navigated.parse(answer);
  if (errorText === undefined) return undefined;
  if (errorText.includes('BLOCKED_BY_CLIENT'))
    return `It leads away from this machine, which is not followed: ${watched.blocked.at(-1) ?? ''}`;
  return `The page cannot be opened: ${errorText}`;
}

/** Waits until the page is loaded and quiet, and the wanted text shows. Why it is read all the same where that takes too long. */
async function settled(looking: Visit, until: number): Promise<string | undefined> {
  const { watched, request } = looking;
  if (!(await soon(looking, until, () => watched.loaded()))) return 'It was still loading when it was read.';
  let quietSince = Date.now();
  await soon(looking, Math.min(until, Date.now() + SETTLE_MS_MAX), () => {
    if (watched.busy() > 0) quietSince = Date.now();
    return Date.now() - quietSince >= QUIET_MS;
  });
  const { waitFor } = request;
  if (waitFor === undefined) return undefined;
  const shows = async () => (await read(looking))?.[2].includes(waitFor) === true;
  return (await soon(looking, until, shows)) ? undefined : `The text "${waitFor}" did not show in time.`;
}

async function soon(
  { signal }: Visit,
  until: number,
  is: () => boolean | Promise<boolean>,
): Promise<boolean> {
  while (Date.now() < until) {
    if (await is()) return true;
    await wait(LOOK_MS, undefined, { signal });
  }
  return false;
}

/** An answer of the page, or undefined where it gives none in time. */
async function answerOf(looking: Visit, method: string, params: object): Promise<unknown> {
  const { devtools, session } = looking;
  const asked = devtools.send(method, params, session).catch(() => undefined);
  return Promise.race([asked, wait(ANSWER_MS_MAX, undefined, { ref: false })]);
}

/** Address, title, text, and how long the text is. */
async function read(looking: Visit): Promise<z.infer<typeof Page> | undefined> {
  const max = looking.request.textCharsMax;
  const expression = `(() => { const text = String(document.body?.innerText ?? ''); return [String(location.href).slice(0, 2000), String(document.title).slice(0, 300), text.slice(0, ${max}), text.length]; })()`;
  const evaluated = Evaluated.safeParse(
    await answerOf(looking, 'Runtime.evaluate', { expression, returnByValue: true }),
  );
  const page = Page.safeParse(evaluated.data?.result.value);
  if (!page.success) return undefined;
  const [url, title, text, length] = page.data;
  const cut = length > text.length ? `\n[… ${length - text.length} characters left out …]` : '';
  return [url, title, `${text.slice(0, max)}${cut}`, length];
}

async function picture(looking: Visit): Promise<string | undefined> {
  for (const quality of QUALITIES) {
    const answer = await answerOf(looking, 'Page.captureScreenshot', { format: 'jpeg', quality });
    const taken = Picture.safeParse(answer);
    if (!taken.success) return undefined;
    if (taken.data.data.length <= PICTURE_CHARS_MAX) return taken.data.data;
  }
  return undefined;
}
