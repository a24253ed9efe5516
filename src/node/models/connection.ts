/**
 * When a request's connection is being made and when it is made. `fetch` does not say, but Node's HTTP client tells its diagnostics
 * channels; where another client is behind `fetch`, nothing is told and no limit for connecting holds.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

export interface ConnectionWatcher {
  readonly connecting: () => void;
  readonly connected: () => void;
}

const watchers = new AsyncLocalStorage<ConnectionWatcher>();
const requests = new WeakMap<object, ConnectionWatcher>();
let isListening = false;

/** Runs a request and tells its watcher. */
export function watchingConnection<T>(watcher: ConnectionWatcher, run: () => Promise<T>): Promise<T> {
  if (!isListening) listen();
  return watchers.run(watcher, run);
}

/** A request is made in the context of its caller; its headers are sent once there is a connection, in whatever context. */
function listen(): void {
  isListening = true;
  subscribe('undici:request:create', (message) => {
    const request = requestOf(message);
    const watcher = watchers.getStore();
    if (request === undefined || watcher === undefined) return;
    requests.set(request, watcher);
    watcher.connecting();
  });
  subscribe('undici:client:sendHeaders', (message) => {
    const request = requestOf(message);
    if (request !== undefined) requests.get(request)?.connected();
  });
}

function requestOf(message: unknown): object | undefined {
  const request = (message as { readonly request?: unknown } | undefined)?.request;
  return typeof request === 'object' && request !== null ? request : undefined;
}
