/** A role is data: a Markdown file whose front matter says what it may do and whose text is its prompt. */
import { parse } from 'yaml';
import * as z from 'zod';
import { FIRST_VERSION } from '../../protocol/registry.ts';
import { PortError } from '../ports.ts';

/** Up to three whole numbers with points. */
export const ROLE_VERSION = /^\d{1,6}(?:\.\d{1,6}){0,2}$/;

/** The front matter of a role file. */
const RoleHeader = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name is of a-z, 0-9 and "-"'),
  description: z.string().min(1).max(300),
  /** Raised by hand when what the role does is another: plans may require it (`role:name@1.2`). */
  version: z.string().regex(ROLE_VERSION).default(FIRST_VERSION),
  /** Tools by name, but for the submit tools. */
  tools: z.array(z.string()),
  /** The submit tools that may end its work. */
  submit: z.array(z.string()).min(1),
  /** Model replies per attempt; absent: the run's limit. */
  turns: z.number().int().min(1).optional(),
});

/** What an agent is. */
export type Role = z.infer<typeof RoleHeader> & {
  readonly prompt: string;
  /** Ids of the endpoints that it asks, where the settings name none for it. */
  readonly model?: readonly string[];
};

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/;

/** Reads a role file. `source` names it in errors. Errors: `role.invalid`. */
export function parseRole(text: string, source: string): Role {
  const parts = FRONT_MATTER.exec(text);
  if (!parts) throw invalid(source, 'it has no front matter between "---" lines');
  const header = RoleHeader.safeParse(yamlOf(parts[1] ?? '', source));
  if (header.success) return { ...header.data, prompt: (parts[2] ?? '').trim() };
  throw invalid(
    source,
    header.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
  );
}

function yamlOf(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(source, error instanceof Error ? error.message : String(error));
  }
}

function invalid(source: string, why: string): PortError {
  return new PortError('role.invalid', `The role file ${source} cannot be used: ${why}.`, {
    advice: 'Mend the front matter: name, description, tools, submit.',
  });
}
