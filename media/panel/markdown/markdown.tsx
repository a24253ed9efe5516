import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { IconButton } from '../parts/button.tsx';
import { memo } from '../parts/memo.ts';
import { t } from '../texts.ts';
import { blockHtml, blocksOf, isCode, type Block } from './to-html.ts';
import { sanitise } from './sanitise.ts';

/**
 * A Markdown text. Renders by pieces, so that a growing text touches only its last one: what is selected stays
 * selected and nothing flickers.
 */
export function Markdown({ text }: { text: string }): VNode {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <div class="markdown">
      {blocks.map((block, index) => (
        <Piece key={index} block={block} />
      ))}
    </div>
  );
}

const Piece = memo(
  ({ block }: { block: Block }) =>
    isCode(block) ? (
      <CodeBlock text={block.text} language={block.lang ?? ''} />
    ) : (
      <div class="markdown-piece" dangerouslySetInnerHTML={{ __html: sanitise(blockHtml(block)) }} />
    ),
  (before, after) => before.block.raw === after.block.raw && before.block.type === after.block.type,
);

/** Milliseconds that "Copied" stays. */
const COPIED_MS = 1500;

function CodeBlock({ text, language }: { text: string; language: string }): VNode {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <div class="code-block">
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} aria-label={language === '' ? t('Code') : t('Code, {0}', language)}>
        <code>{text}</code>
      </pre>
      <div class="code-block-copy">
        <IconButton
          icon={copied ? 'check' : 'copy'}
          label={copied ? t('Copied') : t('Copy')}
          onClick={() => void copy().catch(() => setCopied(false))}
        />
      </div>
    </div>
  );
}
