import type { ComponentChildren, VNode } from 'preact';
import { Icon, type IconName } from '../icons.tsx';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  /** `primary`: what most people want next. `link`: reads as text. */
  readonly kind?: 'primary' | 'secondary' | 'link';
  readonly icon?: IconName | undefined;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly testid?: string;
}

/** A button with words. */
export function Button({
  children,
  onClick,
  kind = 'secondary',
  icon,
  disabled,
  title,
  testid,
}: ButtonProps): VNode {
  return (
    <button
      type="button"
      class={`button button-${kind}`}
      data-testid={testid}
      disabled={disabled}
      title={title}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export interface IconButtonProps {
  readonly icon: IconName;
  /** What it does: its tooltip and what a screen reader says. */
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly testid?: string;
}

/** A button that is an icon. */
export function IconButton({ icon, label, onClick, disabled, pressed, testid }: IconButtonProps): VNode {
  return (
    <button
      type="button"
      class="icon-button"
      data-testid={testid}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
