/** A log of plain lines: time, level, message. */
import type { Log } from '../core/ports.ts';

/** Anything that takes text: a stream, an output channel. */
export interface TextSink {
  write(text: string): unknown;
}

/** One line an entry; line ends and control characters inside a message cannot forge another entry. */
export function createNodeLog(sink: TextSink, now: () => number = Date.now): Log {
  const entry = (level: string) => (message: string) => {
    const line = message
      .replace(/\r?\n/gu, '\n  ')
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, '\ufffd');
    sink.write(`${new Date(now()).toISOString()} ${level} ${line}\n`);
  };
  return { info: entry('info'), warn: entry('warn'), error: entry('error') };
}
