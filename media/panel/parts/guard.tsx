import { Component, type ComponentChildren } from 'preact';
import { t } from '../texts.ts';

interface GuardProps {
  readonly children: ComponentChildren;
}

/**
 * Keeps the rest of the page alive when a part cannot be drawn, as with a run that another version wrote: the part
 * says so in its place. It is tried again when it is given something new.
 */
export class Guard extends Component<GuardProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentWillReceiveProps(): void {
    if (this.state.failed) this.setState({ failed: false });
  }

  override render(): ComponentChildren {
    if (!this.state.failed) return this.props.children;
    return (
      <p class="feed-note" role="note" data-testid="cannot-show">
        {t('This part cannot be shown. A newer version of Quartet may have written it.')}
      </p>
    );
  }
}
