/** Text of programs and models without anything that steers a terminal or hides from the eye. */

/**
 * CSI, OSC, DCS, PM, APC and SOS sequences, in both spellings, and what is left of one that was cut. One that is begun by a single
 * character holds no other such, or a row of them would be looked at from each anew.
 */
const SEQUENCES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)|(?:\u001b[\]PX^_][^\u0007\u001b\u009c]*|[\u0090\u0098\u009d-\u009f][^\u0007\u001b\u0090\u0098\u009c-\u009f]*)(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*(?:[0-~]|$)/gu;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Characters without width by which text is hidden; joiners stay, as scripts and pictures are written with them. */
const UNSEEN = /[\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
const LINE_ENDS = /[\u2028\u2029]/gu;

/**
 * The text as a reader sees it: no escape sequences, no control characters but tab and line end, no characters that change
 * the direction of writing. A line that was overwritten by carriage returns reads as what was written last.
 */
export function plainText(text: string): string {
  return writtenLast(text.replace(SEQUENCES, ''))
    .replace(LINE_ENDS, '\n')
    .replace(CONTROL, '')
    .replace(DIRECTION, '')
    .replace(UNSEEN, '');
}

/** The text without what carriage returns overwrote. No pattern: it would look at a long line from each of its characters anew. */
function writtenLast(text: string): string {
  if (!text.includes('\r')) return text;
  const lines = text.split('\n');
  const last = lines.length - 1;
  return lines.map((line, at) => lastOf(at < last ? withoutEnd(line) : line)).join('\n');
}

/** What stands after the last carriage return that something follows. */
const lastOf = (line: string): string =>
  line.slice(line.lastIndexOf('\r', line.length - 2) + 1).replaceAll('\r', '');

/** A line without the carriage returns that belong to its end. */
function withoutEnd(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(0, end);
}

/** The text with colours and cursor moves kept, and all that could forge a title, a link or an exit code removed. */
export function colouredText(text: string): string {
  return text
    .replace(SEQUENCES, (sequence) => (/^\u001b\[[0-9;:]*m$/u.test(sequence) ? sequence : ''))
    .replace(/[\u0000-\u0007\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/gu, '')
    .replace(LINE_ENDS, '\n')
    .replace(DIRECTION, '')
    .replace(UNSEEN, '');
}
