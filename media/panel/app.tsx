import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, IconButton } from './parts/button.tsx';
import { Guard } from './parts/guard.tsx';
import { Icon } from './icons.tsx';
import { usePanel } from './parts/use-panel.ts';
import { t } from './texts.ts';
import { RunPage } from './run/run-page.tsx';
import { StartPage } from './start/start-page.tsx';

/** Milliseconds without any word of the editor before the page says that it waits. */
const PATIENCE_MS = 500;

/** The whole page: a run, or where one starts. */
export function App(): VNode {
  const { view, context, announcement } = usePanel();
  const open = view.value;
  const known = open !== undefined || context.value !== undefined;
  return (
    <>
      <HelpButton />
      <Guard>{known ? open ? <RunPage key={open.id} /> : <StartPage /> : <Waiting />}</Guard>
      <ErrorBar />
      <div class="unseen" role="status">
        {announcement.value}
      </div>
    </>
  );
}

/** First of all that takes the focus, and to be seen while it has it. */
function HelpButton(): VNode {
  const { post } = usePanel();
  return (
    <div class="skip">
      <Button kind="primary" testid="access-help" onClick={() => post({ type: 'help.show' })}>
        {t('Accessibility Help')}
      </Button>
    </div>
  );
}

function Waiting(): VNode | null {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return late ? <p class="waiting">{t('Waiting for the editor…')}</p> : null;
}

function ErrorBar(): VNode | null {
  const { error, dismissError, post } = usePanel();
  if (error.value === undefined) return null;
  return (
    <div class="error-bar" role="alert" data-testid="error">
      <Icon name="error" />
      <div class="error-body">
        <p class="error-text">{error.value}</p>
        <Button kind="link" onClick={() => post({ type: 'log.show' })}>
          {t('Show Log')}
        </Button>
      </div>
      <IconButton icon="close" label={t('Dismiss')} onClick={dismissError} />
    </div>
  );
}
