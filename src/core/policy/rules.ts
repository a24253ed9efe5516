/** Rules as people state them, held against a deed. */
import picomatch from 'picomatch';
import type { PolicyRule } from '../../protocol/policy.ts';

/** What a rule may name of a deed. */
export interface RuleSubject {
  readonly role: string;
  readonly tool: string;
  /** Confined path, for tools that name one. */
  readonly path?: string | undefined;
  /** One simple command in its canonical spelling. */
  readonly command?: string | undefined;
  /** Host that is reached, lower case. */
  readonly domain?: string | undefined;
}

/** True where everything that the rule names fits. */
export function fits(rule: PolicyRule, subject: RuleSubject): boolean {
  return (
    (rule.role === undefined || matches(rule.role, subject.role)) &&
    (rule.tool === undefined || matches(rule.tool, subject.tool)) &&
    (rule.path === undefined || (subject.path !== undefined && fitsPath(rule, rule.path, subject.path))) &&
    (rule.command === undefined ||
      (subject.command !== undefined && fitsCommand(rule, rule.command, subject.command))) &&
    (rule.domain === undefined || (subject.domain !== undefined && fitsDomain(rule.domain, subject.domain)))
  );
}

function fitsPath({ exact, decision }: PolicyRule, pattern: string, path: string): boolean {
  if (exact) return pattern === path;
  // What refuses or asks counts for every spelling that some file system takes for the same name.
  const nocase = decision !== 'allow';
  return picomatch.isMatch(path, [pattern, `${pattern.replace(/\/+$/u, '')}/**`], { dot: true, nocase });
}

function fitsCommand({ exact }: PolicyRule, pattern: string, command: string): boolean {
  return exact ? pattern === command : matches(pattern, command);
}

/** "*" stands for anything; a last " *" also for nothing. */
function matches(pattern: string, text: string): boolean {
  const open = pattern.endsWith(' *');
  const body = (open ? pattern.slice(0, -2) : pattern)
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  return new RegExp(`^${body.join('[\\s\\S]*')}${open ? '(?: [\\s\\S]*)?' : ''}$`, 'u').test(text);
}

/** "*.example.com" is the host and all below it; a suffix alone is not enough. */
function fitsDomain(pattern: string, domain: string): boolean {
  const wanted = pattern.toLowerCase().replace(/\.$/u, '');
  const host = domain.toLowerCase().replace(/\.$/u, '');
  if (wanted === '*') return true;
  if (!wanted.startsWith('*.')) return host === wanted;
  return host === wanted.slice(2) || host.endsWith(wanted.slice(1));
}
