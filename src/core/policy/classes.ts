/** How far a text may travel: what everybody may read, what belongs to the project, and what comes from where keys are kept. */
import type { Endpoint, TextClass } from '../../protocol/settings.ts';
import { protectedPath } from './protected.ts';

const ORDER: readonly TextClass[] = ['public', 'internal', 'secret'];
/** What an endpoint may get that says nothing about it: reading a place of keys is asked for by itself. */
const UNSAID: TextClass = 'secret';

export const widest = (a: TextClass, b: TextClass): TextClass =>
  ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;

/** True where the endpoint may be told text of that class. */
export const mayGet = ({ classesMax = UNSAID }: Endpoint, of: TextClass): boolean =>
  ORDER.indexOf(of) <= ORDER.indexOf(classesMax);

const isSecret = (path: string): boolean => protectedPath(path)?.class === 'secret';

/** Of what a call reads: by the paths that it names, and the words of its command or program. */
export function classOf(subject: {
  readonly paths?: readonly string[];
  readonly command?: string;
  readonly code?: { readonly text: string };
}): TextClass {
  const words = `${subject.command ?? ''} ${subject.code?.text ?? ''}`.split(/[\s"'`=;|&<>()]+/u);
  return [...(subject.paths ?? []), ...words].some((path) => path !== '' && isSecret(path))
    ? 'secret'
    : 'internal';
}
