/** What a person writes about the web, checked. */
import { problemOfDomain } from '../policy/urls.ts';
import { WebSettings } from '../../protocol/tool-settings.ts';

/** The settings, or what is wrong with them in words. */
export function readWebSettings(
  domains: readonly string[],
  search: string | undefined,
): { readonly ok: true; readonly web: WebSettings } | { readonly ok: false; readonly why: string } {
  const bad = domains.flatMap((domain) => problemOfDomain(domain) ?? []);
  const [why = search === undefined ? undefined : problemOfSearch(search)] = bad;
  if (why !== undefined) return { ok: false, why };
  const web = WebSettings.safeParse({ domains, ...(search !== undefined && { search }) });
  return web.success
    ? { ok: true, web: web.data }
    : { ok: false, why: web.error.issues[0]?.message ?? 'unknown problem' };
}

function problemOfSearch(template: string): string | undefined {
  const url = URL.parse(template.replaceAll('{query}', 'x'));
  if (!template.includes('{query}')) return 'the address of the search service has no {query} in it';
  if (!url || !/^https?:$/u.test(url.protocol) || url.username !== '' || url.password !== '')
    return 'the search service takes an address of http or https without user and password';
  return url.origin.includes('{') ? 'the query is no part of the host' : undefined;
}
