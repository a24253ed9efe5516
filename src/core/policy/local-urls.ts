/** Addresses of servers that run on this machine, for the browser of agents: where a page may be, and what it may ask for. */
import type { JudgedUrl } from './urls.ts';

const URL_CHARS_MAX = 2000;
const AUTHORITY = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?=[/?#]|$)/u;
const HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const REACHING: ReadonlySet<string> = new Set(['http:', 'https:', 'ws:', 'wss:']);
/** What a page makes itself, without asking anybody. */
const INERT: ReadonlySet<string> = new Set(['data:', 'blob:', 'about:']);

const refused = (why: string): JudgedUrl => ({ ok: false, why });

/** A page that may be opened, in one spelling, or why not. Taken only as plainly as `judgeUrl` takes an address. */
export function judgeLocalUrl(text: string): JudgedUrl {
  if (text.length > URL_CHARS_MAX)
    return refused(`an address has at most ${String(URL_CHARS_MAX)} characters`);
  if (/[^\u0021-\u007e]/u.test(text))
    return refused('write blanks and letters beyond ASCII in an address percent-encoded');
  if (text.includes('\\')) return refused('an address has no "\\"');
  const [, host = ''] = AUTHORITY.exec(text) ?? [];
  if (host === '')
    return refused(
      'only pages of servers on this machine are opened: http://localhost, http://127.0.0.1 or http://[::1], with a port',
    );
  const url = URL.parse(text);
  if (url?.hostname !== host) return refused('the host is not written plainly');
  return { ok: true, url: url.href, host: url.host };
}

/** Whether a page may ask for this. `url` is as the browser spells it. */
export function staysLocal(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  return INERT.has(parsed.protocol) || (REACHING.has(parsed.protocol) && HOSTS.has(parsed.hostname));
}
