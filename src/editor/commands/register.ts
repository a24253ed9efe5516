/** Registers families of commands; what a command throws is told to the person once, here. */
import * as vscode from 'vscode';
import type { Log } from '../../core/ports.ts';
import { tellObstacle, type Obstacle } from '../obstacle.ts';
import { tellError } from '../tell.ts';

/** What a command does; arguments come from menus, other extensions and tests, so they are unknown. */
export type Command = (...args: readonly unknown[]) => Promise<unknown>;
/** By id without the prefix `quartet.`. */
export type Commands = Readonly<Record<string, Command>>;

/** `attend` is told each time that the person does something. */
export function registerCommands(commands: Commands, log: Log, attend: () => void): vscode.Disposable {
  const ends = Object.entries(commands).map(([id, command]) =>
    vscode.commands.registerCommand(`quartet.${id}`, async (...args: unknown[]) => {
      attend();
      try {
        return await command(...args);
      } catch (error) {
        tellError(error, log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...ends);
}

/** Commands that need a trusted folder: without one they say why, and how to get there. */
export function unlessObstructed(
  commands: Commands,
  obstacle: () => Promise<Obstacle | undefined>,
): Commands {
  const guarded = Object.entries(commands).map(([id, command]) => {
    const guard: Command = async (...args) => {
      const found = await obstacle();
      if (found === undefined) return await command(...args);
      tellObstacle(found);
      return undefined;
    };
    return [id, guard] as const;
  });
  return Object.fromEntries(guarded);
}

/** Tells that there is nothing to do, in one line. */
export function tellNothing(text: string): void {
  void vscode.window.showInformationMessage(`Quartet: ${text}`);
}
