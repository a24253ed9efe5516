import { signal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { GoalImage } from '../../../src/protocol/images.ts';
import { Icon } from '../icons.tsx';
import { takeImages } from '../state/images.ts';
import { t } from '../texts.ts';

type Images = Signal<readonly GoalImage[]>;

/** Why the last image was not taken. */
const problem = signal<string | undefined>(undefined);

interface TakesImages {
  readonly onPaste: (event: ClipboardEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
  readonly onDragOver: (event: DragEvent) => void;
}

/** Handlers for what is pasted or dropped on the box. Text goes its usual way. */
export function takesImages(images: Images): TakesImages {
  const take = (event: Event, data: DataTransfer | null): void => {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void takeImages(images.value, files)
      .then((taken) => {
        images.value = taken.images;
        problem.value = taken.problem;
      })
      .catch(() => (problem.value = t('The image cannot be read.')));
  };
  return {
    onPaste: (event) => take(event, event.clipboardData),
    onDrop: (event) => take(event, event.dataTransfer),
    onDragOver: (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    },
  };
}

/** The images of the goal, each with a button that takes it away. */
export function GoalImages({ images }: { images: Images }): VNode | null {
  if (images.value.length === 0 && problem.value === undefined) return null;
  const remove = (at: number): void => {
    images.value = images.value.filter((_, index) => index !== at);
    problem.value = undefined;
  };
  return (
    <div class="goal-images" data-testid="goal-images">
      {images.value.map((image, at) => (
        <span key={`${at} ${image.name}`} class="goal-image" data-testid="goal-image">
          <img src={`data:${image.mime};base64,${image.base64}`} alt="" />
          <span class="goal-image-name" title={image.name}>
            {image.name}
          </span>
          <button
            type="button"
            class="goal-image-remove"
            data-testid="goal-image-remove"
            aria-label={t('Remove {0}', image.name)}
            title={t('Remove {0}', image.name)}
            onClick={() => remove(at)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {problem.value !== undefined && (
        <span class="goal-image-problem" role="alert" data-testid="goal-image-problem">
          {problem.value}
        </span>
      )}
    </div>
  );
}
