/** Rules told to people: apart from what holds them against deeds, since a door tells of rules before anything is judged. */
import type { PolicyRule } from '../../protocol/policy.ts';

/** A rule in one line, for people. */
export function ruleText(rule: PolicyRule): string {
  const named = (['role', 'tool', 'path', 'command', 'domain'] as const).flatMap((name) =>
    rule[name] === undefined ? [] : [`${name} ${rule[name]}`],
  );
  return `${rule.decision} ${named.join(', ')}`;
}
