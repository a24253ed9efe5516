/** Which model the person picked for new runs of this workspace; kept by the editor until they pick another. */
import type * as vscode from 'vscode';
import * as z from 'zod';
import type { PickedModel } from '../core/models/picking.ts';

const PICKED = 'quartet.pickedModel';

const Kept = z.object({
  from: z.enum(['configured', 'editor', 'environment', 'local']),
  id: z.string(),
  model: z.string(),
  label: z.string(),
});

export interface PickMemory {
  get(): PickedModel | undefined;
  /** `undefined`: settings and roles decide again. */
  set(picked: PickedModel | undefined): Thenable<void>;
}

export const keepPicked = (state: vscode.Memento): PickMemory => ({
  get: () => Kept.safeParse(state.get(PICKED)).data,
  set: (picked) => state.update(PICKED, picked),
});

/** For whoever picks nothing. */
export const NOTHING_PICKED: PickMemory = { get: () => undefined, set: () => Promise.resolve() };
