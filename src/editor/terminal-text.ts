/** Makes output of a stranger's program safe to show: text, line ends and colours pass, every other control is dropped. */

/** Longest unfinished escape sequence that is kept waiting for its end. */
const HELD_CHARS_MAX = 4096;

const ESC = '\u001b';
/** Colours and weights (SGR): the only sequence that passes. */
const COLOUR = /^\u001b\[[0-9;:]*m/;
/** CSI: parameters, intermediates, one final byte. */
const CSI = /^\u001b\[[0-?]*[ -/]*[@-~]/;
/** OSC, DCS, SOS, PM and APC run to BEL or ST. */
const STRING = /^\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)/;
/** Any other: intermediates and one final byte. */
const SHORT = /^\u001b[ -/]*[0-Z\\`-~]/;
/** C0 but tab and line ends, DEL, C1, and controls that reorder or hide text. */
const CONTROLS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

const isUnfinished = (rest: string) => {
  if (rest.length > HELD_CHARS_MAX) return false;
  if (rest.length === 1) return true;
  if (/^\u001b[\]PX^_]/.test(rest)) return !/[\u0007]|\u001b\\/.test(rest.slice(2));
  return /^\u001b(?:\[[0-?]*[ -/]*|[ -/]+)$/.test(rest);
};

const plain = (text: string) => text.replace(CONTROLS, '').replace(/\r?\n/g, '\r\n');

/** Splits at the first escape: what it yields, and where to go on. */
function escape(rest: string): { readonly shown: string; readonly length: number } {
  const colour = COLOUR.exec(rest)?.[0];
  if (colour !== undefined) return { shown: colour, length: colour.length };
  const dropped = (STRING.exec(rest) ?? CSI.exec(rest) ?? SHORT.exec(rest))?.[0];
  return { shown: '', length: dropped?.length ?? 1 };
}

/** A filter over pieces of one stream; sequences may be split between pieces. */
export function createTerminalFilter(): (piece: string) => string {
  let held = '';
  return (piece) => {
    let rest = held + piece;
    let shown = '';
    held = '';
    for (;;) {
      const at = rest.indexOf(ESC);
      if (at < 0) return shown + plain(rest);
      shown += plain(rest.slice(0, at));
      rest = rest.slice(at);
      if (isUnfinished(rest)) {
        held = rest;
        return shown;
      }
      const { shown: passed, length } = escape(rest);
      shown += passed;
      rest = rest.slice(length);
    }
  };
}
