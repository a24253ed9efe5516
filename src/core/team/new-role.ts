/** The text that a new role file begins with. */
import { changesFiles } from './role-file.ts';

/** What is known of a role before its file is written. */
export interface NewRole {
  readonly name: string;
  readonly description: string;
  readonly when?: string | undefined;
  readonly tools: readonly string[];
  /** What it is told. */
  readonly prompt?: string | undefined;
}

/** What a role can do at first: read and change files, and run the tests. */
export const USUAL_TOOLS = [
  'read_file',
  'list_files',
  'search_text',
  'read_more',
  'edit_file',
  'write_file',
  'run_tests',
] as const;

/** A role file. What is said of the role is written as JSON strings, which YAML reads as they are. */
export function roleFileText({ name, description, when, tools, prompt }: NewRole): string {
  return `---
name: ${name}
description: ${JSON.stringify(description)}
${when === undefined ? '# when: "when the planner should choose it"\n' : `when: ${JSON.stringify(when)}\n`}tools: [${tools.join(', ')}]
# model: id of an endpoint
# limits:
#   turns: 20
---

${
  prompt ??
  `You are good at one thing: ${description}.

- Look before you ${changesFiles(tools) ? 'change anything, and change nothing that the task does not need' : 'answer, and say so where the code does not tell'}.
`
}`;
}
