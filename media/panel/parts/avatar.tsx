import type { VNode } from 'preact';
import { Icon, type IconName } from '../icons.tsx';
import { roleName, roleOf } from '../state/names.ts';
import { own } from '../state/own.ts';

type Hue = 'blue' | 'purple' | 'green' | 'yellow' | 'cyan' | 'magenta' | 'plain';

interface Look {
  readonly icon: IconName;
  readonly hue: Hue;
}

const LOOKS: Readonly<Record<string, Look>> = {
  planner: { icon: 'compass', hue: 'blue' },
  coder: { icon: 'code', hue: 'purple' },
  qa: { icon: 'beaker', hue: 'green' },
  reviewer: { icon: 'eye', hue: 'yellow' },
  researcher: { icon: 'search', hue: 'cyan' },
  documenter: { icon: 'book', hue: 'magenta' },
  synthesizer: { icon: 'quill', hue: 'blue' },
  person: { icon: 'person', hue: 'plain' },
  user: { icon: 'person', hue: 'plain' },
  team: { icon: 'team', hue: 'plain' },
  host: { icon: 'team', hue: 'plain' },
};

const HUES: readonly Hue[] = ['blue', 'purple', 'green', 'yellow', 'cyan', 'magenta'];

function ownHue(role: string): Hue {
  const sum = Array.from(role).reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return HUES[sum % HUES.length] ?? 'plain';
}

/** The face of a role: its icon, or the first letter of a role of the person's own. Decoration beside the name. */
export function Avatar({ name }: { name: string }): VNode {
  const role = roleOf(name);
  const look = own(LOOKS, role);
  return (
    <span class="avatar" data-hue={look?.hue ?? ownHue(role)} aria-hidden="true">
      {look ? <Icon name={look.icon} /> : roleName(role).charAt(0)}
    </span>
  );
}
