import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { usePanel } from '../parts/use-panel.ts';
import type { Panel } from '../panel.ts';
import { bytes } from '../state/format.ts';
import { isDroppable, takeFiles, urisIn } from '../state/given.ts';
import { t } from '../texts.ts';

interface TakesFiles {
  readonly onPaste: (event: ClipboardEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDragLeave: (event: DragEvent) => void;
  /** Something that may be dropped here is dragged over it. */
  readonly 'data-over': boolean | undefined;
}

/** Handlers for what is pasted or dropped on the box. Text goes its usual way; files of the project become mentions. */
export function useGiving({ given, giveProblem, post, give }: Panel): TakesFiles {
  const [over, setOver] = useState(false);
  const take = (event: Event, files: readonly File[]): void => {
    event.preventDefault();
    void takeFiles(given.value, files).then((taken) => {
      give(taken.given);
      giveProblem.value = taken.problem;
    });
  };
  return {
    'data-over': over || undefined,
    onPaste: (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) take(event, files);
    },
    onDrop: (event) => {
      setOver(false);
      const uris = event.dataTransfer ? urisIn(event.dataTransfer) : [];
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) take(event, files);
      else if (uris.length > 0) {
        event.preventDefault();
        post({ type: 'places.drop', uris: [...uris] });
      }
    },
    onDragOver: (event) => {
      if (!event.dataTransfer || !isDroppable(event.dataTransfer)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: ({ currentTarget, relatedTarget }) => {
      const box = currentTarget instanceof Node ? currentTarget : undefined;
      if (!(relatedTarget instanceof Node && box?.contains(relatedTarget) === true)) setOver(false);
    },
  };
}

/** What goes with the goal, each with a button that takes it away; and why the last was not taken. */
export function GoalGiven(): VNode | null {
  const { given, giveProblem, give } = usePanel();
  const { images, files } = given.value;
  const problem = giveProblem.value;
  if (images.length + files.length === 0 && problem === undefined) return null;
  const without = <T,>(all: readonly T[], one: T): readonly T[] => all.filter((each) => each !== one);
  return (
    <div class="goal-images" data-testid="goal-images">
      {images.map((image, at) => (
        <Item
          key={`image ${at} ${image.name}`}
          name={image.name}
          testid="goal-image"
          onRemove={() => give({ files, images: without(images, image) })}
        >
          <img src={`data:${image.mime};base64,${image.base64}`} alt="" />
        </Item>
      ))}
      {files.map((file, at) => (
        <Item
          key={`file ${at} ${file.name}`}
          name={file.name}
          testid="goal-file"
          detail={bytes(file.text.length)}
          onRemove={() => give({ images, files: without(files, file) })}
        >
          <Icon name="file" />
        </Item>
      ))}
      {problem !== undefined && (
        <span class="goal-image-problem" role="alert" data-testid="goal-image-problem">
          {problem}
        </span>
      )}
    </div>
  );
}

interface ItemProps {
  readonly name: string;
  readonly testid: string;
  readonly detail?: string;
  readonly onRemove: () => void;
  readonly children: ComponentChildren;
}

function Item({ name, testid, detail, onRemove, children }: ItemProps): VNode {
  const { giveProblem } = usePanel();
  return (
    <span class="goal-image" data-testid={testid}>
      {children}
      <span class="goal-image-name" title={name}>
        {name}
      </span>
      {detail !== undefined && <span class="dim">{detail}</span>}
      <button
        type="button"
        class="goal-image-remove"
        data-testid={`${testid}-remove`}
        aria-label={t('Remove {0}', name)}
        title={t('Remove {0}', name)}
        onClick={() => {
          giveProblem.value = undefined;
          onRemove();
        }}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}
