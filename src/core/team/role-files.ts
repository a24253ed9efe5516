/** Role files beside one another: of those that have one name, the first is the role. Pure. */
import type { RoleText } from '../ports.ts';
import { readRoleFile, type RoleReading } from './role-file.ts';

/** A role file, and what it comes to among the others. */
export interface JudgedRole extends RoleText, RoleReading {
  /** The name that it gives itself, whether or not it is the role of that name; absent where it cannot be used by itself. */
  readonly name?: string;
  /** Where the role of that name is, if it is another. */
  readonly behind?: string;
}

/** `endpoints`: ids of those there are; absent where they are not known. */
export function judgeRoles(files: readonly RoleText[], endpoints?: readonly string[]): readonly JudgedRole[] {
  const first = new Map<string, string>();
  return files.map((file): JudgedRole => {
    if (file.unread !== undefined)
      return { ...file, problems: [{ line: 1, severity: 'error', message: file.unread }] };
    const { role, problems } = readRoleFile(file.text, { ...file, ...(endpoints && { endpoints }) });
    if (!role) return { ...file, problems };
    const { name } = role;
    const behind = first.get(name);
    if (behind === undefined) {
      first.set(name, file.path);
      return { ...file, name, role, problems };
    }
    const message = `${behind} has the name "${name}" too and is used instead: give one of them another name.`;
    return {
      ...file,
      name,
      behind,
      problems: [{ line: lineOfName(file.text), severity: 'error', message }, ...problems],
    };
  });
}

const lineOfName = (text: string): number =>
  Math.max(1, 1 + text.split('\n').findIndex((line) => /^["']?name["']?\s*:/u.test(line)));
