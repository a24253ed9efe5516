/** Tells at the terminal what the doctor found. */
import type { Facts } from '../core/doctor/facts.ts';
import { isIll } from '../core/doctor/finding.ts';
import { judge } from '../core/doctor/judge.ts';
import { asText } from '../core/doctor/report.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import type { Console } from './session.ts';

/** Exit code: 0 where runs can start, 1 where something stands in the way. */
export function tellFindings(facts: Facts, console: Console, json: boolean): number {
  const findings = judge(facts);
  if (json) for (const finding of findings) console.line(JSON.stringify(finding));
  else console.say(plainText(asText(findings)));
  return isIll(findings) ? 1 : 0;
}
