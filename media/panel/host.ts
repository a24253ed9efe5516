/** The editor's side of the page: post, and a state that outlives the page while its view is hidden. */
import type { PanelRequest } from '../../src/protocol/panel.ts';

export interface Host<Request = PanelRequest> {
  post(request: Request): void;
  /** What `save` kept; undefined on the first load. Written by any version of this page: read with care. */
  saved(): unknown;
  save(state: unknown): void;
}

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** The host that the editor put into the page. It can be acquired once in a page's life. */
export function editorHost<Request = PanelRequest>(): Host<Request> {
  const api = acquireVsCodeApi();
  return {
    post: (request) => api.postMessage(request),
    saved: () => api.getState(),
    save: (state) => api.setState(state),
  };
}
