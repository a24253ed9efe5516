/** Text whose signs all show: what could hide, reorder or colour it is written out. */
import { t } from '../texts.ts';

// Terminal sequences: CSI, OSC up to its end, and single-character escapes.
const TERMINAL = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

// Controls but line feed and tab, zero-width signs, bidirectional controls, line separators, invisible tags.
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff]|\udb40[\udc00-\udc7f]/g;

const BLANKS = / {24,}|\n{6,}/g;

/** `text` without terminal colours, with hidden signs as `⟨U+202E⟩` and long gaps as `⟨400 blanks⟩`. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(TERMINAL, '')
    .replace(
      HIDDEN,
      (sign) => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    )
    .replace(BLANKS, (gap) =>
      gap.startsWith(' ') ? t('⟨{0} blanks⟩', gap.length) : t('⟨{0} empty lines⟩', gap.length),
    );
}
