/** Keys of endpoints in the editor's secret storage. They are in no setting, log or journal. */
import type * as vscode from 'vscode';
import type { Secrets } from '../core/ports.ts';

/** A key remembers the server that it was entered for, and is given for no other. */
interface StoredKey {
  readonly key: string;
  readonly origin: string;
}

export interface EditorSecrets extends Secrets {
  /** Stores the key for the server of `baseUrl`. */
  set(endpointId: string, key: string, baseUrl: string): Promise<void>;
  remove(endpointId: string): Promise<void>;
}

const name = (endpointId: string) => `quartet.key.${endpointId}`;

function parse(text: string | undefined): StoredKey | undefined {
  try {
    const { key, origin } = JSON.parse(text ?? '') as Partial<Record<keyof StoredKey, unknown>>;
    const isStored = typeof key === 'string' && key !== '' && typeof origin === 'string';
    return isStored ? { key, origin } : undefined;
  } catch {
    return undefined;
  }
}

/** `baseUrlOf` tells where an endpoint's requests go now; `undefined` where it is not known. */
export function createEditorSecrets(
  storage: vscode.SecretStorage,
  baseUrlOf: (endpointId: string) => Promise<string | undefined>,
): EditorSecrets {
  return {
    async key(endpointId) {
      const baseUrl = await baseUrlOf(endpointId);
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
