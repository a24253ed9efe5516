/** Keys of endpoints in the editor's secret storage. They are in no setting, log or journal. */
import type * as vscode from 'vscode';
import * as z from 'zod';
import type { Secrets } from '../core/ports.ts';

/** A key remembers the server that it was entered for, and is given for no other. */
const StoredKey = z.object({ key: z.string().min(1), origin: z.string() });

export interface EditorSecrets extends Secrets {
  /** Stores the key for the server of `baseUrl`. */
  set(endpointId: string, key: string, baseUrl: string): Promise<void>;
  remove(endpointId: string): Promise<void>;
}

const name = (endpointId: string) => `quartet.key.${endpointId}`;

function parse(text: string | undefined) {
  try {
    return StoredKey.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

/** `baseUrlOf` tells where an endpoint's requests go now; `undefined` where it is not known. */
export function createEditorSecrets(
  storage: vscode.SecretStorage,
  baseUrlOf: (endpointId: string) => string | undefined,
): EditorSecrets {
  return {
    async key(endpointId) {
      const baseUrl = baseUrlOf(endpointId);
      const stored = parse(await storage.get(name(endpointId)));
      if (baseUrl === undefined || stored === undefined) return undefined;
      return URL.parse(baseUrl)?.origin === stored.origin ? stored.key : undefined;
    },
    async set(endpointId, key, baseUrl) {
      await storage.store(name(endpointId), JSON.stringify({ key, origin: new URL(baseUrl).origin }));
    },
    remove: async (endpointId) => storage.delete(name(endpointId)),
  };
}
