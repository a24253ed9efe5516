import type { VNode } from 'preact';
import { CodeBlock, Copyable } from '../markdown/code-block.tsx';
import { editOf, writtenBy, type EditLine } from '../state/edits.ts';
import { t } from '../texts.ts';

const SIGNS = { same: ' ', gone: '-', new: '+', mark: '' } as const;

/** What a call wrote into a file: the lines that went and came, or the new text. Undefined where its arguments say it better. */
export function editShown(tool: string, args: string): VNode | undefined {
  const lines = editOf(tool, args);
  if (lines !== undefined) return <Difference lines={tool === 'apply_patch' ? lines : signed(lines)} />;
  const written = writtenBy(tool, args);
  return written && <CodeBlock text={written.text} language={written.language} />;
}

/** A patch has its signs already. */
const signed = (lines: readonly EditLine[]): readonly EditLine[] =>
  lines.map(({ kind, text }) => ({ kind, text: SIGNS[kind] + text }));

function Difference({ lines }: { lines: readonly EditLine[] }): VNode {
  return (
    <Copyable text={lines.map(({ text }) => text).join('\n')} label={t('What was changed')}>
      <code class="difference" data-testid="difference">
        {lines.map(({ kind, text }, index) => (
          <span key={index} class="difference-line" data-kind={kind}>
            {text}
            {'\n'}
          </span>
        ))}
      </code>
    </Copyable>
  );
}
