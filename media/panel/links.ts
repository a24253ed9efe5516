/** Where presses on links in texts go: to the editor, never anywhere by themselves. */
import type { PanelRequest } from '../../src/protocol/panel.ts';
import { isWebLink, parsePlace } from './state/places.ts';

/** Longest link that is handed on, in characters; a limit of the protocol. */
const URL_MAX = 4000;

/** Takes all presses on links under `root`: the web opens through the editor, a path opens as a file. */
export function catchLinks(root: HTMLElement, post: (request: PanelRequest) => void): void {
  const follow = (event: Event): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null) return;
    event.preventDefault();
    event.stopPropagation();
    const href = link.getAttribute('href') ?? '';
    const place = parsePlace(href);
    if (place) post({ type: 'file.open', ...place });
    else if (isWebLink(href) && href.length <= URL_MAX) post({ type: 'link.open', url: href });
  };
  root.addEventListener('click', follow);
  root.addEventListener('auxclick', follow);
}
