import type { Ref, VNode } from 'preact';

export interface GrowTextProps {
  readonly value: string;
  readonly onInput: (value: string, caret: number) => void;
  readonly label: string;
  readonly placeholder?: string;
  readonly testid?: string;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly inputRef?: Ref<HTMLTextAreaElement>;
  readonly maxLength?: number;
  readonly disabled?: boolean;
  readonly rows?: number;
  readonly invalid?: boolean;
  /** For a box that a list completes: while it shows, its id and the id of the chosen entry. */
  readonly combo?: { readonly controls?: string; readonly active?: string };
}

/** A text box of several lines that grows with its text up to a limit of the style. */
export function GrowText(props: GrowTextProps): VNode {
  const { value, onInput, label, placeholder, testid, onKeyDown, inputRef } = props;
  return (
    <textarea
      class="grow-text"
      ref={inputRef ?? null}
      data-testid={testid}
      aria-label={label}
      aria-invalid={props.invalid}
      {...(props.combo && {
        'aria-autocomplete': 'list' as const,
        'aria-haspopup': 'listbox' as const,
        'aria-controls': props.combo.controls,
        'aria-activedescendant': props.combo.active,
      })}
      placeholder={placeholder}
      maxLength={props.maxLength}
      disabled={props.disabled}
      rows={props.rows ?? 1}
      spellcheck={false}
      value={value}
      onInput={({ currentTarget }) => onInput(currentTarget.value, currentTarget.selectionStart)}
      onKeyDown={onKeyDown}
    />
  );
}

/** Whether a key press is Enter that sends: not while an input method composes. */
export const isEnter = (event: KeyboardEvent): boolean => event.key === 'Enter' && !event.isComposing;
