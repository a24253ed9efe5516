import type { VNode } from 'preact';
import type { RecordPart } from '../../../src/protocol/run-view.ts';
import type { IconName } from '../icons.tsx';
import { Button, IconButton } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';

interface OpenRecordProps {
  readonly seq: number;
  readonly part: RecordPart;
  readonly label: string;
  /** With one it is a small button; without, words. */
  readonly icon?: IconName;
}

/** Opens what the record holds of an entry, whole, in a text editor. */
export function OpenRecord({ seq, part, label, icon }: OpenRecordProps): VNode {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const open = (): void => post({ type: 'record.open', run, seq, part });
  if (icon) return <IconButton icon={icon} label={label} testid={`open-${part}`} onClick={open} />;
  return (
    <Button kind="link" testid={`open-${part}`} onClick={open}>
      {label}
    </Button>
  );
}
