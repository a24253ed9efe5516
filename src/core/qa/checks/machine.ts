/** Reads the machine formats that checks are asked for. Each is pure and takes what is not of its form for nothing. */
import * as z from 'zod';
import type { CheckFormat, Finding } from './check.ts';
import { objectsIn } from './objects.ts';

/** Paths are the program's. `undefined` where nothing of the format is in the output: it may have answered in words. */
export function readMachine(format: CheckFormat, output: string): readonly Finding[] | undefined {
  if (format === 'github') return workflowCommands(output);
  const objects = objectsIn(output);
  if (objects.length === 0) return isEmptyList(output) ? [] : undefined;
  return unique(READERS[format](objects));
}

const isEmptyList = (output: string): boolean => /^[ \t]{0,200}\[\s{0,200}\][ \t]{0,200}$/m.test(output);

/** One fault of a file that is built twice is one. */
function unique(told: readonly Finding[]): readonly Finding[] {
  const keys = new Set<string>();
  return told.filter(({ path, line, rule = '', message }) => {
    const key = `${path}\n${line}\n${rule}\n${message}`;
    return keys.has(key) ? false : keys.add(key);
  });
}

const rule = z.string().nullish();
const ruled = (name: string | null | undefined): { readonly rule?: string } => (name ? { rule: name } : {});
const warns = (isWarning: boolean): { readonly warning?: true } => (isWarning ? { warning: true } : {});

const EslintFile = z.object({
  filePath: z.string(),
  messages: z.array(
    z.object({ ruleId: rule, severity: z.number(), message: z.string(), line: z.number().nullish() }),
  ),
});

function eslint(objects: readonly unknown[]): readonly Finding[] {
  return parsed(EslintFile, objects).flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, severity, message, line }) => ({
      ...{ path: filePath, line: line ?? 1, message },
      ...ruled(ruleId),
      ...warns(severity < 2),
    })),
  );
}

const RuffFinding = z.object({
  code: rule,
  filename: z.string(),
  location: z.object({ row: z.number() }).nullish(),
  message: z.string(),
});

function ruff(objects: readonly unknown[]): readonly Finding[] {
  return parsed(RuffFinding, objects).map(({ code, filename, location, message }) => {
    return { path: filename, line: location?.row ?? 1, message, ...ruled(code) };
  });
}

const PyrightReport = z.object({
  generalDiagnostics: z.array(
    z.object({
      file: z.string(),
      severity: z.string(),
      message: z.string(),
      rule,
      range: z.object({ start: z.object({ line: z.number() }) }).nullish(),
    }),
  ),
});

/** Its lines begin at 0. */
function pyright(objects: readonly unknown[]): readonly Finding[] {
  return parsed(PyrightReport, objects).flatMap(({ generalDiagnostics }) =>
    generalDiagnostics.map(({ file, severity, message, rule: name, range }) => ({
      ...{ path: file, line: (range?.start.line ?? 0) + 1, message },
      ...ruled(name),
      ...warns(severity !== 'error'),
    })),
  );
}

const CargoMessage = z.object({
  reason: z.literal('compiler-message'),
  message: z.object({
    message: z.string(),
    level: z.string(),
    code: z.object({ code: z.string() }).nullish(),
    spans: z.array(z.object({ file_name: z.string(), line_start: z.number(), is_primary: z.boolean() })),
  }),
});

/** What has no place only counts what has. */
function cargo(objects: readonly unknown[]): readonly Finding[] {
  return parsed(CargoMessage, objects).flatMap(({ message: { message, level, code, spans } }) => {
    const span = spans.find(({ is_primary }) => is_primary) ?? spans[0];
    if (span === undefined) return [];
    const place = { path: span.file_name, line: span.line_start };
    return [{ ...place, message, ...ruled(code?.code), ...warns(!level.startsWith('error')) }];
  });
}

const StaticcheckFinding = z.object({
  code: z.string(),
  severity: z.string(),
  location: z.object({ file: z.string(), line: z.number() }),
  message: z.string(),
});

function staticcheck(objects: readonly unknown[]): readonly Finding[] {
  return parsed(StaticcheckFinding, objects).map(({ code, severity, location, message }) => ({
    ...{ path: location.file, line: location.line, rule: code, message },
    ...warns(severity !== 'error'),
  }));
}

const READERS: Readonly<
  Record<Exclude<CheckFormat, 'github'>, (objects: readonly unknown[]) => readonly Finding[]>
> = {
  eslint,
  ruff,
  pyright,
  cargo,
  staticcheck,
};

function parsed<T>(schema: z.ZodType<T>, objects: readonly unknown[]): readonly T[] {
  return objects.flatMap((object) => schema.safeParse(object).data ?? []);
}

const COMMAND = /^::(error|warning|notice)\s+(.*?)::(.*)$/;

/** `::error title=rule,file=a.ts,line=1::message`. */
function workflowCommands(output: string): readonly Finding[] | undefined {
  const found = output.split(/\r?\n/).flatMap((line): readonly Finding[] => {
    const [, level, words = '', message = ''] = COMMAND.exec(line) ?? [];
    const { file, line: at, title } = Object.fromEntries(words.split(',').map(pair));
    if (level === undefined || file === undefined) return [];
    const place = { path: unescaped(file), line: Number(at ?? 1) || 1 };
    return [
      {
        ...place,
        message: unescaped(message),
        ...ruled(title && unescaped(title)),
        ...warns(level !== 'error'),
      },
    ];
  });
  return found.length === 0 ? undefined : unique(found);
}

function pair(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at).trim(), word.slice(at + 1)];
}

function unescaped(text: string): string {
  return text
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
