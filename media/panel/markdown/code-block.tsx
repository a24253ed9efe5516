import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { IconButton } from '../parts/button.tsx';
import { t } from '../texts.ts';
import { knownColours, whenStill } from './colour.ts';

/** Code as it is, in the colours of its language where that is known, with a button that copies it. */
export function CodeBlock({ text, language }: { text: string; language: string }): VNode {
  const html = useColours(text, language);
  return (
    <Copyable text={text} label={language === '' ? t('Code') : t('Code, {0}', language)}>
      {html === undefined ? (
        <code key="plain">{text}</code>
      ) : (
        <code key="coloured" dangerouslySetInnerHTML={{ __html: html }} />
      )}
    </Copyable>
  );
}

function useColours(text: string, language: string): string | undefined {
  const name = language.trim().split(/\s/u)[0]?.toLowerCase() ?? '';
  const [found, setFound] = useState<{ readonly text: string; readonly html: string }>();
  const known = found?.text === text ? found.html : knownColours(text, name);
  useEffect(
    () => (known === undefined ? whenStill(text, name, (html) => setFound({ text, html })) : undefined),
    [text, name],
  );
  return known;
}

/** Milliseconds that "Copied" stays. */
const COPIED_MS = 1500;

interface CopyableProps {
  /** What is copied. */
  readonly text: string;
  /** What a screen reader calls it. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Text as it is, with a button that copies it. */
export function Copyable({ text, label, children }: CopyableProps): VNode {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <div class="code-block">
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} aria-label={label}>
        {children}
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
