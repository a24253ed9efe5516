import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { IconName } from '../icons.tsx';
import { Icon } from '../icons.tsx';
import { Button, IconButton } from '../parts/button.tsx';
import { GrowText, isEnter } from '../parts/grow-text.tsx';
import { comboAria, OfferList } from '../parts/offer.tsx';
import { usePanel } from '../parts/use-panel.ts';
import type { StartMode } from '../state/drafts.ts';
import { t } from '../texts.ts';
import { AutonomyPicker } from './autonomy.tsx';
import { GoalGiven, useGiving } from './goal-given.tsx';
import { ModelPicker } from './model-picker.tsx';
import { useHistory } from './use-history.ts';
import { useMentions } from './use-mentions.ts';

interface ModeLook {
  readonly mode: StartMode;
  readonly icon: IconName;
  readonly label: string;
  /** What the mode is in full, for the tooltip. */
  readonly title: string;
  readonly action: string;
  readonly hint: string;
}

const MODES: readonly ModeLook[] = [
  {
    mode: 'team',
    icon: 'team',
    label: t('Team'),
    title: t('Run with the team'),
    action: t('Run'),
    hint: t('A plan you approve, tasks in parallel, tests and a review before you see the diff.'),
  },
  {
    mode: 'quick',
    icon: 'bolt',
    label: t('Quick edit'),
    title: t('Quick edit'),
    action: t('Run'),
    hint: t('One coder, no plan and no model review. Your tests still decide.'),
  },
  {
    mode: 'ask',
    icon: 'ask',
    label: t('Ask'),
    title: t('Ask the team'),
    action: t('Ask'),
    hint: t('An answer with the places it rests on. Nothing is changed.'),
  },
];

const lookOf = (mode: StartMode): ModeLook =>
  MODES.find((each) => each.mode === mode) ?? (MODES[0] as ModeLook);

const placeholderOf = (mode: StartMode): string =>
  mode === 'ask'
    ? t('Ask about this project… # names files, @ roles')
    : t('Describe the change you want… # names files, @ roles');

const LIST = 'goal-mentions';

/** Longest goal, in characters; a limit of the protocol. */
const GOAL_MAX = 50_000;

const RUN_KEYS = /mac/i.test(navigator.userAgent) ? '⌘⏎' : 'Ctrl+⏎';

/** The box a goal is written in, with its mode and the button that runs it. Ctrl+Enter or Cmd+Enter runs, too. */
export function GoalBox(): VNode {
  const panel = usePanel();
  const { drafts, context, starting, start } = panel;
  const giving = useGiving(panel);
  const { goal, mode } = drafts.value;
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  const [caret, setCaret] = useState(0);
  const write = (text: string, at: number): void => {
    drafts.value = { ...drafts.value, goal: text };
    setCaret(at);
  };
  const put = (text: string, at: number): void => {
    // At once, so that whoever types on types there.
    if (input.current) {
      input.current.value = text;
      input.current.setSelectionRange(at, at);
    }
    write(text, at);
  };
  const mentions = useMentions(goal, caret, put);
  const history = useHistory(input, put);

  const world = context.value;
  const ready = world?.model !== undefined && world.obstacle === undefined && !starting.value;
  const runnable = ready && goal.trim() !== '';
  const run = (): void => {
    if (runnable) start({ goal: goal.trim(), mode, demo: world.demoOnly });
  };
  return (
    <div class="composer" {...giving}>
      <div class="goal-text">
        <GrowText
          value={goal}
          label={t('Goal')}
          combo={comboAria(mentions, LIST)}
          placeholder={placeholderOf(mode)}
          testid="goal-input"
          maxLength={GOAL_MAX}
          rows={3}
          inputRef={input}
          onInput={(text, at) => {
            write(text, at);
            history.leave();
            mentions.look();
          }}
          onKeyDown={(event) => {
            if (mentions.key(event) || history.key(event)) return;
            if (!isEnter(event) || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            run();
          }}
        />
        <OfferList offer={mentions} label={t('Mentions')} id={LIST}>
          {({ label, detail }) => (
            <>
              <span class="offer-label">{label}</span>
              <span class="dim">{detail}</span>
            </>
          )}
        </OfferList>
      </div>
      <GoalGiven />
      <Bar runnable={runnable} run={run} />
      <p class="composer-hint">{lookOf(mode).hint}</p>
      <Pickers />
    </div>
  );
}

/** Who answers, and how much is done without asking. */
function Pickers(): VNode {
  return (
    <div class="pickers">
      <ModelPicker />
      <AutonomyPicker />
    </div>
  );
}

/** With whom, and the button that runs it. */
function Bar({ runnable, run }: { runnable: boolean; run: () => void }): VNode {
  const { drafts, starting, post } = usePanel();
  const { mode } = drafts.value;
  const look = lookOf(mode);
  return (
    <div class="composer-bar">
      <ModePicker mode={mode} onPick={(picked) => (drafts.value = { ...drafts.value, mode: picked })} />
      <span class="composer-end">
        <IconButton
          icon="attach"
          label={t('Add files to the goal: images, texts, or what is in the project')}
          testid="choose-files"
          onClick={() => post({ type: 'files.choose' })}
        />
        <Button
          kind="primary"
          icon={starting.value ? undefined : 'play'}
          testid="run-button"
          title={t('{0} ({1})', look.title, RUN_KEYS)}
          disabled={!runnable}
          onClick={run}
        >
          {starting.value ? t('Starting…') : look.action}
        </Button>
      </span>
    </div>
  );
}

function ModePicker({ mode, onPick }: { mode: StartMode; onPick: (mode: StartMode) => void }): VNode {
  return (
    <div class="segments" role="radiogroup" aria-label={t('Who works on it')}>
      {MODES.map((each) => (
        <label key={each.mode} class="segment" data-testid={`mode-${each.mode}`} title={each.title}>
          <input
            type="radio"
            class="unseen"
            name="mode"
            checked={each.mode === mode}
            onChange={() => onPick(each.mode)}
          />
          <Icon name={each.icon} />
          <span>{each.label}</span>
        </label>
      ))}
    </div>
  );
}
