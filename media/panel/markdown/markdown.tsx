import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { memo } from '../parts/memo.ts';
import { CodeBlock } from './code-block.tsx';
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
