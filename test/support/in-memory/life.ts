/**
 * One process on ports: each call that leaves it is counted, and can be made late, fail, or be the last one. A dead process hears
 * nothing any more: none of its promises settles, no callback reaches it.
 */
import type { OwnedRun, RunStore, WorkingCopies, WorkingCopy } from '../../../src/core/ports.ts';
import type { EnginePorts } from '../../../src/core/run/contract.ts';

/** A call on its way. `site` is `<port>.<method>`, such as `run.append`; `n` counts from 1 over all sites. */
export interface Call {
  readonly site: string;
  readonly n: number;
  readonly args: readonly unknown[];
}

/** What happens around calls. Whatever `before` throws stands for the call; what `after` throws hides that it succeeded. */
export interface Meddler {
  readonly before?: (call: Call) => void | Promise<void>;
  readonly after?: (call: Call) => void | Promise<void>;
}

export interface Life {
  readonly ports: EnginePorts;
  /** Sites of the calls made so far, in order. */
  readonly calls: readonly string[];
  readonly dead: boolean;
  kill(): void;
}

type Method = (...args: unknown[]) => unknown;

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export function liveOn(ports: EnginePorts, meddler: Meddler = {}): Life {
  return new OneLife(ports, meddler);
}

/** A port with some methods in the place of its own. */
export function overlaid<T extends object>(port: T, methods: Partial<T>): T {
  return new Proxy(port, {
    get: (target, key) => {
      const member: unknown = Reflect.get(methods, key) ?? Reflect.get(target, key, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

class OneLife implements Life {
  readonly ports: EnginePorts;
  readonly calls: string[] = [];
  readonly #meddler: Meddler;
  #dead = false;

  constructor(ports: EnginePorts, meddler: Meddler) {
    this.#meddler = meddler;
    const { roles } = ports;
    const { clock, ids, hasher, log, workspace, files, search, shell, models, permissions } = ports;
    this.ports = {
      ids,
      hasher,
      log,
      clock: {
        now: () => clock.now(),
        sleep: (ms, signal) => this.#mortal(clock.sleep(ms, signal)),
        settle: () => this.#mortal(clock.settle()),
      },
      store: this.#store(ports.store),
      workspace: this.#wrap('workspace', workspace),
      copies: this.#copies(ports.copies),
      files: this.#wrap('files', files),
      search: this.#wrap('search', search),
      shell: this.#wrap('shell', shell),
      models: this.#wrap('models', models),
      permissions: this.#wrap('permissions', permissions),
      tests: this.#wrap('tests', ports.tests),
      ...(roles && { roles: this.#wrap('roles', roles) }),
    };
  }

  get dead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
  }

  #store(store: RunStore): RunStore {
    const wrapped = this.#wrap('store', store);
    const owned = async (run: Promise<OwnedRun>): Promise<OwnedRun> => this.#owned(await run);
    return {
      ...methodsOf(store, wrapped),
      create: (...args) => owned(wrapped.create(...args)),
      own: (...args) => owned(wrapped.own(...args)),
      watch: (run, changed) => store.watch(run, () => this.#hear(changed)),
    };
  }

  #owned(run: OwnedRun): OwnedRun {
    return {
      ...methodsOf(run, this.#wrap('run', run)),
      id: run.id,
      onSignal: (deliver) =>
        run.onSignal((signal, taken, id) => {
          this.#hear(() => {
            deliver(
              signal,
              async () => {
                await this.#call('run.taken', [], taken);
              },
              id,
            );
          });
        }),
    };
  }

  #copies(copies: WorkingCopies): WorkingCopies {
    const wrapped = this.#wrap('copies', copies);
    const copy = (made: WorkingCopy): WorkingCopy => ({
      ...methodsOf(made, this.#wrap('copy', made)),
      id: made.id,
      root: made.root,
    });
    return {
      ...methodsOf(copies, wrapped),
      rootOf: (id) => copies.rootOf(id),
      create: async (...args) => copy(await wrapped.create(...args)),
    };
  }

  /** A port whose methods are all calls; other members are as they are. */
  #wrap<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          this.#call(`${name}.${String(key)}`, args, () => Reflect.apply(member as Method, target, args));
      },
    });
  }

  async #call(site: string, args: readonly unknown[], work: () => unknown): Promise<unknown> {
    if (this.#isDead()) return never();
    const call = { site, args, n: this.calls.push(site) };
    await this.#meddler.before?.(call);
    if (this.#isDead()) return never();
    const result = await work();
    if (this.#isDead()) return never();
    await this.#meddler.after?.(call);
    return this.#isDead() ? never() : result;
  }

  async #mortal<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    return this.#isDead() ? never<T>() : result;
  }

  /** Asked anew each time: a kill comes while something is awaited. */
  #isDead(): boolean {
    return this.#dead;
  }

  #hear(callback: () => void): void {
    if (!this.#isDead()) callback();
  }
}

/** The methods of a port, wherever they are declared, taken from its wrapping. */
function methodsOf<T extends object>(port: T, wrapped: T): T {
  const names = new Set<string>();
  for (let at: object | null = port; at && at !== Object.prototype; at = Reflect.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  const methods = [...names].flatMap((name) => {
    const member: unknown = Reflect.get(wrapped, name);
    return typeof member === 'function' && name !== 'constructor' ? [[name, member] as const] : [];
  });
  return Object.fromEntries(methods) as T;
}
