import type { VNode } from 'preact';
import { placeText, splitPath } from '../state/places.ts';
import { t } from '../texts.ts';
import { usePanel } from './use-panel.ts';

/** A place in the project that opens in the editor. `line` is 1-based; absent or 0 opens the file. */
export function PlaceLink({ path, line }: { path: string; line?: number | undefined }): VNode {
  const { post } = usePanel();
  const at = line === undefined || line === 0 ? {} : { line };
  const whole = placeText(path, line);
  return (
    <button
      type="button"
      class="place"
      title={t('Open {0}', whole)}
      onClick={() => post({ type: 'file.open', path, ...at })}
    >
      <PathText path={path} />
      {'line' in at && <span class="place-line">:{at.line}</span>}
    </button>
  );
}

/** A path whose name is never cut off before its folder is. */
export function PathText({ path }: { path: string }): VNode {
  const { folder, name } = splitPath(path);
  return (
    <span class="path">
      {folder !== '' && <span class="path-folder">{folder}</span>}
      <span class="path-name">{name}</span>
    </span>
  );
}
