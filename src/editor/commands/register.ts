/** Registers families of commands; what a command throws is told to the person once, here. */
import * as vscode from 'vscode';
import type { Log } from '../../core/ports.ts';
import { tellObstacle, type Obstacle } from '../obstacle.ts';
import { tellError } from '../tell.ts';

/** What a command does; arguments come from menus, other extensions and tests, so they are unknown. */
export type Command = (...args: readonly unknown[]) => Promise<unknown>;
/** By id without the prefix `quartet.`. */
export type Family<Name extends string> = Readonly<Record<Name, Command>>;
export type Commands = Family<string>;

export interface RegisterNeeds<Name extends string> {
  /** What they do, loaded once the first of them is given. */
  readonly load: () => Promise<Family<Name>>;
  readonly log: Log;
  /** Told each time that the person does something. */
  readonly attend: () => void;
}

/** Every command is there at once. */
export function registerCommands<Name extends string>(
  names: readonly Name[],
  { load, log, attend }: RegisterNeeds<Name>,
): vscode.Disposable {
  const ends = names.map((name) =>
    vscode.commands.registerCommand(`quartet.${name}`, async (...args: unknown[]) => {
      attend();
      try {
        return await (await load())[name](...args);
      } catch (error) {
        tellError(error, log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...ends);
}

/** Commands that need a trusted folder: without one they say why, and how to get there. */
export function unlessObstructed<Name extends string>(
  commands: Family<Name>,
  obstacle: () => Promise<Obstacle | undefined>,
): Family<Name> {
  const guarded = Object.entries<Command>(commands).map(([id, command]) => {
    const guard: Command = async (...args) => {
      const found = await obstacle();
      if (found === undefined) return await command(...args);
      tellObstacle(found);
      return undefined;
    };
    return [id, guard] as const;
  });
  return Object.fromEntries(guarded) as Family<Name>;
}

/** Tells that there is nothing to do, in one line. */
export function tellNothing(text: string): void {
  void vscode.window.showInformationMessage(`Quartet: ${text}`);
}
