/**
 * Which web addresses an agent may ask for. An address is taken only in the plainest spelling, so that everything that reads it later
 * reads the same; where its name leads to is the business of the port that connects.
 */

export type JudgedUrl =
  | { readonly ok: true; /** Canonical, without fragment. */ readonly url: string; readonly host: string }
  | { readonly ok: false; readonly why: string };

const URL_CHARS_MAX = 2000;
const AUTHORITY = /^(https?):\/\/([A-Za-z0-9.-]+)(?::(\d{1,5}))?(?=[/?#]|$)/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;
/** Names that lead to this machine or network by agreement. */
const LOCAL =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|onion|test|invalid)$/u;

const refused = (why: string): JudgedUrl => ({ ok: false, why });

/** The address in one spelling where one of the `domains` allows it, or why it is refused. */
export function judgeUrl(text: string, domains: readonly string[]): JudgedUrl {
  if (text.length > URL_CHARS_MAX)
    return refused(`an address has at most ${String(URL_CHARS_MAX)} characters`);
  if (/[^\u0021-\u007e]/u.test(text))
    return refused('write blanks and letters beyond ASCII in an address percent-encoded');
  if (text.includes('\\')) return refused('an address has no "\\"');
  const [, scheme = '', name = '', port] = AUTHORITY.exec(text) ?? [];
  if (scheme === '')
    return refused('only addresses such as https://example.com/page are taken, without user or password');
  const host = name.toLowerCase();
  const bad = refuseHost(host);
  if (bad !== undefined) return refused(bad);
  const url = URL.parse(text);
  if (url?.hostname !== host) return refused('the host is not written plainly');
  const asked = { scheme, host, port: Number(port ?? (scheme === 'https' ? 443 : 80)) };
  if (!domains.some((domain) => allows(domain, asked)))
    return refused(
      `${scheme}://${url.host} is not on the list of hosts that may be reached (quartet.web.domains)`,
    );
  url.hash = '';
  return { ok: true, url: url.href, host: url.host };
}

function refuseHost(host: string): string | undefined {
  const labels = host.split('.');
  if (host.length > 253 || !labels.every((label) => LABEL.test(label))) return `"${host}" is no host name`;
  if (/^(?:\d+|0x[0-9a-f]*)$/u.test(labels.at(-1) ?? '')) return 'name a host, not a network address';
  if (labels.length < 2 || LOCAL.test(host)) return `${host} is a name of this machine or network`;
  return undefined;
}

interface Asked {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

const DOMAIN = /^(?:(https?):\/\/)?(\*\.)?([a-z0-9.-]+)(?::(\d{1,5}))?$/u;

/** `*.host` stands for names below it, not for itself. A name written in another alphabet is allowed by its own full name only. */
function allows(domain: string, { scheme, host, port }: Asked): boolean {
  const [, wantedScheme = 'https', below, name = '', wantedPort] =
    DOMAIN.exec(domain.trim().toLowerCase()) ?? [];
  if (refuseHost(name) !== undefined || scheme !== wantedScheme) return false;
  if (port !== Number(wantedPort ?? (scheme === 'https' ? 443 : 80))) return false;
  if (below === undefined) return host === name;
  return host.endsWith(`.${name}`) && !/(?:^|\.)xn--/u.test(host.slice(0, -name.length));
}

/** What is wrong with an entry of the list, for whoever wrote it; undefined where it is fine. */
export function problemOfDomain(domain: string): string | undefined {
  const [, , , name] = DOMAIN.exec(domain.trim().toLowerCase()) ?? [];
  if (name === undefined)
    return `"${domain}" is not of the form example.com, *.example.com or http://example.com:8080`;
  return refuseHost(name);
}
