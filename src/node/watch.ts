/** Calls back when something on disk changed: told by the system where it tells, found by looking where it does not. */
import { watch as watchFs, type FSWatcher } from 'node:fs';
import type { Disposable } from '../core/ports.ts';

/** How often is looked, in milliseconds. Watchers of the system miss changes on network drives and in containers. */
const LOOK_MS = 2_000;
/** Changes closer together than this are one. */
const GATHER_MS = 15;

/** `path` is watched; `stamp` is what changes when it changed. `changed` is never called after `dispose`. */
export function watchStamp(path: string, stamp: () => Promise<string>, changed: () => void): Disposable {
  let last: string | undefined;
  let watcher: FSWatcher | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let over = false;

  const look = async () => {
    const now = await stamp();
    const grown = last !== undefined && now !== last;
    last = now;
    if (grown && !over) changed();
  };
  const lookSoon = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      void look();
    }, GATHER_MS);
  };
  const attach = () => {
    if (watcher || over) return;
    try {
      watcher = watchFs(path, { persistent: false }, lookSoon);
      watcher.on('error', detach);
    } catch {
      // Not there yet, or no watchers left: looking goes on.
    }
  };
  const detach = () => {
    watcher?.close();
    watcher = undefined;
  };
  const timer = setInterval(() => {
    attach();
    void look();
  }, LOOK_MS);
  timer.unref();
  attach();
  void look();
  return {
    dispose: () => {
      over = true;
      clearInterval(timer);
      clearTimeout(gathering);
      detach();
    },
  };
}
